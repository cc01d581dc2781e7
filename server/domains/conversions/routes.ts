import { implement } from "@orpc/server";
import { allow } from "#platform/context.ts";
import { instantCursor, toPage } from "#platform/http/cursor.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { NotFound } from "#platform/problems.ts";
import { getLead } from "#domains/leads/index.ts";
import { recordConversion } from "./commands/record-conversion.ts";
import { type ConversionView, conversionsContract } from "./contract.ts";
import { type ConversionRow, findConversion, listOfLead } from "./queries/conversions.ts";

const os = implement(conversionsContract).$context<RequestContext>();

const show = (row: ConversionRow): ConversionView => ({ ...row, createdAt: row.createdAt.toISOString() });

export const conversionRoutes = {
  record: os.record.handler(async ({ context: { ctx }, input }) => {
    const { id, isRepeat } = await recordConversion(ctx, input);
    const row = await findConversion(ctx, id);
    if (!row) throw NotFound();
    return { ...show(row), isRepeat };
  }),
  listOfLead: os.listOfLead.handler(async ({ context: { ctx }, input: { leadId, limit, cursor } }) => {
    allow(ctx, "leads:read");
    await getLead(ctx, leadId);
    const rows = await listOfLead(ctx, leadId, { limit, after: instantCursor(cursor) });
    return toPage(rows, limit, (row) => [row.createdAt.getTime(), row.id], show);
  }),
};
