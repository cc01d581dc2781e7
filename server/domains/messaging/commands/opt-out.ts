import type { Context } from "#platform/context.ts";
import { findLeadsByAddress, lockLeads, suppress } from "#domains/leads/index.ts";
import { tellOptOut } from "../hooks.ts";
import { cancelQueued } from "../queries/outbound.ts";

/**
 * The one way by which a person says no, whatever the channel: the address is suppressed, what is queued for its leads is cancelled, and
 * the higher domains end what they had planned, all in the caller's transaction. Works for addresses that belong to no lead. Says
 * whether it had not been said before.
 */
export async function optOut(
  tx: Context,
  no: {
    kind: "EMAIL" | "PHONE";
    value: string;
    reason: "STOP_REPLY" | "UNSUBSCRIBE" | "COMPLAINT" | "MANUAL";
    evidence: string;
    /** Whoever said it, where that is known otherwise than by the address. */
    leadId?: string | null;
  },
): Promise<{ isNew: boolean }> {
  const { leadId = null, ...closed } = no;
  const holders = await findLeadsByAddress(tx, no.kind, no.value);
  const leadIds = leadId === null || holders.includes(leadId) ? holders : [...holders, leadId];
  // Waits for a sender that is deciding about one of them, so that the cancellation below sees what it has queued.
  await lockLeads(tx, leadIds, { wait: true });
  const suppressionId = await suppress(tx, { ...closed, scope: "ALL" });
  await cancelQueued(tx, { leadIds }, `opted out (${no.reason})`);
  await tellOptOut(tx, { leadIds, reason: no.reason });
  return { isNew: suppressionId !== null };
}
