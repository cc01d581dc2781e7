import type { Act } from "./behaviour.ts";
import type { Channel } from "#domains/messaging/index.ts";
import type { Touch } from "./observe.ts";

/** Somebody's no, from when on, and what it closed. */
type No = {
  from: number;
  /** What may not be used any more: `to` on these channels, or where it is null the lead itself. */
  closed: readonly Channel[];
  to: string | null;
  /** Ends sequences: all that the lead was in, or those that stop on reply. */
  ends: "all" | "stopping" | "none";
  why: string;
};

/** An enrollment that came to another lead by a merge, and whose it was before. */
type Adopted = { origin: string; since: number; until: number };

const SAME_ADDRESS: Readonly<Record<Channel, readonly Channel[]>> = {
  EMAIL: ["EMAIL"],
  SMS: ["SMS", "CALL"],
  CALL: ["SMS", "CALL"],
};
const ALL: readonly Channel[] = ["EMAIL", "SMS", "CALL"];

/** What an act of the other side forbids from then on; null where it forbids nothing. */
function noOf({ channel, to }: Pick<Touch, "channel" | "to">, act: Act, from: number): No | null {
  const addresses = SAME_ADDRESS[channel];
  switch (act.kind) {
    case "stop":
    case "unsubscribed":
    case "complained":
      return { from, to, closed: addresses, ends: "all", why: `after ${act.kind}` };
    case "call":
      return act.end === "opted_out" ? { from, to, closed: addresses, ends: "all", why: "after a no in a call" } : null;
    case "bounced":
      return { from, to, closed: [channel], ends: "none", why: "to an address that bounced" };
    case "reply":
      return { from, to, closed: [], ends: "stopping", why: "after a reply" };
    default:
      return null;
  }
}

type Counted = { channel: Channel; at: number; messageId: string };
type Merge = { survivorId: string; otherId: string; at: number; counted: Counted[] };

/** Who said no to what, who has become a customer, and which two leads are one person at the moment; with the touches that caps count. */
export function rememberPeople() {
  const byLead = new Map<string, No[]>();
  const byAddress = new Map<string, No[]>();
  const counted = new Map<string, Counted[]>();
  const merged = new Map<string, Merge>();
  const adopted = new Map<string, Adopted[]>();
  /** What has been heard: a vendor that tells it again tells the same event, which says nothing new of who came in meanwhile. */
  const told = new Set<string>();
  /** When a lead last became one with another, or two again. */
  const changedAt = new Map<string, number>();

  const listOf = <Item>(map: Map<string, Item[]>, key: string): Item[] => {
    const known = map.get(key);
    if (known) return known;
    const fresh: Item[] = [];
    map.set(key, fresh);
    return fresh;
  };
  /** Who a lead is now. */
  const whoIs = (leadId: string): string => {
    const merge = merged.get(leadId);
    return merge ? whoIs(merge.survivorId) : leadId;
  };

  /** Whether a no ended this enrollment: it was in force for whoever was enrolled then, while it was theirs. */
  function ended(no: No, holder: string, touch: Touch, leadId: string): boolean {
    if ((touch.enrolledAt?.getTime() ?? no.from) >= no.from) return false;
    const stays = listOf(adopted, touch.enrollmentId ?? "");
    const then = stays.find(({ since, until }) => since <= no.from && no.from < until);
    if (then) return holder === leadId;
    return holder === (stays[0]?.origin ?? leadId);
  }

  return {
    counted: (leadId: string): readonly Counted[] => counted.get(leadId) ?? [],
    count: (leadId: string, touch: Counted) => void listOf(counted, leadId).push(touch),

    hear(touch: Touch, act: Act, from: number): void {
      const no = noOf(touch, act, from);
      const event = `${touch.messageId} ${act.kind}`;
      if (!no || touch.leadId === null || told.has(event)) return;
      told.add(event);
      listOf(byLead, whoIs(touch.leadId)).push(no);
      if (no.to !== null) listOf(byAddress, no.to).push(no);
    },

    /** Whoever has become a customer is not written to any more. */
    convert(leadId: string, at: Date): void {
      const no = { from: at.getTime(), closed: ALL, to: null, ends: "all", why: "after a conversion" } as const;
      listOf(byLead, leadId).push(no);
    },

    /** Two leads become one: what either said no to holds for both, a bounce for its mailbox alone. `enrollments`: of the two until now. */
    merge(
      merge: { survivorId: string; otherId: string; enrollments: readonly { id: string; leadId: string }[] },
      at: Date,
    ): void {
      const { survivorId, otherId, enrollments } = merge;
      const since = at.getTime();
      for (const leadId of [survivorId, otherId]) changedAt.set(leadId, since);
      const nos = [...listOf(byLead, survivorId), ...listOf(byLead, otherId)].filter(
        ({ closed, why }) => closed.length > 0 && !why.includes("bounced"),
      );
      for (const leadId of [survivorId, otherId])
        listOf(byLead, leadId).push(
          ...nos.map((no): No => ({ ...no, from: since, to: null, ends: "none", why: `${no.why}, before a merge` })),
        );
      for (const { id, leadId } of enrollments)
        if (leadId === otherId) listOf(adopted, id).push({ origin: otherId, since, until: Infinity });
      merged.set(otherId, { survivorId, otherId, at: since, counted: [...listOf(counted, otherId)] });
      listOf(counted, survivorId).push(...listOf(counted, otherId));
    },

    /** Two again: each with its own; what came since stays with the survivor. */
    undo(otherId: string, at: Date): void {
      const merge = merged.get(otherId);
      if (!merge) return;
      merged.delete(otherId);
      for (const leadId of [merge.survivorId, otherId]) changedAt.set(leadId, at.getTime());
      const own = new Set(merge.counted);
      counted.set(otherId, merge.counted);
      counted.set(
        merge.survivorId,
        listOf(counted, merge.survivorId).filter((touch) => !own.has(touch)),
      );
      for (const stays of adopted.values())
        for (const stay of stays) if (stay.origin === otherId && stay.until === Infinity) stay.until = at.getTime();
    },

    /** Whether what counts for the lead now is what counted for it then. */
    isAsAt: (leadId: string, then: number) => (changedAt.get(leadId) ?? 0) <= then,

    /** Why this touch should not have been made, by what its receiver said before it. */
    refusals(touch: Touch, leadId: string, stopOnReply: boolean): string[] {
      const at = touch.at.getTime();
      const { channel, to } = touch;
      const closes = (no: No) => no.from < at && no.closed.includes(channel);
      const own = (byLead.get(leadId) ?? []).filter((no) => no.to === null && closes(no));
      const address = (byAddress.get(to) ?? []).filter(closes);
      const ends = (no: No, holder: string) =>
        no.from < at &&
        (no.ends === "all" || (no.ends === "stopping" && stopOnReply)) &&
        ended(no, holder, touch, leadId);
      const holders = [leadId, ...listOf(adopted, touch.enrollmentId ?? "").map(({ origin }) => origin)];
      const over = [...new Set(holders)].flatMap((holder) =>
        (byLead.get(holder) ?? []).filter((no) => ends(no, holder)),
      );
      return [...new Set([...own, ...address, ...over].map(({ why }) => why))];
    },
  };
}
export type People = ReturnType<typeof rememberPeople>;
