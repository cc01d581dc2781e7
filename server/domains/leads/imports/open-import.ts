import { setImmediate as breathe } from "node:timers/promises";
import type { FileFault } from "../csv/faults.ts";
import type { CsvFile } from "../csv/read.ts";
import type { ImportRow } from "../queries/imports.ts";
import { openUpload } from "./describe.ts";
import { readRecord, type ReadRecord, type RowReader } from "./rows.ts";

/** A chunk of a file is a hundred milliseconds' work; requests that come meanwhile are let in between. */
const ROWS_AT_A_STRETCH = 100;

/** Rows of a file in one transaction's worth. */
export type Batch = {
  /** How many rows of the file come before it. */
  from: number;
  rows: ReadRecord[];
  /** About how much of the text has been read, for the progress bar. */
  share: number;
  /** Nothing comes behind it: the file ended, or could not be read further. */
  end?: { fault?: FileFault; encoding: string };
};

export type OpenImport = {
  /** The batch that begins after `from` rows; undefined when the file has been read beyond it. */
  take(from: number): Promise<Batch | undefined>;
  close(): Promise<void>;
};

/**
 * A file that is being imported, read in turn. While the database is busy with one batch, the next is read: take() of it finds
 * it ready. Rows that another process has applied are passed over.
 */
export async function openImport(path: string, job: ImportRow, reader: RowReader, size: number): Promise<OpenImport> {
  const file = await openUpload(path);
  let position = 0;
  let ended: Batch["end"];
  let ahead: Promise<Batch> | undefined;

  async function read(from: number): Promise<Batch> {
    const rows: ReadRecord[] = [];
    while (ended === undefined && rows.length < size) {
      const next = await file.records.next();
      if (next.done) ended = { encoding: file.encoding() };
      else if (next.value.kind === "stopped") ended = { fault: next.value.fault, encoding: file.encoding() };
      else if (position++ >= from) rows.push(readRecord(next.value, reader));
      if (position % ROWS_AT_A_STRETCH === 0) await breathe();
    }
    const share = ended || !job.rowsTotal ? 1 : Math.min(1, position / job.rowsTotal);
    return { from, rows, share, end: ended };
  }

  async function take(from: number): Promise<Batch | undefined> {
    const batch = await (ahead ?? read(from));
    ahead = undefined;
    if (batch.from < from) return take(from);
    if (batch.from > from) return undefined;
    if (!batch.end) {
      ahead = read(from + batch.rows.length);
      // Whoever takes it hears of the fault; nobody may, if the import is cancelled.
      ahead.catch(() => undefined);
    }
    return batch;
  }

  return { take, close: () => closeFile(file, ahead) };
}

async function closeFile(file: CsvFile, ahead: Promise<unknown> | undefined): Promise<void> {
  await ahead?.catch(() => undefined);
  await file.records.return(undefined);
}
