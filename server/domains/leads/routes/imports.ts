import { implement } from "@orpc/server";
import { allow, type Context } from "#platform/context.ts";
import { instantCursor, toPage } from "#platform/http/cursor.ts";
import { instantOrNull } from "#platform/http/instants.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { cancelImport } from "../commands/cancel-import.ts";
import { deleteMapping } from "../commands/delete-mapping.ts";
import { proposeImport } from "../commands/propose-import.ts";
import { previewImport } from "../commands/preview-import.ts";
import { setImportMapping } from "../commands/set-import-mapping.ts";
import { startImport } from "../commands/start-import.ts";
import { uploadImport } from "../commands/upload-import.ts";
import { importOperations, savedMappingOperations, type ImportView } from "../contract/imports.ts";
import { streamCsv } from "../csv/write.ts";
import { refuseLargeBody } from "../imports/files.ts";
import { ImportNotFound } from "../problems.ts";
import { FAULT_HEADER, faultPages } from "../queries/export-faults.ts";
import { findImport, listFaults, listImports, listSavedMappings, type ImportRow } from "../queries/imports.ts";
import { csvHeaders, lineCursor } from "./show.ts";

const os = implement(importOperations).$context<RequestContext>();
const mappings = implement(savedMappingOperations).$context<RequestContext>();

function showImport(row: ImportRow, now: Date): ImportView {
  const {
    createdCount,
    updatedCount,
    unchangedCount,
    faultyCount,
    mapping,
    fileKey: _fileKey,
    cancelAskedAt,
    ...rest
  } = row;
  const until = row.finishedAt ?? now;
  const seconds = row.startedAt ? (until.getTime() - row.startedAt.getTime()) / 1_000 : 0;
  return {
    ...rest,
    columns: mapping,
    created: createdCount,
    updated: updatedCount,
    unchanged: unchangedCount,
    faulty: faultyCount,
    rate: seconds > 0 ? Math.round(row.rowsRead / seconds) : null,
    createdAt: row.createdAt.toISOString(),
    startedAt: instantOrNull(row.startedAt),
    finishedAt: instantOrNull(row.finishedAt),
    isCancelling: row.status === "RUNNING" && cancelAskedAt !== null,
  };
}

async function getImport(ctx: Context, importId: string): Promise<ImportRow> {
  const row = await findImport(ctx, importId);
  if (!row) throw ImportNotFound();
  return row;
}

const show = async (ctx: Context, importId: string) => showImport(await getImport(ctx, importId), ctx.now());

export const importHandlers = {
  upload: os.upload.handler(async ({ context }) => {
    const { ctx, runtime } = context;
    refuseLargeBody(context.headers.get("content-length"));
    const { importId, description } = await uploadImport(ctx, runtime.config.dataDir, await context.upload());
    const view = await show(ctx, importId);
    return { ...view, columns: description.columns, looksHeaderless: description.looksHeaderless };
  }),
  list: os.list.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "leads:read");
    const rows = await listImports(ctx, { limit: input.limit, after: instantCursor(input.cursor) });
    const now = ctx.now();
    return toPage(
      rows,
      input.limit,
      (row) => [row.createdAt.getTime(), row.id],
      (row) => showImport(row, now),
    );
  }),
  get: os.get.handler(({ context: { ctx }, input }) => {
    allow(ctx, "leads:read");
    return show(ctx, input.importId);
  }),
  setMapping: os.setMapping.handler(async ({ context: { ctx }, input: { importId, ...mapping } }) => {
    await setImportMapping(ctx, importId, mapping);
    return show(ctx, importId);
  }),
  proposal: os.proposal.handler(async ({ context: { ctx, runtime }, input }) => {
    const { columns, looksHeaderless } = await proposeImport(ctx, runtime.config.dataDir, input.importId);
    return { columns, looksHeaderless };
  }),
  preview: os.preview.handler(async ({ context: { ctx, runtime }, input }) => ({
    data: await previewImport(ctx, runtime.config.dataDir, input.importId),
  })),
  start: os.start.handler(async ({ context: { ctx, runtime }, input }) => {
    await startImport(ctx, runtime.config.dataDir, input.importId);
    return show(ctx, input.importId);
  }),
  cancel: os.cancel.handler(async ({ context: { ctx, runtime }, input }) => {
    await cancelImport(ctx, runtime.config.dataDir, input.importId);
    return show(ctx, input.importId);
  }),
  faults: os.faults.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "leads:read");
    await getImport(ctx, input.importId);
    const after = lineCursor(input.cursor);
    const rows = await listFaults(ctx, input.importId, { limit: input.limit, after });
    return toPage(
      rows,
      input.limit,
      (row) => [row.line, row.id],
      (row) => row,
    );
  }),
  faultsCsv: os.faultsCsv.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "leads:read");
    const { headers, fileName } = await getImport(ctx, input.importId);
    const pages = faultPages(ctx, input.importId, headers.length);
    return { headers: csvHeaders(`faults-${fileName}`), body: streamCsv([...headers, ...FAULT_HEADER], pages) };
  }),
};

export const mappingHandlers = {
  list: mappings.list.handler(async ({ context: { ctx } }) => {
    allow(ctx, "leads:import");
    const rows = await listSavedMappings(ctx);
    return {
      data: rows.map(({ mapping, createdAt, ...row }) => ({
        ...row,
        columns: mapping,
        createdAt: createdAt.toISOString(),
      })),
    };
  }),
  delete: mappings.delete.handler(({ context: { ctx }, input }) => deleteMapping(ctx, input.mappingId)),
};
