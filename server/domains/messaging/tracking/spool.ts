import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { z } from "zod";
import { writeDurably } from "#platform/durable-file.ts";
import type { NewEngagement } from "../queries/engagements.ts";
import { BOT_REASONS } from "./bots.ts";

/** What was opened or clicked, and in whose workspace. */
export type Seen = { workspaceId: string; engagement: NewEngagement };

const seenSchema = z.object({
  workspaceId: z.string(),
  engagement: z.object({
    id: z.string(),
    messageId: z.string(),
    kind: z.enum(["OPEN", "CLICK"]),
    at: z.iso.datetime().transform((at) => new Date(at)),
    url: z.string().nullable(),
    source: z.string(),
    botReason: z.enum(BOT_REASONS).nullable(),
    userAgent: z.string().nullable(),
  }),
}) satisfies z.ZodType<Seen>;

/** In the data directory. Outlives the process: whoever starts next writes down what is in it. */
export const spoolDir = (dataDir: string) => join(dataDir, "clicks");

const WRITTEN = /\.jsonl$/;

/** Puts these on the disk in a file of their own, whose path is answered. */
export async function spool(dir: string, seen: readonly Seen[]): Promise<string> {
  const path = join(dir, `${seen[0]?.engagement.id}.jsonl`);
  await writeDurably(path, seen.map((one) => `${JSON.stringify(one)}\n`).join(""));
  return path;
}

/** What a process could not write down, file by file, the oldest first: ids rise. A line that is none of ours is passed over, and told. */
export async function* readSpool(dir: string, log: Logger): AsyncGenerator<{ path: string; seen: Seen[] }> {
  const names = await readdir(dir).catch(() => []);
  for (const name of names.filter((one) => WRITTEN.test(one)).toSorted()) {
    const path = join(dir, name);
    // Another process of this directory has written it down meanwhile.
    const text = await readFile(path, "utf8").catch(() => null);
    if (text !== null) yield { path, seen: text.split("\n").flatMap((line) => readLine(line, path, log)) };
  }
}

function readLine(line: string, path: string, log: Logger): Seen[] {
  if (line === "") return [];
  try {
    return [seenSchema.parse(JSON.parse(line))];
  } catch (error) {
    log.error({ err: error, path }, "a line of clicks cannot be read");
    return [];
  }
}

/** They are in the database. Written down twice they would count once: see `insertEngagements`. */
export const forgetSpooled = (path: string): Promise<void> => rm(path, { force: true });
