import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import { newId } from "#platform/ids.ts";
import { type Encoding, ENCODINGS } from "../csv/decode.ts";
import type { ColumnMapping } from "../csv/mapping.ts";
import type { ImportOptions } from "../imports/options.ts";
import type { ImportStatus } from "../rules.ts";

export type ImportRow = {
  id: string;
  fileName: string;
  fileKey: string;
  fileBytes: number;
  status: ImportStatus;
  encoding: string;
  delimiter: string;
  headers: string[];
  mapping: ColumnMapping[];
  options: ImportOptions;
  rowsTotal: number | null;
  rowsRead: number;
  bytesRead: number;
  createdCount: number;
  updatedCount: number;
  unchangedCount: number;
  faultyCount: number;
  failure: string | null;
  createdBy: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  cancelAskedAt: Date | null;
};

const ROW = sql`
  id, file_name, file_key, file_bytes, status, encoding, delimiter, headers, mapping, options, rows_total, rows_read, bytes_read,
  created_count, updated_count, unchanged_count, faulty_count, failure, created_by, created_at, started_at, finished_at,
  cancel_asked_at`;

export type NewImport = Pick<
  ImportRow,
  | "id"
  | "fileName"
  | "fileKey"
  | "fileBytes"
  | "encoding"
  | "delimiter"
  | "headers"
  | "mapping"
  | "options"
  | "rowsTotal"
>;

export async function insertImport(tx: Context, row: NewImport): Promise<void> {
  await sql`
    insert into import_jobs (workspace_id, id, file_name, file_key, file_bytes, encoding, delimiter, headers, mapping, options,
      rows_total, created_by, created_at)
    values (${tx.workspace}, ${row.id}, ${row.fileName}, ${row.fileKey}, ${row.fileBytes}, ${row.encoding}, ${row.delimiter},
      ${JSON.stringify(row.headers)}::jsonb, ${JSON.stringify(row.mapping)}::jsonb, ${JSON.stringify(row.options)}::jsonb,
      ${row.rowsTotal}, ${tx.actor.id}, ${tx.now()})`.execute(tx.db);
}

export async function findImport(ctx: Context, id: string): Promise<ImportRow | undefined> {
  const { rows } = await sql<ImportRow>`
    select ${ROW} from import_jobs where workspace_id = ${ctx.workspace} and id = ${id}`.execute(ctx.db);
  return rows[0];
}

/** The import, kept from others until the transaction ends. With `skip`, undefined while somebody else works on it. */
export async function lockImport(tx: Context, id: string, { skip = false } = {}): Promise<ImportRow | undefined> {
  const { rows } = await sql<ImportRow>`
    select ${ROW} from import_jobs where workspace_id = ${tx.workspace} and id = ${id}
    for update ${skip ? sql`skip locked` : sql``}`.execute(tx.db);
  return rows[0];
}

/** Newest first. */
export async function listImports(ctx: Context, page: { limit: number; after?: Cursor }): Promise<ImportRow[]> {
  const { after } = page;
  const { rows } = await sql<ImportRow>`
    select ${ROW} from import_jobs where workspace_id = ${ctx.workspace}
      ${after ? sql`and (created_at, id) < (${new Date(after[0] ?? 0)}::timestamptz, ${after[1]})` : sql``}
    order by created_at desc, id desc limit ${page.limit + 1}`.execute(ctx.db);
  return rows;
}

/** Imports that nobody started, or that failed, made before the instant and not locked by anyone. */
export async function listAbandonedImports(
  tx: Context,
  before: Date,
): Promise<Pick<ImportRow, "id" | "fileKey" | "status">[]> {
  return tx.db
    .selectFrom("importJobs")
    .select(["id", "fileKey", "status"])
    .where("workspaceId", "=", tx.workspace)
    .where("status", "in", ["UPLOADED", "MAPPED", "FAILED"])
    .where("createdAt", "<", before)
    .forUpdate()
    .skipLocked()
    .execute();
}

export type KeptImport = Pick<ImportRow, "id" | "fileKey" | "delimiter" | "mapping"> & { encoding: Encoding };

/** Imports whose uploaded file may still lie there; none of them goes on, is started or cancelled until the transaction ends. */
export async function lockKeptUploads(tx: Context): Promise<KeptImport[]> {
  const { rows } = await sql<Omit<KeptImport, "encoding"> & { encoding: string }>`
    select id, file_key, delimiter, mapping, encoding from import_jobs
    where workspace_id = ${tx.workspace} and status in ('UPLOADED', 'MAPPED', 'RUNNING', 'FAILED') order by id for update`.execute(
    tx.db,
  );
  return rows.map(({ encoding, ...row }) => ({
    ...row,
    encoding: ENCODINGS.find((one) => one === encoding) ?? "utf-8",
  }));
}

/** Keeps erasures of the workspace from writing uploaded files anew beside each other; without `wait`, false while another does. */
export async function holdUploads(tx: Context, { wait }: { wait: boolean }): Promise<boolean> {
  const key = sql`hashtextextended(${`uploads ${tx.workspace}`}, 0)`;
  const { rows } = await sql<{ isHeld: boolean }>`
    select ${wait ? sql`pg_advisory_xact_lock(${key}) is not null` : sql`pg_try_advisory_xact_lock(${key})`} as "isHeld"`.execute(
    tx.db,
  );
  return rows[0]?.isHeld ?? false;
}

/** Of files under any of these keys the imports that are in the workspace, with the key that each has now. */
export async function listFileKeys(tx: Context, ids: readonly string[]): Promise<{ id: string; fileKey: string }[]> {
  return tx.db
    .selectFrom("importJobs")
    .select(["id", "fileKey"])
    .where("workspaceId", "=", tx.workspace)
    .where("id", "=", sql<string>`any(${[...ids]}::text[])`)
    .execute();
}

