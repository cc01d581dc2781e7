import type { Act } from "./behaviour.ts";
import type { Channel } from "#domains/messaging/index.ts";
import type { Touch } from "./observe.ts";

/** Somebody's no, from when on, and what it closed. */
type No = {
  from: number;
  /** What may not be used any more: `to` on these channels, or where it is null the lead itself. */
  closed: readonly Channel[];
  to: string | null;
  /** Ends sequences: all that the lead was in, or those that stop on reply. Said while two are one, it is in force for what either was in. */
  ends: "all" | "stopping" | "none";
  why: string;
};

const SAME_ADDRESS: Readonly<Record<Channel, readonly Channel[]>> = {
  EMAIL: ["EMAIL"],
  SMS: ["SMS", "CALL"],
  CALL: ["SMS", "CALL"],
};

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
type Enrolled = { id: string; leadId: string; sequenceId: string; enrolledAt: Date };
/** From when until when a lead is, or an enrollment stands back. */
type Span = { since: number; until: number; otherId: string | null };

/** Who said no to what, who has become a customer, and which two leads are one person at the moment; with the touches that caps count. */
export function rememberPeople(stopsOnReply: (sequenceId: string) => boolean) {
  const byLead = new Map<string, No[]>();
  const byAddress = new Map<string, No[]>();
  const counted = new Map<string, Counted[]>();
  const merged = new Map<string, Merge>();
  const customers = new Map<string, Span[]>();
  /** Whose an enrollment was when its lead was first merged. */
  const origins = new Map<string, string>();
  /** Enrollments that stand back for another of the same sequence in which somebody has answered. */
  const behind = new Map<string, Span[]>();
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

  /** All that are this lead now. */
  const groupOf = (leadId: string): string[] => [
    leadId,
    ...[...merged].flatMap(([otherId, { survivorId }]) => (survivorId === leadId ? groupOf(otherId) : [])),
  ];
  /** Noes by which an enrollment of this lead's own has ended. */
  const endings = (leadId: string, enrolledAt: number, stopOnReply: boolean, before: number): No[] =>
    (byLead.get(leadId) ?? []).filter(
      ({ ends, from }) =>
        enrolledAt < from && from < before && (ends === "all" || (ends === "stopping" && stopOnReply)),
    );
  const isWithin = (spans: readonly Span[] | undefined, at: number) =>
    spans?.some(({ since, until }) => since < at && at < until) === true;
  const close = (all: ReadonlyMap<string, Span[]>, otherId: string, at: number): void => {
    for (const spans of all.values())
      for (const span of spans) if (span.otherId === otherId && span.until === Infinity) span.until = at;
  };

  return {
    counted: (leadId: string): readonly Counted[] => counted.get(leadId) ?? [],
    count: (leadId: string, touch: Counted) => void listOf(counted, leadId).push(touch),

    hear(touch: Touch, act: Act, from: number): void {
      const no = noOf(touch, act, from);
      const event = `${touch.messageId} ${act.kind}`;
      if (!no || touch.leadId === null || told.has(event)) return;
      told.add(event);
      for (const leadId of groupOf(whoIs(touch.leadId))) listOf(byLead, leadId).push(no);
      if (no.to !== null) listOf(byAddress, no.to).push(no);
    },

    whoIs,

    /** Whoever has become a customer is not written to any more. */
    convert(leadId: string, at: Date): void {
      const since = at.getTime();
      const who = whoIs(leadId);
      const no = { from: since, closed: [], to: null, ends: "all", why: "after a conversion" } as const;
      for (const one of groupOf(who)) listOf(byLead, one).push(no);
      listOf(customers, who).push({ since, until: Infinity, otherId: null });
    },

    /** Two leads become one: what either said no to holds for both, a bounce for its mailbox alone. `enrollments`: of the two until now. */
    merge(merge: { survivorId: string; otherId: string; enrollments: readonly Enrolled[] }, at: Date): void {
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
      if (isWithin(customers.get(otherId), since))
        listOf(customers, survivorId).push({ since, until: Infinity, otherId });
      const isOver = ({ leadId, sequenceId, enrolledAt }: Enrolled) =>
        endings(leadId, enrolledAt.getTime(), stopsOnReply(sequenceId), since).length > 0;
      for (const one of enrollments) {
        if (!origins.has(one.id)) origins.set(one.id, one.leadId);
        const twin = enrollments.find(({ id, sequenceId }) => id !== one.id && sequenceId === one.sequenceId);
        if (twin && isOver(twin) && !isOver(one)) listOf(behind, one.id).push({ since, until: Infinity, otherId });
      }
      merged.set(otherId, { survivorId, otherId, at: since, counted: [...listOf(counted, otherId)] });
      counted.set(survivorId, [...new Set([...listOf(counted, survivorId), ...listOf(counted, otherId)])]);
    },

    /**
     * Two again: each with its own, by `written` also what was written to the other before and went out since; what came since stays with the survivor,
     * and counts for the other too where, by `received`, it went to an address of theirs.
     */
    undo(
      otherId: string,
      at: Date,
      {
        written = new Set(),
        received = new Set(),
      }: { written?: ReadonlySet<string>; received?: ReadonlySet<string> } = {},
    ): void {
      const merge = merged.get(otherId);
      if (!merge) return;
      merged.delete(otherId);
      for (const leadId of [merge.survivorId, otherId]) changedAt.set(leadId, at.getTime());
      const since = listOf(counted, merge.survivorId).filter(({ messageId }) => written.has(messageId));
      const own = new Set([...merge.counted, ...since]);
      const meanwhile = listOf(counted, merge.survivorId).filter(
        (touch) => touch.at >= merge.at && received.has(touch.messageId),
      );
      counted.set(otherId, [...new Set([...own, ...meanwhile])]);
      counted.set(
        merge.survivorId,
        listOf(counted, merge.survivorId).filter((touch) => !own.has(touch)),
      );
      close(behind, otherId, at.getTime());
      close(customers, otherId, at.getTime());
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
      const origin = origins.get(touch.enrollmentId ?? "") ?? leadId;
      const over = touch.enrolledAt ? endings(origin, touch.enrolledAt.getTime(), stopOnReply, at) : [];
      const more = [
        ...(isWithin(customers.get(leadId), at) ? ["after a conversion"] : []),
        ...(isWithin(behind.get(touch.enrollmentId ?? ""), at)
          ? ["after an answer of the other of two who are one"]
          : []),
      ];
      return [...new Set([...[...own, ...address, ...over].map(({ why }) => why), ...more])];
    },
  };
}
export type People = ReturnType<typeof rememberPeople>;
