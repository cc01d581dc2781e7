import type { Channel } from "#domains/messaging/index.ts";
import type { Act } from "./behaviour.ts";
import { type BudgetRules, keepBudgets } from "./budgets.ts";
import type { RowFault, Touch } from "./observe.ts";
import { type Reading, inside, lawful, nextDate, read } from "./oracle.ts";
import { rememberCompanies } from "./companies.ts";
import { rememberPeople } from "./people.ts";

type Window = { days: readonly number[]; start: string; end: string; zone?: string };

/** `key` tells the lead in a repeated run, as its id may not. */
export type LeadRule = { key: string; zone: string; country: string | null; tier?: string; company?: string };
export type SequenceRule = {
  key: string;
  window: Window | null;
  stopOnReply: boolean;
  /** Where a reply stops, it stops all of the same company. */
  sameCompany?: boolean;
  /** Lets in only whom nothing was sent to for so many days. */
  silentDays?: number;
  /** For whom a step is, by its place; the others are for everybody. */
  meantFor?: ReadonlyMap<number, (lead: LeadRule) => boolean>;
};

/** What the touches of a run are held against. */
export type Rules = {
  leads: ReadonlyMap<string, LeadRule>;
  sequences: ReadonlyMap<string, SequenceRule>;
  senders: BudgetRules["senders"];
  settings: BudgetRules["settings"] & {
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
const DAY_MS = 86_400_000;

/** Holds every touch against the rules, by the plainest reading of them. Shares nothing with the engine but the rows it is told of. */
export function keepWatch(rules: Rules) {
  const violations: Violation[] = [];
  const people = rememberPeople((id) => rules.sequences.get(id)?.stopOnReply === true);
  const companies = rememberCompanies(rules);
  const budgets = keepBudgets(rules);
  const handed = new Map<string, { messageId: string; mayBeOut: boolean }>();
  /** Sequences and campaigns that stand still. */
  const held = new Set<string>();
  /** How far each run of an enrollment has come. */
  const reached = new Map<string, number>();
  for (const { leadId, channel, at } of rules.earlier) {
    people.count(leadId, { channel, at: at.getTime(), messageId: "" });
  }

  /** Every rule that a touch breaks. */
  function faultsOf(touch: Touch): string[] {
    const { leadId, executionId, messageId, channel } = touch;
    const at = touch.at.getTime();
    const before = handed.get(executionId ?? messageId);
    const twice = [
      ...(before && (before.mayBeOut || before.messageId !== messageId) ? ["handed over twice"] : []),
      ...budgets.faultsOf(touch),
    ];
    if (touch.purpose !== "sequence" || leadId === null) return twice;
    const lead = rules.leads.get(leadId);
    const sequence = rules.sequences.get(touch.sequenceId ?? "");
    if (!lead || !sequence) return [...twice, "to a lead or of a sequence that is not there"];
    const { settings } = rules;
    const there = read(lead.zone, at);
    const window = sequence.window ?? settings.sendWindow;
    const office: Reading = window.zone ? read(window.zone, at) : there;
    const others = people.counted(leadId).filter((other) => other.messageId !== messageId);
    // In the calendar of whoever the lead is now: of two who became one, the other may live elsewhere.
    const lately = others
      .filter((other) => other.at > at - 9 * DAY_MS)
      .map((other) => ({ ...other, date: read(lead.zone, other.at).date }));
    const today = lately.filter((other) => other.date === there.date);
    const onChannel = today.filter((other) => other.channel === channel);
    const week = lately.filter(({ date }) => date <= there.date && date >= nextDate(there.date, -6));
    return [
      ...twice,
      ...people.refusals(touch, leadId, sequence.stopOnReply),
      ...(companies.hasAnswered(touch) ? ["after a colleague's reply"] : []),
      ...standing(touch, lead, sequence, others),
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

  /** What the touch's own sequence forbids. */
  function standing(touch: Touch, lead: LeadRule, sequence: SequenceRule, others: readonly { at: number }[]): string[] {
    const { sequenceId, campaignId, enrolledAt, enrollmentId, run, stepOrder } = touch;
    const way = `${enrollmentId} ${run}`;
    const last = reached.get(way);
    const came = enrolledAt?.getTime() ?? 0;
    const { silentDays = 0, meantFor } = sequence;
    // A merge since then has brought touches that were another's when this lead was let in.
    const isFirst = last === undefined && people.isAsAt(touch.leadId ?? "", came);
    const lately = isFirst && others.some(({ at }) => came - silentDays * DAY_MS < at && at < came);
    reached.set(way, Math.max(last ?? 0, stepOrder ?? 0));
    return [
      ...(sequenceId !== null && held.has(sequenceId) ? ["while its sequence was paused"] : []),
      ...(campaignId !== null && held.has(campaignId) ? ["while its campaign was paused"] : []),
      ...(meantFor?.get(stepOrder ?? -1)?.(lead) === false ? ["of a step that is not meant for this lead"] : []),
      ...(lately ? ["let in although something was sent lately"] : []),
      ...(stepOrder !== null && last !== undefined && stepOrder < last ? ["behind a later step"] : []),
    ];
  }

  return {
    violations,
    people,
    /** A sequence or campaign stands still, or goes on. */
    hold: (id: string) => void held.add(id),
    letGo: (id: string) => void held.delete(id),

    /** A hand-over, in the order of the transcript. */
    see(touch: Touch): void {
      const lead = rules.leads.get(touch.leadId ?? "")?.key ?? touch.leadId ?? "nobody";
      const step = touch.stepOrder === null ? touch.purpose : `step ${touch.stepOrder}`;
      for (const fault of faultsOf(touch))
        violations.push({ at: touch.at, lead, what: `${touch.channel} (${step}, ${touch.to}) ${fault}` });
      companies.see(touch);
      const mayBeOut = touch.outcome === "accepted" || touch.outcome === "unknown";
      handed.set(touch.executionId ?? touch.messageId, { messageId: touch.messageId, mayBeOut });
      if (!mayBeOut || touch.leadId === null || touch.purpose !== "sequence") return;
      people.count(touch.leadId, { channel: touch.channel, at: touch.at.getTime(), messageId: touch.messageId });
    },

    /** What the other side did about a touch, once it has been taken in. */
    hear(touch: Touch, act: Act, from: Date): void {
      people.hear(touch, act, from.getTime());
      if (act.kind === "reply") companies.hear(touch, from.getTime());
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
