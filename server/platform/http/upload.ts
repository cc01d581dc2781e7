import { Readable } from "node:stream";
import type { MultipartFile } from "@fastify/multipart";
import type { FastifyRequest } from "fastify";
import { BadRequest, TooLarge } from "../problems.ts";
import type { Upload } from "./request-context.ts";

/** The parser's refusals have codes of Fastify's; what it throws of itself means that the body broke off or is not what it says. */
const asRefusal = (error: unknown): unknown =>
  error instanceof Error && "code" in error
    ? error
    : BadRequest("The upload broke off, or is not multipart/form-data.");

/** The first file of a multipart request; null when there is none. */
export async function readUpload(request: FastifyRequest): Promise<Upload | null> {
  if (!request.isMultipart()) return null;
  const part = await request.file().catch((error: unknown) => {
    throw asRefusal(error);
  });
  if (!part) return null;
  return {
    fileName: part.filename,
    mimeType: part.mimetype,
    stream: Readable.from(wholeFile(part), { objectMode: false }),
  };
}

/** At the limit the parser ends the stream as if the file ended there: half a file must not pass for a whole one. */
async function* wholeFile({ file }: MultipartFile): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of file) yield Buffer.from(chunk);
  } catch (error) {
    throw asRefusal(error);
  }
  if (file.truncated) throw TooLarge();
}
