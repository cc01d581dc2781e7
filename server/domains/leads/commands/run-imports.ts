import { allow, inTransaction, type Context } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { forEach } from "#platform/loops.ts";
import type { Runtime } from "#platform/runtime.ts";
import { getWorkspaceSettings } from "#domains/accounts/index.ts";
import { hasUpload, removeUpload, uploadPath } from "../imports/files.ts";
import { openImport, type Batch, type OpenImport } from "../imports/open-import.ts";
import { recordConsents } from "../imports/record-consents.ts";
import { withoutErased } from "../imports/without-erased.ts";
import type { ReadRecord } from "../imports/rows.ts";
import { importFinished, importProgressed } from "../messages.ts";
import { listFieldRows } from "../queries/custom-fields.ts";
import {
  addProgress,
  changeImport,
  findImport,
  insertFaults,
  listRunningImports,
  lockImport,
  workspacesWithRunningImports,
  type ImportFault,
  type ImportRow,
} from "../queries/imports.ts";
import type { RowOutcome } from "../upsert/plan.ts";
import { UPSERT_BATCH, upsertLeads } from "./upsert-leads.ts";

/** Files that this process is in the middle of. */
const openFiles = new WeakMap<Runtime, OpenFiles>();
/** By import; under another key now, a file was written anew. */
type OpenFiles = Map<string, { fileKey: string; file: OpenImport }>;

/**
 * One batch of each running import: of those just started, and of those whose process died. True while one has more rows.
 *
 * Any number of processes may do this at once. A batch and the place in the file that it reaches are written in one transaction
 * that holds the import's row; whoever finds the row held, or the place another than its own, leaves the batch alone. So every
 * row is applied once, and a process that is killed loses at most the batch it was at, which the next one reads again.
 */
export async function runImports(runtime: Runtime): Promise<boolean> {
  const files: OpenFiles = openFiles.get(runtime) ?? new Map();
  openFiles.set(runtime, files);
  const running = new Set<string>();
  const found = await workspacesWithRunningImports({ db: runtime.database.forWorkspace("") });
  const more = await forEach(found, 1, async (workspace) => {
    const ctx = runtime.contextFor(workspace, { kind: "system", id: "leads.run-imports" });
    const imports = await listRunningImports(ctx);
    for (const importId of imports) running.add(importId);
    return forEach(imports, 1, (importId) => advance(ctx, runtime.config.dataDir, importId, files));
  });
  for (const importId of files.keys()) if (!running.has(importId)) await close(files, importId);
  return more;
}

async function close(files: OpenFiles, importId: string): Promise<void> {
  const opened = files.get(importId);
  files.delete(importId);
  await opened?.file.close();
}

async function advance(ctx: Context, dataDir: string, importId: string, files: OpenFiles): Promise<boolean> {
  allow(ctx, "leads:import");
  const job = await findImport(ctx, importId);
  if (job?.status !== "RUNNING") return false;
  const path = uploadPath(dataDir, job.fileKey);
  if (job.cancelAskedAt) return finish(ctx, job, { status: "CANCELLED" }, path);
  if (!(await hasUpload(path)))
    return finish(ctx, job, { status: "FAILED", failure: "The uploaded file is gone." }, path);
  try {
    if (files.get(importId)?.fileKey !== job.fileKey) await close(files, importId);
    const file = files.get(importId)?.file ?? (await open(ctx, path, job));
    files.set(importId, { fileKey: job.fileKey, file });
    const batch = await file.take(job.rowsRead);
    const step = batch ? await applyBatch(ctx, job, batch) : "behind";
    if (step === "applied") return true;
    await close(files, importId);
    if (step === "ended") await removeUpload(path);
    return step === "behind";
  } catch (error) {
    await close(files, importId);
    if (!isOfTheData(error)) throw error;
    return finish(ctx, job, { status: "FAILED", failure: `The database refused a row: ${error.message}` }, path);
  }
}

async function open(ctx: Context, path: string, job: ImportRow): Promise<OpenImport> {
  const { country } = await getWorkspaceSettings(ctx);
  const { mapping, options, fileName } = job;
  const reader = { mapping, options, fileName, workspaceCountry: country, customFields: await listFieldRows(ctx) };
  return openImport(path, job, reader, UPSERT_BATCH);
}

