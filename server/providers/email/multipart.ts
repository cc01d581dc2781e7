const CRLF = Buffer.from("\r\n");
const HEADER_END = Buffer.from("\r\n\r\n");

/**
 * The fields of a multipart/form-data body (RFC 7578) as bytes, since each may have its own charset; files are left out. Own code because SendGrid's boundary is the constant `xYzZY`: a parser
 * that finds it anywhere in a part (undici's does) loses each mail that mentions it. A delimiter is CRLF, two dashes
 * and the boundary, at the start of a line, and nothing less. Null when the body is not in the format.
 */
export function parseMultipart(contentType: string, body: Buffer): ReadonlyMap<string, Buffer> | null {
  const match = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (!boundary) return null;

  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // The first delimiter may open the body without a CRLF before it.
  const input = Buffer.concat([CRLF, body]);
  const fields = new Map<string, Buffer>();
  let start = input.indexOf(delimiter);
  if (start === -1) return null;
  for (;;) {
    const partStart = start + delimiter.length;
    if (input.subarray(partStart, partStart + 2).toString("latin1") === "--") return fields;
    const end = input.indexOf(delimiter, partStart);
    if (end === -1) return null;
    const headerEnd = input.indexOf(HEADER_END, partStart);
    if (headerEnd !== -1 && headerEnd < end) {
      const disposition = /^content-disposition:.*$/im.exec(input.subarray(partStart, headerEnd).toString("utf8"))?.[0];
      const name = /\bname="([^"]*)"/i.exec(disposition ?? "")?.[1];
      const isFile = /\bfilename\*?=/i.test(disposition ?? "");
      if (name !== undefined && !isFile) fields.set(name, input.subarray(headerEnd + HEADER_END.length, end));
    }
    start = end;
  }
}
