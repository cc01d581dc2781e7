import { implement } from "@orpc/server";
import { allow, type Context } from "#platform/context.ts";
import { instantCursor, toPage } from "#platform/http/cursor.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { checkScriptLeads } from "../commands/check-leads.ts";
import { createScript } from "../commands/create-script.ts";
import { deleteScript } from "../commands/delete-script.ts";
import { duplicateScript } from "../commands/duplicate-script.ts";
import { previewScript } from "../commands/preview-script.ts";
import { setDefaultScript } from "../commands/set-default-script.ts";
import { testSend } from "../commands/test-send.ts";
import { updateScript } from "../commands/update-script.ts";
import { scriptOperations, type ScriptDetail, type ScriptView } from "../contract/scripts.ts";
import { ScriptNotFound } from "../problems.ts";
import { findScript, listScriptRows, listUsesOfScript, type ScriptRow } from "../queries/script-rows.ts";
import { scriptFaults } from "../render/compile-script.ts";
import { KNOWN_VARIABLES } from "../render/known-variables.ts";

const os = implement(scriptOperations).$context<RequestContext>();

const showScript = (row: ScriptRow): ScriptView => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

export async function showDetail(ctx: Context, scriptId: string): Promise<ScriptDetail> {
  const script = await findScript(ctx, scriptId);
  if (!script) throw ScriptNotFound();
  const usedBy = await listUsesOfScript(ctx, scriptId);
  return { ...showScript(script), faults: scriptFaults(script, KNOWN_VARIABLES), usedBy };
}

export const scriptRoutes = {
  list: os.list.handler(async ({ context: { ctx }, input: { limit, cursor, ...filter } }) => {
    allow(ctx, "outreach:read");
    const rows = await listScriptRows(ctx, { ...filter, limit, after: instantCursor(cursor) });
    return toPage(rows, limit, (row) => [row.createdAt.getTime(), row.id], showScript);
  }),
  create: os.create.handler(async ({ context: { ctx }, input }) => showDetail(ctx, await createScript(ctx, input))),
  previewDraft: os.previewDraft.handler(({ context: { ctx, runtime }, input: { leadId, ...draft } }) =>
    previewScript(ctx, draft, leadId, runtime.config.publicUrl),
  ),
  get: os.get.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "outreach:read");
    return showDetail(ctx, input.scriptId);
  }),
  update: os.update.handler(async ({ context: { ctx }, input: { scriptId, expectedUpdatedAt, ...patch } }) => {
    await updateScript(ctx, scriptId, patch, { expected: expectedUpdatedAt });
    return showDetail(ctx, scriptId);
  }),
  delete: os.delete.handler(({ context: { ctx }, input }) => deleteScript(ctx, input.scriptId)),
  duplicate: os.duplicate.handler(async ({ context: { ctx }, input }) =>
    showDetail(ctx, await duplicateScript(ctx, input.scriptId)),
  ),
  setDefault: os.setDefault.handler(async ({ context: { ctx }, input }) => {
    await setDefaultScript(ctx, input.scriptId);
    return showDetail(ctx, input.scriptId);
  }),
  preview: os.preview.handler(({ context: { ctx, runtime }, input }) =>
    previewScript(ctx, input.scriptId, input.leadId, runtime.config.publicUrl),
  ),
  checkLeads: os.checkLeads.handler(({ context: { ctx, runtime }, input }) =>
    checkScriptLeads(ctx, input, runtime.config.publicUrl),
  ),
  testSend: os.testSend.handler(({ context: { ctx, runtime }, input }) =>
    testSend(ctx, input, runtime.config.publicUrl),
  ),
};
