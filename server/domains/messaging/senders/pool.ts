import type { Context } from "#platform/context.ts";
import type { ActiveProvider } from "#platform/integrations/providers.ts";
import { minuteOf } from "../budget.ts";
import type { Channel } from "../channels.ts";
import type { Hold } from "../gate.ts";
import {
  type PoolSender,
  addUse,
  keepThreadSenders,
  listPoolSenders,
  listThreadSenders,
  lockDays,
  returnUse,
} from "../queries/sender-budget.ts";
import { FURTHEST_MINUTE } from "../spread.ts";
import { type Candidate, type Choice, chooseSender } from "./choose-sender.ts";
import { dayOf, limitOn, startOfDay } from "./ramp.ts";

/** Whom a message goes out from, with the day whose budget it is counted in. */
export type AssignedSender = { id: string; address: string; displayName: string; day: number };

/** A message that wants a sender; without a lead it belongs to no thread. */
export type Wanting = { leadId: string | null; channel: Channel };

export type Assignment = { kind: "sender"; sender: AssignedSender } | { kind: "hold"; hold: Hold };

/** The senders of the channels that have any, with their budgets locked. Channels without senders are not in it and go as ever. */
export type SenderPool = {
  has(channel: Channel): boolean;
  /** One answer for each, in the same order. Threads that have a sender come first: new ones take what they leave. */
  assign(wanting: readonly Wanting[]): Assignment[];
  /** What was assigned will not be sent after all. Before `book`. */
  release(wanting: Wanting, sender: AssignedSender): void;
  /** Writes what was taken, and which sender each new thread has from now on. */
  book(tx: Context): Promise<void>;
};

const MINUTE_MS = 60_000;
/** A sender that is paused, or a channel that takes no new threads, is asked again after this long; a person's change is heeded at once. */
const HELD_RETRY_MS = 60 * MINUTE_MS;

type Around = {
  settings: { timeZone: string };
  providers: ReadonlyMap<Channel, ActiveProvider | null>;
};

type Entry = { sender: PoolSender; candidate: Candidate; taken: number; whyHeld: string | null };

/**
 * Opens the pool for these messages: null where the workspace has no sender on any of their channels. A fixed number of statements, whatever
 * the size: senders, their day, the threads' senders. Call in a transaction that has locked the leads.
 */
export async function openPool(
  tx: Context,
  wanting: readonly Wanting[],
  { settings: { timeZone }, providers }: Around,
): Promise<SenderPool | null> {
  const channels = new Set(wanting.map(({ channel }) => channel));
  if (channels.size === 0) return null;
  const senders = (await listPoolSenders(tx)).filter(({ channel }) => channels.has(channel));
  if (senders.length === 0) return null;
  const now = tx.now();
  const minute = minuteOf(now);
  const day = dayOf(timeZone, now);
  const leadIds = [...new Set(wanting.flatMap(({ leadId }) => leadId ?? []))];
  const threads = await listThreadSenders(tx, leadIds);
  const uses = await lockDays(
    tx,
    senders.map(({ id }) => id),
    day,
  );
  const usedBy = new Map(uses.map((use) => [use.senderId, use]));
  const entries = new Map<string, Entry>();
  for (const sender of senders) {
    const use = usedBy.get(sender.id);
    const dayLimit = limitOn(sender, timeZone, day);
    const minuteUsed = use && use.minute >= minute ? use.minuteUsed : 0;
    const whyHeld = whyNotSend(sender, providers.get(sender.channel) ?? null);
    entries.set(sender.id, {
      sender,
      whyHeld,
      taken: 0,
      candidate: {
        id: sender.id,
        takesNew: sender.isActive,
        isHeld: whyHeld !== null,
        dayLimit,
        dayLeft: dayLimit - (use?.used ?? 0),
        minuteLeft: sender.perMinute - minuteUsed,
        lastUsedAt: use?.minute.getTime() ?? 0,
      },
    });
  }
  return poolOf({ entries, threads, now, minute, day, nextDay: startOfDay(timeZone, day + 1) });
}

/** Gives back the places of messages that could not be rendered. */
export async function returnPlaces(tx: Context, senders: readonly AssignedSender[]): Promise<void> {
  for (const [day, ofDay] of Map.groupBy(senders, (sender) => sender.day)) {
    const counts = Map.groupBy(ofDay, ({ id }) => id);
    await returnUse(
      tx,
      day,
      [...counts].map(([senderId, list]) => ({ senderId, count: list.length })),
    );
  }
}

/** Why a sender may send nothing now, whatever it has left; null when it may. */
function whyNotSend({ status, pauseReason, address, integrationId }: PoolSender, provider: ActiveProvider | null) {
  if (status === "PAUSED") return `the sender ${address} is paused${pauseReason ? `: ${pauseReason}` : ""}`;
  if (integrationId !== null && provider && provider.integrationId !== integrationId)
    return `the sender ${address} belongs to an integration that the channel does not send through now`;
  return null;
}

