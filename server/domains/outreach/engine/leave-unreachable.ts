import type { Context } from "#platform/context.ts";
import { type LeadForSend, listLeadsForSend, listSuppressions } from "#domains/leads/index.ts";
import { CHANNELS, type Channel } from "#domains/messaging/index.ts";
import { lockOpenEnrollments } from "../queries/engine.ts";
import { listRemainingChannels } from "../queries/remaining.ts";
import { end } from "./end.ts";

/** Ends what has no step left that could still reach the lead. The caller holds the lead's lock. */
export async function leaveUnreachable(tx: Context, leadId: string): Promise<void> {
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
