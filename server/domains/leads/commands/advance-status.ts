import { allow, inTransaction, type Context } from "#platform/context.ts";
import { emitMany } from "#platform/events.ts";
import { statusChanged } from "../messages.ts";
import { moveStatuses } from "../queries/leads.ts";
import { LEAD_STATUSES, statusAfter, type LeadHappening } from "../status.ts";

/** What happened moves leads forward, never back (see `statusAfter`): one statement for all of them. */
export async function advanceStatus(ctx: Context, leadIds: readonly string[], happening: LeadHappening): Promise<void> {
  allow(ctx, "leads:write");
  if (leadIds.length === 0) return;
  const moves = LEAD_STATUSES.map((from) => ({ from, to: statusAfter(from, happening) })).filter(
    ({ from, to }) => from !== to,
  );
  await inTransaction(ctx, async (tx) => {
    const moved = await moveStatuses(tx, [...new Set(leadIds)], moves);
    await emitMany(
      tx,
      statusChanged,
      moved.map(({ id, from, to }) => ({ leadId: id, payload: { leadId: id, from, to, by: happening } })),
    );
  });
}
