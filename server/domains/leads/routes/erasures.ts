import { implement } from "@orpc/server";
import { allow } from "#platform/context.ts";
import { instantCursor, toPage } from "#platform/http/cursor.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { eraseLead } from "../commands/erase-lead.ts";
import { exportLead } from "../commands/export-lead.ts";
import { erasureOperations, personalDataOperations, type ErasureView } from "../contract/erasures.ts";
import { ErasureNotFound } from "../problems.ts";
import { findErasure, listErasures, type Erasure } from "../queries/erasures.ts";

const os = implement(personalDataOperations).$context<RequestContext>();
const erasures = implement(erasureOperations).$context<RequestContext>();

const show = ({ actorKind, actorId, erasedAt, ...certificate }: Erasure): ErasureView => ({
  ...certificate,
  actor: { kind: actorKind, id: actorId },
  erasedAt: erasedAt.toISOString(),
});

export const personalDataHandlers = {
  exportPerson: os.exportPerson.handler(async ({ context: { ctx }, input: { leadId } }) => ({
    headers: {
      "content-type": "application/json; charset=utf-8",
      "content-disposition": `attachment; filename="${leadId.replace(/\W+/g, "-")}.json"`,
    },
    body: new Blob([JSON.stringify(await exportLead(ctx, leadId), null, 2)]).stream(),
  })),
  erase: os.erase.handler(async ({ context: { ctx, runtime }, input }) =>
    show(await eraseLead(ctx, input, runtime.config.dataDir)),
  ),
};

export const erasureHandlers = {
  list: erasures.list.handler(async ({ context: { ctx }, input: { limit, cursor } }) => {
    allow(ctx, "leads:read");
    const rows = await listErasures(ctx, { limit, after: instantCursor(cursor) });
    return toPage(rows, limit, ({ erasedAt, id }) => [erasedAt.getTime(), id], show);
  }),
  get: erasures.get.handler(async ({ context: { ctx }, input: { erasureId } }) => {
    allow(ctx, "leads:read");
    const certificate = await findErasure(ctx, { id: erasureId });
    if (!certificate) throw ErasureNotFound();
    return show(certificate);
  }),
};
