import type { Context } from "#platform/context.ts";
import { emitMany } from "#platform/events.ts";
import { findLeadsByAddresses, lockLeads, suppressAll } from "#domains/leads/index.ts";
import { tellOptOut } from "../hooks.ts";
import { noHeard } from "../messages.ts";
import { listUnheard } from "../queries/nos.ts";
import { cancelQueued } from "../queries/outbound.ts";

/** Somebody's no to an address of theirs. */
export type No = {
  kind: "EMAIL" | "PHONE";
  value: string;
  reason: "STOP_REPLY" | "UNSUBSCRIBE" | "COMPLAINT" | "MANUAL";
  evidence: string;
  /** Of the message that it was said in, or that was answered by it. */
  messageId: string;
  /** Whoever said it, where that is known otherwise than by the address. */
  leadId?: string | null;
  /** An event of the message tells of it for that lead. */
  isTold?: boolean;
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
 * Each leaves an event for each lead: of the address that it closes, or that it was heard. An undone merge goes by them.
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
    nos.map(({ kind, value, reason, evidence }) => ({ kind, value, reason, evidence, scope: "ALL" as const })),
  );
  await tellHeard(
    tx,
    nos.flatMap((no, place) => {
      const { leadId = null, isTold = false } = no;
      const closing = suppressionIds[place] === null ? [] : (holders[place] ?? []);
      const own = leadId === null ? [] : [leadId];
      const told = new Set([...closing, ...(isTold ? own : [])]);
      return [...new Set([...(holders[place] ?? []), ...own])].flatMap((id) =>
        told.has(id) ? [] : [{ no, leadId: id }],
      );
    }),
  );
  const notices = [...Map.groupBy(reasons.keys(), (id) => reasons.get(id) ?? "")].map(([reason, leadIds]) => ({
    reason,
    leadIds,
  }));
  for (const { reason, leadIds } of notices) await cancelQueued(tx, { leadIds }, `opted out (${reason})`);
  await tellOptOut(tx, notices);
  return suppressionIds.map((id) => id !== null);
}

async function tellHeard(tx: Context, heard: readonly { no: No; leadId: string }[]): Promise<void> {
  // Said of two addresses in one message, it is one no.
  const byKey = new Map(heard.map((one) => [`${one.leadId} ${one.no.messageId}`, one]));
  const asked = [...byKey.values()].map((one) => ({ ...one, messageId: one.no.messageId }));
  await emitMany(
    tx,
    noHeard,
    (await listUnheard(tx, asked)).map(({ no: { messageId, kind, reason }, leadId }) => ({
      payload: { messageId, kind, reason },
      leadId,
      subjectId: messageId,
    })),
  );
}
