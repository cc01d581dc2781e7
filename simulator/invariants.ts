import type { Channel } from "#domains/messaging/index.ts";
import type { Act } from "./behaviour.ts";
import type { RowFault, Touch } from "./observe.ts";
import { type Reading, inside, lawful, nextDate, read } from "./oracle.ts";

type Window = { days: readonly number[]; start: string; end: string; zone?: string };

/** What the touches of a run are held against. */
export type Rules = {
  /** `key` tells the lead in a repeated run, as its id may not. */
  leads: ReadonlyMap<string, { key: string; zone: string; country: string | null }>;
  sequences: ReadonlyMap<string, { key: string; window: Window | null; stopOnReply: boolean }>;
  settings: {
    sendWindow: Window;
    holidays: readonly string[];
    capPerChannelPerDay: number;
    capPerDay: number | null;
    capPerWeek: number;
    minGapMinutes: number | null;
  };
  /** Touches from before the run, which caps count too. */
  earlier: readonly { leadId: string; channel: Channel; at: Date }[];
};

/** A broken rule, with what a person needs to look at it. */
export type Violation = { at: Date; lead: string; what: string };

const MINUTE_MS = 60_000;

type Counted = { channel: Channel; date: string; at: number; messageId: string };
/** Somebody's no, from when on, and what it closed. */
type No = {
  from: number;
  /** Addresses of these channels, for ever. */
  closed: readonly Channel[];
  to: string;
  /** Ends sequences: all that the lead was in, or those that stop on reply. */
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

/** Holds every touch against the rules, by the plainest reading of them. Shares nothing with the engine but the rows it is told of. */
export function keepWatch(rules: Rules) {
  const violations: Violation[] = [];
  const nos = new Map<string, No[]>();
  const handed = new Map<string, { messageId: string; mayBeOut: boolean }>();
  const counted = new Map<string, Counted[]>();
  for (const { leadId, channel, at } of rules.earlier) {
    const zone = rules.leads.get(leadId)?.zone;
    if (zone) count(leadId, { channel, date: read(zone, at.getTime()).date, at: at.getTime(), messageId: "" });
  }

  function count(leadId: string, touch: Counted): void {
    const known = counted.get(leadId);
    if (known) known.push(touch);
    else counted.set(leadId, [touch]);
  }

  /** Every rule that a touch breaks. */
  function faultsOf(touch: Touch): string[] {
    const { leadId, executionId, messageId, channel, to } = touch;
    const at = touch.at.getTime();
    const before = handed.get(executionId ?? messageId);
    const twice = before && (before.mayBeOut || before.messageId !== messageId) ? ["handed over twice"] : [];
    if (touch.purpose !== "sequence" || leadId === null) return twice;
    const lead = rules.leads.get(leadId);
    const sequence = rules.sequences.get(touch.sequenceId ?? "");
    if (!lead || !sequence) return [...twice, "to a lead or of a sequence that is not there"];
    const { settings } = rules;
    const there = read(lead.zone, at);
    const window = sequence.window ?? settings.sendWindow;
    const office: Reading = window.zone ? read(window.zone, at) : there;
    const others = (counted.get(leadId) ?? []).filter((other) => other.messageId !== messageId);
    const today = others.filter((other) => other.date === there.date);
    const onChannel = today.filter((other) => other.channel === channel);
    const week = others.filter(({ date }) => date <= there.date && date >= nextDate(there.date, -6));
    const refused = (nos.get(leadId) ?? []).filter(
      (no) =>
        no.from < at &&
        ((no.closed.includes(channel) && no.to === to) ||
          ((no.ends === "all" || (no.ends === "stopping" && sequence.stopOnReply)) &&
            (touch.enrolledAt?.getTime() ?? at) < no.from)),
    );
    return [
      ...twice,
      ...refused.map(({ why }) => why),
      ...(inside(window, office) ? [] : ["outside the window"]),
      ...(lawful(channel, lead.country, there) ? [] : ["outside the legal hours"]),
      ...(settings.holidays.includes(office.date) ? ["on a holiday"] : []),
      ...(onChannel.length < settings.capPerChannelPerDay ? [] : ["over the channel's cap of the day"]),
      ...(today.length < (settings.capPerDay ?? Infinity) ? [] : ["over the cap of the day"]),
      ...(week.length < settings.capPerWeek ? [] : ["over the cap of the week"]),
      ...(others.every((other) => Math.abs(at - other.at) >= (settings.minGapMinutes ?? 0) * MINUTE_MS)
        ? []
        : ["too soon after another"]),
    ];
  }

  return {
    violations,

    /** A hand-over, in the order of the transcript. */
    see(touch: Touch): void {
      const lead = rules.leads.get(touch.leadId ?? "")?.key ?? touch.leadId ?? "nobody";
      const step = touch.stepOrder === null ? touch.purpose : `step ${touch.stepOrder}`;
      for (const fault of faultsOf(touch))
        violations.push({ at: touch.at, lead, what: `${touch.channel} (${step}, ${touch.to}) ${fault}` });
      const mayBeOut = touch.outcome === "accepted" || touch.outcome === "unknown";
      handed.set(touch.executionId ?? touch.messageId, { messageId: touch.messageId, mayBeOut });
      if (!mayBeOut || touch.leadId === null || touch.purpose !== "sequence") return;
      const zone = rules.leads.get(touch.leadId)?.zone ?? "UTC";
      const { date } = read(zone, touch.at.getTime());
      count(touch.leadId, { channel: touch.channel, date, at: touch.at.getTime(), messageId: touch.messageId });
    },

    /** What the other side did about a touch, once it has been taken in. */
    hear(touch: Touch, act: Act, from: Date): void {
      const no = touch.leadId === null ? null : noOf(touch, act, from.getTime());
      if (!no || touch.leadId === null) return;
      const known = nos.get(touch.leadId);
      if (known) known.push(no);
      else nos.set(touch.leadId, [no]);
    },

    /** Faults of the rows at an instant. */
    note(faults: readonly RowFault[], at: Date): void {
      for (const { what, leadId, id } of faults)
        violations.push({
          at,
          lead: rules.leads.get(leadId ?? "")?.key ?? leadId ?? "nobody",
          what: `${what} (${id})`,
        });
    },
  };
}
export type Watch = ReturnType<typeof keepWatch>;
