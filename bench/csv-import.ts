/**
 * A CSV import of 100,000 rows with normalisation, matching and events, against a plain COPY of the same leads, addresses and events into
 * the same indexed tables: at least 0.25 of it, and memory flat in the size of the file. `node bench/csv-import.ts [rows]`
 */
import { join } from "node:path";
import { Readable } from "node:stream";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Client } from "pg";
import { leadsModule } from "#domains/leads/module.ts";
import { people } from "#domains/leads/test-volume.ts";
import { leadsContract } from "#domains/leads/contract.ts";
import { startImport } from "#domains/leads/commands/start-import.ts";
import { uploadImport } from "#domains/leads/commands/upload-import.ts";
import { runImports } from "#domains/leads/commands/run-imports.ts";
import { UPSERT_BATCH } from "#domains/leads/commands/upsert-leads.ts";
import { findImport } from "#domains/leads/queries/imports.ts";
import { createApp } from "#server/app.ts";
import { type BenchDatabase, onDatabase, report, round, timed } from "./setup.ts";

const ROWS = Number(process.argv[2] ?? 100_000);
const TABLES = ["leads", "lead_identities", "lead_name_words", "events"];
const MEGABYTE = 1024 * 1024;

/** A file as CRMs export it: an ID, names, an e-mail, a phone in one of three ways of writing, a company, notes. */
function* content(rows: number): Generator<string> {
  const next = people();
  yield "Record ID,First Name,Last Name,Email,Phone Number,Company,Notes\n";
  for (let row = 0; row < rows; row++) {
    const { firstName, lastName, email, phone, company } = next(row);
    const digits = phone?.slice(2) ?? "";
    const written = [
      "",
      `(${digits.slice(0, 3)}) ${digits.slice(3, 6)}-${digits.slice(6)}`,
      `+1 ${digits}`,
      `p:+1${digits}`,
    ][phone ? 1 + (row % 3) : 0];
    yield `${row},${firstName},${lastName},${email},${written},"${company ?? ""}",${row % 5 ? "" : "Wants a call after 5"}\n`;
  }
}

/** `live…MB`: what is in use after a fifth of the rows and at the end, once what is not has been swept; `peakMB`: what the process took. */
type Run = { seconds: number; liveAtFifthMB: number; liveAtEndMB: number; peakMB: number };

setFlagsFromString("--expose-gc");
const sweep: () => void = runInNewContext("gc");

function liveMB(): number {
  sweep();
  return process.memoryUsage().heapUsed / MEGABYTE;
}

/** Uploads and imports a file through the domain itself, one batch after the other, watching memory. */
async function importFile({ config, url, workspace }: BenchDatabase, rows: number): Promise<Run> {
  const app = await createApp({ config, databaseUrl: url, contract: { leads: leadsContract }, modules: [leadsModule] });
  try {
    const ctx = app.runtime.contextFor(workspace, { kind: "system", id: "bench" });
    const upload = {
      fileName: "bench.csv",
      mimeType: "text/csv",
      stream: Readable.from(content(rows)).map((line: string) => Buffer.from(line)),
    };
    const { importId } = await uploadImport(ctx, config.dataDir, upload);
    await startImport(ctx, config.dataDir, importId);
    let batches = 0;
    let liveAtFifthMB = 0;
    let peak = 0;
    const took = await timed(async () => {
      while (await runImports(app.runtime)) {
        peak = Math.max(peak, process.memoryUsage.rss());
        if (++batches === Math.ceil(rows / UPSERT_BATCH / 5)) liveAtFifthMB = liveMB();
      }
    });
    const job = await findImport(ctx, importId);
    if (job?.status !== "COMPLETED" || job.faultyCount > 0)
      throw new Error(`The import ended ${job?.status}: ${job?.failure}`);
    return { seconds: took / 1_000, liveAtFifthMB, liveAtEndMB: liveMB(), peakMB: peak / MEGABYTE };
  } finally {
    await app.stop();
  }
}

/** The rows of a table as a file of the database server's, which reads it faster than any client could send it. */
async function copyOut(client: Client, table: string, path: string): Promise<void> {
  await client.query(`copy ${table} to '${path}'`);
}

/** The tables emptied, and filled by COPY with what the import made. Seconds. */
async function copyAgain({ client, dataDir }: BenchDatabase): Promise<number> {
  const pathOf = (table: string) => join(dataDir, "postgres", `${table}.copy`);
  for (const table of TABLES) await copyOut(client, table, pathOf(table));
  await client.query(`truncate ${TABLES.join(", ")} cascade`);
  const took = await timed(async () => {
    for (const table of TABLES) await client.query(`copy ${table} from '${pathOf(table)}'`);
  });
  return took / 1_000;
}

const { ours, copy } = await onDatabase(async (database) => ({
  ours: await importFile(database, ROWS),
  copy: await copyAgain(database),
}));
const ratio = copy / ours.seconds;
const growth = ours.liveAtEndMB - ours.liveAtFifthMB;
const perSecond = (seconds: number) => Math.round(ROWS / seconds);
report(
  `import: ${perSecond(ours.seconds).toLocaleString("en")} rows/s, ${round(ratio, 2)} of COPY (${perSecond(copy).toLocaleString("en")} rows/s); ` +
    `${round(growth, 0)} MB more in use at the end than after a fifth of it`,
  {
    bench: "csv-import",
    rows: ROWS,
    rowsPerSecond: perSecond(ours.seconds),
    raw: perSecond(copy),
    ratio: round(ratio, 2),
    target: 0.25,
    peakMB: round(ours.peakMB, 0),
    memoryGrowthMB: round(growth, 0),
  },
);
