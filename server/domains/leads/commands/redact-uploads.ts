import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { removeUpload, uploadPath } from "../imports/files.ts";
import { redactUpload } from "../imports/redact-upload.ts";
import type { PersonSought } from "../personal-data/hooks.ts";
import { writingsOf } from "../personal-data/writings.ts";
import { findImport, listKeptUploads } from "../queries/imports.ts";

/** About a second's work. Of a transaction that says nothing for a minute the database takes its process for dead, and half a gigabyte takes about that. */
const BYTES_BETWEEN = 8 * 1024 * 1024;

/**
 * Takes a person's rows out of the uploaded files that are kept: those that nobody has imported yet, and those that are being imported. Rows are
 * theirs that hold an address of theirs; a number that others have too, that stands beside somebody's own e-mail address, or within more digits
 * than it has, proves nothing, and is left out when the row is taken in. Called at the end of an erasure's transaction: what it does cannot be
 * taken back. Answers how many rows.
 */
export async function redactUploads(tx: Context, dataDir: string, person: PersonSought): Promise<number> {
  const uploads = await listKeptUploads(tx);
  const { addresses } = person;
  if (uploads.length === 0 || addresses.length === 0) return 0;
  // Of two erasures the second writes what the first has left.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`uploads ${tx.workspace}`}, 0))`.execute(tx.db);
  const isTheirs = namedIn(addresses);
  let sinceStatement = 0;
  const keepAlive = async (bytes: number) => {
    sinceStatement += bytes;
    if (sinceStatement < BYTES_BETWEEN) return;
    sinceStatement = 0;
    await sql`select 1`.execute(tx.db);
  };
  let count = 0;
  for (const { id, fileKey, encoding, delimiter } of uploads) {
    const path = uploadPath(dataDir, fileKey);
    count += await redactUpload(path, { encoding, delimiter }, isTheirs, keepAlive);
    // An import that ended meanwhile has removed the file that was read, not the one that was written in its place.
    const status = (await findImport(tx, id))?.status;
    if (status === undefined || status === "COMPLETED" || status === "CANCELLED") await removeUpload(path);
  }
  return count;
}

/** With such a sign at its side an address is part of another: ann@example.com in joann@example.com and in ann@example.com.au. */
const GOES_ON_BEFORE = /[\p{L}\p{N}._%+-]$/u;
const GOES_ON_BEHIND = /^(?:[\p{L}\p{N}_%-]|\.[\p{L}\p{N}])/u;

/** "00", the code of a country and a zero: what may stand before the number within a country. */
const LONGEST_PREFIX = 6;

/** Whether a record of a file holds an address of the person. */
function namedIn(addresses: PersonSought["addresses"]): (record: string) => boolean {
  const { texts, digits } = writingsOf(addresses);
  const hasEmail = addresses.some(({ kind }) => kind === "EMAIL");
  const isNumber = (written: string): boolean => {
    const own = written.replace(/\D/g, "");
    return digits.some((number) => own.endsWith(number) && own.length - number.length <= LONGEST_PREFIX);
  };
  return (record) => {
    const lower = record.toLowerCase();
    if (texts.some((text) => standsIn(lower, text))) return true;
    if (digits.length === 0 || (hasEmail && lower.includes("@"))) return false;
    // Nearly all records end here.
    const all = lower.replace(/\D+/g, "");
    if (!digits.some((number) => all.includes(number))) return false;
    return lower.split(/[,;\t|"\r\n]/).some((cell) => [cell, ...cell.split("/")].some(isNumber));
  };
}

/** Whether an address stands in a text as itself. */
function standsIn(text: string, address: string): boolean {
  // Of a page on the web the beginning may be left out.
  const isWholeFrom = (at: number) =>
    !address.includes("@") || !GOES_ON_BEFORE.test(text.slice(Math.max(0, at - 2), at));
  for (let at = text.indexOf(address); at >= 0; at = text.indexOf(address, at + 1)) {
    const end = at + address.length;
    if (isWholeFrom(at) && !GOES_ON_BEHIND.test(text.slice(end, end + 3))) return true;
  }
  return false;
}