function poolOf({
  entries,
  threads,
  now,
  minute,
  day,
  nextDay,
}: {
  entries: Map<string, Entry>;
  threads: Map<string, string>;
  now: Date;
  minute: Date;
  day: number;
  nextDay: Date;
}): SenderPool {
  const byChannel = Map.groupBy(entries.values(), ({ sender }) => sender.channel);
  /** Threads that begin here, with how many messages of this batch go out in each. */
  const begun = new Map<string, { leadId: string; channel: Channel; senderId: string; uses: number }>();
  const threadOf = ({ leadId, channel }: Wanting) => (leadId === null ? null : `${channel} ${leadId}`);
  const stickyOf = (wanting: Wanting) => {
    const thread = threadOf(wanting);
    const id = thread === null ? undefined : threads.get(thread);
    return id !== undefined && entries.has(id) ? id : null;
  };

  function take(wanting: Wanting): AssignedSender | Extract<Choice, { kind: "none" }> {
    const candidates = (byChannel.get(wanting.channel) ?? []).map(({ candidate }) => candidate);
    const choice = chooseSender(candidates, stickyOf(wanting));
    if (choice.kind === "none") return choice;
    const entry = entries.get(choice.id);
    if (!entry) throw new Error(`The sender ${choice.id} was chosen, and is not in the pool`);
    const { candidate, sender } = entry;
    candidate.dayLeft -= 1;
    candidate.minuteLeft -= 1;
    candidate.lastUsedAt = minute.getTime();
    entry.taken += 1;
    const thread = threadOf(wanting);
    if (thread !== null && wanting.leadId !== null && !threads.has(thread)) {
      threads.set(thread, sender.id);
      begun.set(thread, { leadId: wanting.leadId, channel: wanting.channel, senderId: sender.id, uses: 0 });
    }
    const own = thread === null ? undefined : begun.get(thread);
    if (own) own.uses += 1;
    return { id: sender.id, address: sender.address, displayName: sender.displayName, day };
  }

  /** Until when each of those who got no sender waits, and why. */
  function holdsOf(lacking: readonly { wanting: Wanting; lack: Extract<Choice, { kind: "none" }> }[]): Hold[] {
    const queues = new Map<string, number>();
    return lacking.map(({ wanting, lack }) => {
      const own = lack.id === null ? undefined : entries.get(lack.id);
      const open = own
        ? [own]
        : (byChannel.get(wanting.channel) ?? []).filter(({ candidate }) => candidate.takesNew && !candidate.isHeld);
      if (lack.lack === "held" || lack.lack === "closed") {
        const detail = own?.whyHeld ?? "no sender of the channel takes new leads now";
        return { detail, until: new Date(now.getTime() + HELD_RETRY_MS) };
      }
      const who = own ? `the sender ${own.sender.address} has` : "the senders of the channel have";
      const queue = own ? own.sender.id : wanting.channel;
      const place = queues.get(queue) ?? 0;
      queues.set(queue, place + 1);
      const sum = (of: (entry: Entry) => number) => open.reduce((total, entry) => total + Math.max(0, of(entry)), 0);
      const limit = sum(({ candidate }) => candidate.dayLimit);
      // Beyond what the day has left, nobody need ask again today.
      if (lack.lack === "day" || place >= sum(({ candidate }) => candidate.dayLeft))
        return { detail: `${who} sent ${limit} today, as many as a day allows`, until: nextDay };
      const perMinute = sum(({ sender }) => sender.perMinute);
      const minutes = Math.min(FURTHEST_MINUTE, 1 + Math.floor(place / perMinute));
      const until = new Date(Math.min(minute.getTime() + minutes * MINUTE_MS, nextDay.getTime()));
      return { detail: `${who} used up ${perMinute} a minute`, until };
    });
  }

  return {
    has: (channel) => byChannel.has(channel),
    assign(wanting) {
      const places = [...wanting.keys()];
      const answers = new Map<number, Assignment>();
      const lacking: { place: number; wanting: Wanting; lack: Extract<Choice, { kind: "none" }> }[] = [];
      const isSticky = (place: number) => {
        const one = wanting[place];
        return one !== undefined && stickyOf(one) !== null;
      };
      for (const place of [...places.filter(isSticky), ...places.filter((one) => !isSticky(one))]) {
        const one = wanting[place];
        if (!one) continue;
        const taken = take(one);
        if ("kind" in taken) lacking.push({ place, wanting: one, lack: taken });
        else answers.set(place, { kind: "sender", sender: taken });
      }
      const holds = holdsOf(lacking);
      for (const [index, { place }] of lacking.entries()) {
        const hold = holds[index];
        if (hold) answers.set(place, { kind: "hold", hold });
      }
      return places.flatMap((place) => answers.get(place) ?? []);
    },
    release(wanting, { id }) {
      const entry = entries.get(id);
      if (!entry) return;
      entry.taken -= 1;
      entry.candidate.dayLeft += 1;
      entry.candidate.minuteLeft += 1;
      const thread = threadOf(wanting);
      const own = thread === null ? undefined : begun.get(thread);
      if (thread === null || !own) return;
      own.uses -= 1;
      // Another message of the batch may still go out in it, from this sender.
      if (own.uses > 0) return;
      begun.delete(thread);
      threads.delete(thread);
    },
    async book(tx) {
      const taken = [...entries.values()].flatMap(({ sender, taken: count }) =>
        count > 0 ? [{ senderId: sender.id, count }] : [],
      );
      await addUse(tx, day, minute, taken);
      await keepThreadSenders(tx, [...begun.values()]);
    },
  };
}