/** Running imports of this workspace, the oldest first. */
export async function listRunningImports(ctx: Context): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom("importJobs")
    .select("id")
    .where("workspaceId", "=", ctx.workspace)
    .where("status", "=", "RUNNING")
    .orderBy("startedAt")
    .execute();
  return rows.map(({ id }) => id);
}

/** Workspaces in which an import runs: asked before a workspace is known. */
export async function workspacesWithRunningImports(ctx: Pick<Context, "db">): Promise<string[]> {
  const { rows } = await sql<{ workspaceId: string }>`
    select app_workspaces_with_running_imports() as workspace_id`.execute(ctx.db);
  return rows.map(({ workspaceId }) => workspaceId);
}

export async function saveMapping(
  tx: Context,
  id: string,
  { mapping, options }: Pick<ImportRow, "mapping" | "options">,
): Promise<void> {
  await sql`
    update import_jobs set status = 'MAPPED', mapping = ${JSON.stringify(mapping)}::jsonb, options = ${JSON.stringify(options)}::jsonb
    where id = ${id}`.execute(tx.db);
}

export type ImportChange = Partial<
  Pick<
    ImportRow,
    "status" | "startedAt" | "finishedAt" | "cancelAskedAt" | "failure" | "rowsTotal" | "encoding" | "fileKey"
  >
>;

export async function changeImport(tx: Context, id: string, change: ImportChange): Promise<void> {
  await tx.db.updateTable("importJobs").set(change).where("id", "=", id).execute();
}

/** How far an import has come, and what became of the rows of one batch. */
export type ImportProgress = {
  rowsRead: number;
  bytesRead: number;
  created: number;
  updated: number;
  unchanged: number;
  faulty: number;
};

export async function addProgress(tx: Context, id: string, step: ImportProgress): Promise<void> {
  await tx.db
    .updateTable("importJobs")
    .set((eb) => ({
      rowsRead: step.rowsRead,
      bytesRead: step.bytesRead,
      createdCount: eb("createdCount", "+", step.created),
      updatedCount: eb("updatedCount", "+", step.updated),
      unchangedCount: eb("unchangedCount", "+", step.unchanged),
      faultyCount: eb("faultyCount", "+", step.faulty),
    }))
    .where("id", "=", id)
    .execute();
}

export type ImportFault = {
  line: number;
  column: string;
  value: string;
  reason: string;
  cells: string[];
  /** The row changed nothing; else only this cell was left out. */
  isFatal: boolean;
};

export async function insertFaults(tx: Context, importId: string, faults: readonly ImportFault[]): Promise<void> {
  if (faults.length === 0) return;
  const rows = faults.map(({ line, column, value, reason, cells, isFatal }) => ({
    id: newId("irow"),
    line,
    column_name: column,
    cell: value,
    reason,
    cells,
    is_fatal: isFatal,
  }));
  await sql`
    insert into import_rows (id, workspace_id, import_job_id, line, "column", value, reason, cells, is_fatal)
    select r.id, ${tx.workspace}, ${importId}, r.line, nullif(r.column_name, ''), nullif(r.cell, ''), r.reason, r.cells, r.is_fatal
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r(id text, line int, column_name text, cell text, reason text, cells jsonb, is_fatal boolean)`.execute(tx.db);
}

export type ImportFaultRow = Omit<ImportFault, "column" | "value"> & {
  id: string;
  column: string | null;
  value: string | null;
};

/** In the order of the file. */
export async function listFaults(
  ctx: Context,
  importId: string,
  page: { limit: number; after?: Cursor },
): Promise<ImportFaultRow[]> {
  const { after } = page;
  const { rows } = await sql<ImportFaultRow>`
    select id, line, "column", value, reason, cells, is_fatal from import_rows
    where workspace_id = ${ctx.workspace} and import_job_id = ${importId}
      ${after ? sql`and (line, id) > (${Number(after[0])}::int, ${after[1]})` : sql``}
    order by line, id limit ${page.limit + 1}`.execute(ctx.db);
  return rows;
}

export type SavedMapping = { id: string; name: string; mapping: ColumnMapping[]; createdAt: Date };

export async function listSavedMappings(ctx: Context): Promise<SavedMapping[]> {
  const { rows } = await sql<SavedMapping>`
    select id, name, mapping, created_at from import_mappings where workspace_id = ${ctx.workspace} order by name, id`.execute(
    ctx.db,
  );
  return rows;
}

export async function findSavedMapping(ctx: Context, id: string): Promise<SavedMapping | undefined> {
  const { rows } = await sql<SavedMapping>`
    select id, name, mapping, created_at from import_mappings where workspace_id = ${ctx.workspace} and id = ${id}`.execute(
    ctx.db,
  );
  return rows[0];
}

/** Keeps a mapping under its name; one that had the name before gives way. */
export async function upsertSavedMapping(tx: Context, name: string, mapping: readonly ColumnMapping[]): Promise<void> {
  await sql`
    insert into import_mappings (id, workspace_id, name, mapping, created_at)
    values (${newId("imap")}, ${tx.workspace}, ${name}, ${JSON.stringify(mapping)}::jsonb, ${tx.now()})
    on conflict (workspace_id, name) do update set mapping = excluded.mapping`.execute(tx.db);
}

export async function deleteSavedMapping(tx: Context, id: string): Promise<boolean> {
  const result = await tx.db.deleteFrom("importMappings").where("id", "=", id).executeTakeFirst();
  return result.numDeletedRows > 0n;
}
