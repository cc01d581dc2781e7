import { implement } from "@orpc/server";
import { allow, mayAct } from "#platform/context.ts";
import { instantCursor, toPage } from "#platform/http/cursor.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { NotFound } from "#platform/problems.ts";
import { getWorkspaceSettings } from "#domains/accounts/index.ts";
import { getLead, searchLeadIds } from "#domains/leads/index.ts";
import { dayStart } from "#domains/messaging/index.ts";
import { recordConversion } from "./commands/record-conversion.ts";
import { type ConversionView, conversionsContract } from "./contract.ts";
import { type ConversionRow, findConversion, listConversions, listOfLead } from "./queries/conversions.ts";

const os = implement(conversionsContract).$context<RequestContext>();

const show = (row: ConversionRow): ConversionView => ({ ...row, createdAt: row.createdAt.toISOString() });

export const conversionRoutes = {
  record: os.record.handler(async ({ context: { ctx }, input }) => {
    const { id, isRepeat } = await recordConversion(ctx, input);
    const row = await findConversion(ctx, id);
    if (!row) throw NotFound();
    return { ...show(row), isRepeat };
  }),
  list: os.list.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "conversions:read");
    const { limit, cursor, createdFrom, createdBefore, since, search, leadId, ...plain } = input;
    if (search) allow(ctx, "leads:read");
    const leadIds = [
      ...(leadId === undefined ? [] : [[leadId]]),
      ...(search ? [await searchLeadIds(ctx, search)] : []),
    ];
    const from = [
      ...(createdFrom ? [Date.parse(createdFrom)] : []),
      ...(since ? [dayStart((await getWorkspaceSettings(ctx)).timeZone, since).getTime()] : []),
    ];
    const filter = {
      ...plain,
      ...(leadIds.length > 0 && {
        leadIds: leadIds.reduce((some, others) => some.filter((one) => others.includes(one))),
      }),
      ...(from.length > 0 && { from: new Date(Math.max(...from)) }),
      ...(createdBefore && { before: new Date(createdBefore) }),
    };
    const rows = await listConversions(ctx, filter, { limit, after: instantCursor(cursor) });
    const maySee = mayAct(ctx, "leads:read");
    return toPage(
      rows,
      limit,
      (row) => [row.createdAt.getTime(), row.id],
      ({ leadName, ...row }) => ({ ...show(row), leadName: maySee ? leadName : leadName && "" }),
    );
  }),
  listOfLead: os.listOfLead.handler(async ({ context: { ctx }, input: { leadId, limit, cursor } }) => {
    allow(ctx, "leads:read");
    await getLead(ctx, leadId);
    const rows = await listOfLead(ctx, leadId, { limit, after: instantCursor(cursor) });
    return toPage(rows, limit, (row) => [row.createdAt.getTime(), row.id], show);
  }),
};
