import { type Context, inTransaction } from "#platform/context.ts";
import { lockLeads } from "#domains/leads/index.ts";
import { leaveUnreachable } from "../engine/leave-unreachable.ts";

/**
 * An address was closed by a person: its lead leaves at once every sequence of which no step is left that could still reach them. Where
 * another channel is left they stay, and the gate decides about each step when it is due.
 */
export async function stopUnreachable(ctx: Context, { leadId }: { leadId: string | null }): Promise<void> {
  if (!leadId) return;
  await inTransaction(ctx, async (tx) => {
    // Waits for a sender that is deciding about the lead, so that what it has queued is cancelled.
    await lockLeads(tx, [leadId], { wait: true });
    await leaveUnreachable(tx, leadId);
  });
}