/** A value that does not fit (class 22), breaks a rule (23) or a limit (54): trying again changes nothing, unlike a lost connection. */
const isOfTheData = (error: unknown): error is Error =>
  error instanceof Error && "code" in error && typeof error.code === "string" && /^(?:22|23|54)...$/.test(error.code);

/** `busy`: another process is at it. `behind`: the file must be opened anew at the import's place, or it is another by now. */
async function applyBatch(
  ctx: Context,
  { id: importId, fileKey }: ImportRow,
  batch: Batch,
): Promise<"applied" | "ended" | "failed" | "busy" | "behind"> {
  return inTransaction(ctx, async (tx) => {
    const job = await lockImport(tx, importId, { skip: true });
    if (!job) return "busy";
    if (job.status !== "RUNNING" || job.rowsRead !== batch.from || job.fileKey !== fileKey) return "behind";
    const { policy, overwriteFields } = job.options;
    const records = await withoutErased(tx, job, batch.rows);
    const rows = records.flatMap(({ row }) => (row ? [row] : []));
    const outcomes = await upsertLeads(tx, rows, { policy, overwriteFields, importJobId: importId });
    const counts = await record(tx, importId, records, outcomes);
    const { consent } = job.options;
    if (consent) await insertFaults(tx, importId, await recordConsents(tx, job.fileName, consent, records, outcomes));
    const rowsRead = batch.from + batch.rows.length;
    const bytesRead = Math.round(job.fileBytes * batch.share);
    await addProgress(tx, importId, { ...counts, rowsRead, bytesRead });
    await emit(tx, importProgressed, { importId, rowsRead, bytesRead }, { subjectId: importId });
    if (!batch.end) return "applied";
    const { fault, encoding } = batch.end;
    await changeImport(tx, importId, {
      status: fault ? "FAILED" : "COMPLETED",
      failure: fault?.message ?? null,
      finishedAt: tx.now(),
      rowsTotal: rowsRead,
      encoding,
    });
    await announceFinish(tx, importId);
    return fault ? "failed" : "ended";
  });
}

/** Keeps the faults of a batch and counts what became of its rows. */
async function record(tx: Context, importId: string, rows: readonly ReadRecord[], outcomes: readonly RowOutcome[]) {
  const counts = { created: 0, updated: 0, unchanged: 0, faulty: 0 };
  const faults: ImportFault[] = [];
  const rest = outcomes.values();
  for (const { line, cells, faults: own, row } of rows) {
    const outcome = row ? rest.next().value : undefined;
    const isFatal = !outcome || outcome.kind === "conflict";
    if (!outcome || outcome.kind === "conflict") counts.faulty++;
    else counts[outcome.kind]++;
    for (const fault of own) faults.push({ line, cells, ...fault, isFatal });
    if (outcome?.kind === "conflict") {
      const reason = `By its ID the row is the lead ${outcome.leadId}, by its e-mail the lead ${outcome.otherLeadId}: nothing was changed.`;
      faults.push({ line, cells, column: "", value: outcome.email, reason, isFatal });
    }
  }
  await insertFaults(tx, importId, faults);
  return counts;
}

async function finish(
  ctx: Context,
  job: ImportRow,
  end: { status: "CANCELLED" | "FAILED"; failure?: string },
  path: string,
): Promise<false> {
  await inTransaction(ctx, async (tx) => {
    const now = await lockImport(tx, job.id);
    if (now?.status !== "RUNNING" || now.fileKey !== job.fileKey) return;
    await changeImport(tx, job.id, { ...end, finishedAt: tx.now() });
    await announceFinish(tx, job.id);
  });
  if (end.status === "CANCELLED") await removeUpload(path);
  return false;
}

export async function announceFinish(tx: Context, importId: string): Promise<void> {
  const job = await findImport(tx, importId);
  if (!job) return;
  await emit(
    tx,
    importFinished,
    {
      importId,
      status: job.status,
      created: job.createdCount,
      updated: job.updatedCount,
      unchanged: job.unchangedCount,
      faulty: job.faultyCount,
    },
    { subjectId: importId },
  );
}
