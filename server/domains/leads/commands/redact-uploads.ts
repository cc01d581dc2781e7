import { sql } from "kysely";
import { type Context, inTransaction } from "#platform/context.ts";
import type { Runtime } from "#platform/runtime.ts";
import type { ColumnMapping } from "../csv/mapping.ts";
import { listRewritten, nextKeyOf, removeFile, uploadPath } from "../imports/files.ts";
import { type NamedIn, redactUpload } from "../imports/redact-upload.ts";
import type { PersonSought } from "../personal-data/hooks.ts";
import { WRITTEN_EMAIL, writingsOf } from "../personal-data/writings.ts";
import { changeImport, holdUploads, listFileKeys, lockKeptUploads } from "../queries/imports.ts";
import { fold } from "../search-text.ts";

/** About a second's work. Of a transaction that says nothing for a minute the database takes its process for dead, and half a gigabyte takes about that. */
const BYTES_BETWEEN = 8 * 1024 * 1024;

/**
 * Holds the uploaded files that are kept: those that nobody has imported yet, and those that are being imported. Nothing of them is taken in until
 * the transaction ends. Called before the person's addresses are locked, as those who import lock them.
 */
export async function holdKeptUploads(tx: Context): Promise<void> {
  await holdUploads(tx, { wait: true });
  await lockKeptUploads(tx);
}

/**
 * Writes the uploaded files that are kept anew without a person, and has their imports read these: it holds once the transaction is committed, and
 * not before. A row is theirs that holds an address of theirs where a column is mapped to one, or their name, or nobody else's address; of
 * others' rows the cells that name them go. A number that others have too, that stands beside somebody's own e-mail address, or within more digits
 * than it has, proves nothing, and is left out when the row is taken in. Answers how many rows, and the files to
 * remove behind the commit; whatever is left lying, by a transaction that failed too, `sweepUploads` finds.
 */
export async function redactUploads(
  tx: Context,
  dataDir: string,
  person: PersonSought,
): Promise<{ count: number; replaced: string[] }> {
  const replaced: string[] = [];
  if (person.addresses.length === 0) return { count: 0, replaced };
  let sinceStatement = 0;
  const keepAlive = async (bytes: number) => {
    sinceStatement += bytes;
    if (sinceStatement < BYTES_BETWEEN) return;
    sinceStatement = 0;
    await sql`select 1`.execute(tx.db);
  };
  let count = 0;
  // Again: one may have been uploaded meanwhile.
  for (const { id, fileKey, mapping, ...upload } of await lockKeptUploads(tx)) {
    const path = uploadPath(dataDir, fileKey);
    const nextKey = nextKeyOf(fileKey);
    const redacted = await redactUpload(
      path,
      uploadPath(dataDir, nextKey),
      upload,
      namedIn(person, mapping),
      keepAlive,
    );
    if (redacted === 0) continue;
    count += redacted;
    replaced.push(path);
    await changeImport(tx, id, { fileKey: nextKey });
  }
  return { count, replaced };
}

/**
 * What a process left that died while it wrote uploaded files anew, or before it removed those that were replaced. Nobody who is at it is disturbed.
 */
export async function sweepUploads(runtime: Runtime): Promise<boolean> {
  const { dataDir } = runtime.config;
  const found = await listRewritten(dataDir);
  if (found.size === 0) return false;
  const { db } = runtime.contextFor("", { kind: "system", id: "leads.sweep-uploads" });
  const ids = [...found.keys()].map((key) => key.replace(/\.csv$/, ""));
  for (const { id: workspace } of await db.selectFrom("workspaces").select("id").execute())
    await inTransaction(runtime.contextFor(workspace, { kind: "system", id: "leads.sweep-uploads" }), async (tx) => {
      if (!(await holdUploads(tx, { wait: false }))) return;
      for (const { id, fileKey } of await listFileKeys(tx, ids))
        for (const key of found.get(`${id}.csv`) ?? []) if (key !== fileKey) await removeFile(uploadPath(dataDir, key));
    });
  return false;
}

/** With such a sign at its side an address is part of another: ann@example.com in joann@example.com and in ann@example.com.au. */
const GOES_ON_BEFORE = /[\p{L}\p{N}._%+-]$/u;
const GOES_ON_BEHIND = /^(?:[\p{L}\p{N}_%-]|\.[\p{L}\p{N}])/u;

/** "00", the code of a country and a zero: what may stand before the number within a country. */
const LONGEST_PREFIX = 6;

/** Fields whose cells say whose a row is. */
const ADDRESS_FIELDS: readonly string[] = ["email", "phone", "linkedin"];

const EMAIL = new RegExp(WRITTEN_EMAIL, "u");

/** What looks like another address of somebody. */
const LOOKS_LIKE_ADDRESS = /linkedin\.com|(?:\d[\s()./-]*){7}/i;

/** What of a record holds an address of the person, by what the columns of its file are mapped to. */
function namedIn({ addresses, names }: PersonSought, mapping: readonly ColumnMapping[]): NamedIn {
  const { texts, digits } = writingsOf(addresses);
  const hasEmail = addresses.some(({ kind }) => kind === "EMAIL");
  const isNumber = (written: string): boolean => {
    const own = written.replace(/\D/g, "");
    return digits.some((number) => own.endsWith(number) && own.length - number.length <= LONGEST_PREFIX);
  };
  const holdsNumber = (text: string): boolean => [text, ...text.split("/")].some(isNumber);
  const isOthers = (record: string): boolean => hasEmail && record.includes("@") && EMAIL.test(record);
  const addressColumns = mapping.filter(({ field }) => ADDRESS_FIELDS.includes(field)).map(({ column }) => column);
  return {
    record(text) {
      const lower = text.toLowerCase();
      if (texts.some((written) => standsIn(lower, written))) return true;
      if (digits.length === 0 || isOthers(lower)) return false;
      // Nearly all records end here.
      const all = lower.replace(/\D+/g, "");
      if (!digits.some((number) => all.includes(number))) return false;
      return lower.split(/[,;\t|"\r\n]/).some(holdsNumber);
    },
    cells(given) {
      const lower = given.map((cell) => cell.toLowerCase());
      const isAlone = !isOthers(lower.join(" "));
      const named = lower.flatMap((cell, place) =>
        texts.some((written) => standsIn(cell, written)) || (isAlone && holdsNumber(cell)) ? place : [],
      );
      const isNamed = new Set(named);
      if (named.length === 0 || addressColumns.some((place) => isNamed.has(place))) return "all";
      const rest = new Set(lower.flatMap((cell, place) => (isNamed.has(place) ? [] : wordsOf(cell))));
      if (names.some((words) => words.every((word) => rest.has(fold(word))))) return "all";
      const isSomebodyElse = addressColumns.some((place) =>
        [EMAIL, LOOKS_LIKE_ADDRESS].some((pattern) => pattern.test(lower[place] ?? "")),
      );
      return isSomebodyElse ? named : "all";
    },
  };
}

/** Words of a cell as names have them, and without the signs at their sides: "Smith, Ann (mother)". */
const wordsOf = (cell: string): string[] =>
  fold(cell)
    .split(/[\s,;]+/u)
    .flatMap((word) => [word, word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "")]);

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
