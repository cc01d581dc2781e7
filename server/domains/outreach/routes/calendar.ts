import { implement } from "@orpc/server";
import { type Context, allow } from "#platform/context.ts";
import { instantCursor, toPage } from "#platform/http/cursor.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { getWorkspaceSettings } from "#domains/accounts/index.ts";
import { daysFrom, lastDays, sumSends } from "#domains/messaging/index.ts";
import { type Calendar, calendarOperations } from "../contract/calendar.ts";
import { describeExecutions } from "../queries/executions.ts";
import { countPlanned, listPlannedIds } from "../queries/planned.ts";
import { showExecution } from "./executions.ts";

const os = implement(calendarOperations).$context<RequestContext>();

async function showCalendar(ctx: Context, { from, days: count }: { from: string; days: number }): Promise<Calendar> {
  const { timeZone } = await getWorkspaceSettings(ctx);
  const now = ctx.now();
  // One more than is shown: where the last day ends.
  const days = daysFrom(timeZone, from, count + 1);
  const starts = days.map(({ start }) => start);
  const sent = await sumSends(ctx, starts);
  const planned = await countPlanned(ctx, starts, days.at(-1)?.start ?? now);
  return {
    timeZone,
    today: lastDays(timeZone, now, 1)[0]?.day ?? from,
    days: days.slice(0, count).map(({ day, start }, place) => {
      const none = { CALL: 0, SMS: 0, EMAIL: 0 };
      const row = { day, sent: start > now ? null : { ...none }, planned: { ...none } };
      for (const one of sent) if (row.sent && one.place === place) row.sent[one.channel] = one.sent;
      for (const one of planned.counts) if (one.place === place) row.planned[one.channel] = one.planned;
      return row;
    }),
    isMore: planned.isMore,
  };
}

export const calendarRoutes = {
  get: os.get.handler(({ context: { ctx }, input }) => {
    allow(ctx, "outreach:read");
    return showCalendar(ctx, input);
  }),
  planned: os.planned.handler(async ({ context: { ctx }, input: { limit, cursor, from, before } }) => {
    allow(ctx, "outreach:read");
    allow(ctx, "leads:read");
    const range = { from: new Date(from), before: new Date(before) };
    const ids = await listPlannedIds(ctx, range, { limit, after: instantCursor(cursor) });
    const rows = await describeExecutions(ctx, ids);
    const now = ctx.now();
    return toPage(
      rows,
      limit,
      (row) => [row.scheduledAt?.getTime() ?? 0, row.id],
      (row) => showExecution(row, now),
    );
  }),
};
