import { type Context, inTransaction } from "#platform/context.ts";
import { type LeadForSend, listLeadsForSend, listSuppressions, lockLeads } from "#domains/leads/index.ts";
import { CHANNELS, type Channel } from "#domains/messaging/index.ts";
import { end } from "../engine/end.ts";
import { lockOpenEnrollments } from "../queries/engine.ts";
import { listRemainingChannels } from "../queries/remaining.ts";

/**
 * An address was closed by a person: its lead leaves at once every sequence of which no step is left that could still reach them. Where
 * another channel is left they stay, and the gate decides about each step when it is due.
 */
export async function stopUnreachable(ctx: Context, { leadId }: { leadId: string | null }): Promise<void> {
  if (!leadId) return;
  await inTransaction(ctx, async (tx) => {
    // Waits for a sender that is deciding about the lead, so that what it has queued is cancelled.
    await lockLeads(tx, [leadId], { wait: true });
    const lead = (await listLeadsForSend(tx, [leadId])).get(leadId);
    if (!lead) return;
    const closed = await closedChannels(tx, lead);
    const open = await lockOpenEnrollments(tx, { leadIds: [leadId] });
    const remaining = await listRemainingChannels(
      tx,
      open.map(({ id }) => id),
    );
    const unreachable = open.filter(({ id }) => {
      const left = remaining.get(id) ?? [];
      return left.length > 0 && left.every((channel) => closed.has(channel));
    });
    await end(tx, unreachable, "may no longer be contacted", "every address for the steps left is suppressed");
  });
}

/** Channels that lead nowhere: the address is missing or suppressed. */
async function closedChannels(tx: Context, { email, phone }: LeadForSend): Promise<Set<Channel>> {
  const suppressed = await listSuppressions(tx, [
    ...(email ? [{ kind: "EMAIL" as const, value: email }] : []),
    ...(phone ? [{ kind: "PHONE" as const, value: phone }] : []),
  ]);
  return new Set(
    CHANNELS.filter((channel) => {
      const address = channel === "EMAIL" ? email : phone;
      return !address || suppressed.find(channel, address) !== undefined;
    }),
  );
}
