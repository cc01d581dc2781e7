import type { Context } from "#platform/context.ts";
import { findLeadsByAddresses, lockLeads, suppressAll } from "#domains/leads/index.ts";
import { tellOptOut } from "../hooks.ts";
import { cancelQueued } from "../queries/outbound.ts";

/** Somebody's no to an address of theirs. */
export type No = {
  kind: "EMAIL" | "PHONE";
  value: string;
  reason: "STOP_REPLY" | "UNSUBSCRIBE" | "COMPLAINT" | "MANUAL";
  evidence: string;
  /** Whoever said it, where that is known otherwise than by the address. */
  leadId?: string | null;
};

/** As `optOutAll`, of one. Says whether it had not been said before. */
export async function optOut(tx: Context, no: No): Promise<{ isNew: boolean }> {
  const [isNew = false] = await optOutAll(tx, [no]);
  return { isNew };
}

/**
 * The one way by which people say no, whatever the channel: the address is suppressed, what is queued for its leads is cancelled, and
 * the higher domains end what they had planned, all in the caller's transaction and in a fixed number of statements. Works for addresses that
 * belong to no lead. Says of each, in the order given, whether it had not been said before. Who says it twice here leaves for the first reason.
 */
export async function optOutAll(tx: Context, nos: readonly No[]): Promise<boolean[]> {
  if (nos.length === 0) return [];
  const holders = await findLeadsByAddresses(tx, nos);
  const reasons = new Map<string, No["reason"]>();
  for (const [place, { leadId = null, reason }] of nos.entries())
    for (const id of [...(holders[place] ?? []), ...(leadId === null ? [] : [leadId])])
      if (!reasons.has(id)) reasons.set(id, reason);
  // Waits for a sender that is deciding about one of them, so that the cancellation below sees what it has queued.
  await lockLeads(tx, [...reasons.keys()], { wait: true });
  const suppressionIds = await suppressAll(
    tx,
    nos.map(({ leadId: _leadId, ...closed }) => ({ ...closed, scope: "ALL" as const })),
  );
  const notices = [...Map.groupBy(reasons.keys(), (id) => reasons.get(id) ?? "")].map(([reason, leadIds]) => ({
    reason,
    leadIds,
  }));
  for (const { reason, leadIds } of notices) await cancelQueued(tx, { leadIds }, `opted out (${reason})`);
  await tellOptOut(tx, notices);
  return suppressionIds.map((id) => id !== null);
}
