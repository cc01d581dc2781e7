import type { Context } from "#platform/context.ts";
import type { ActiveProvider } from "#platform/integrations/providers.ts";
import { getWorkspaceSettings, type WorkspaceSettings } from "#domains/accounts/index.ts";
import {
  findLeadsByIdentity,
  listHeldBases,
  listLeadsForSend,
  listSuppressions,
  lockLeads,
  type LeadForSend,
} from "#domains/leads/index.ts";
import { type BudgetLease, minuteOf } from "./budget.ts";
import { CAP_HORIZON_DAYS, DEFAULT_CAPS, type Touch } from "./caps.ts";
import { channelDay } from "./channel-days.ts";
import type { Channel } from "./channels.ts";
import { basesAsked } from "./consent.ts";
import { legalFloor } from "./floors.ts";
import { type GateFacts, type Hold, type Override, type Verdict, runGate } from "./gate.ts";
import type { ExtraRulings } from "./hooks.ts";
import { loadTouches, reserveBudget, reserveDay } from "./queries/facts.ts";
import { claimProbe, listOpenTrips } from "./queries/vendor-trips.ts";
import { type AssignedSender, type SenderPool, openPool } from "./senders/pool.ts";
import { spreadOverMinutes } from "./spread.ts";
import { PROBES, type VendorTrip, retryAtAfter, tripHold } from "./vendor-health.ts";
import { type Tracking, trackingOf } from "./tracking/track.ts";
import type { SendWindow } from "./window.ts";

/** One message that wants to go out now: what the gate must know beside what it looks up. */
export type Ask = {
  /** The caller's own key for the answer. */
  key: string;
  leadId: string;
  channel: Channel;
  /** Where it goes, when that is written already; null for what will be written to the lead's address of today. */
  to: string | null;
  priority: number;
  /** The message's own attempt, so that it does not count against itself. */
  attemptId: string | null;
  /** A window of the sequence instead of the workspace's. */
  window: SendWindow | null;
  allowStatuses: readonly string[] | null;
  extra: ExtraRulings;
  /** A touch is held by caps and windows; a confirmation that a person asked for (STOP, HELP) is not. */
  isTouch: boolean;
  override: Override | null;
};

export type Judged = {
  kind: "judged";
  verdict: Verdict;
  lead: LeadForSend | null;
  address: string | null;
  /** Whom it goes out from, of the channel's senders; null where the channel has none, and while it may not go. */
  sender: AssignedSender | null;
  /** It tries a paused vendor, since then; null for all others. */
  probeAt: Date | null;
};
/** `busy`: another transaction is deciding about this lead at this moment. Ask again on the next turn. */
export type Judgement = Judged | { kind: "busy" };

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const NO_VENDOR_RETRY_MS = 5 * MINUTE_MS;

/** What the gate needs that is the same for the whole batch. */
export type Surroundings = {
  settings: WorkspaceSettings;
  providers: ReadonlyMap<Channel, ActiveProvider | null>;
  /** The vendors that are paused because they kept failing, by their names. */
  trips: ReadonlyMap<string, VendorTrip>;
  /** What of its messages is noted. */
  tracking: Tracking;
  /** What this process has reserved ahead of the channels' minutes. */
  lease?: BudgetLease;
  /** How many in all are due now, these among them: over how many minutes those are spread whom the limit holds back. */
  backlog?: (ctx: Context) => Promise<number>;
};

/** A `lease` is filled again here; with one, call outside a transaction. */
export async function loadSurroundings(
  ctx: Context,
  channels: Iterable<Channel>,
  lease?: BudgetLease,
): Promise<Surroundings> {
  const settings = await getWorkspaceSettings(ctx);
  const providers = new Map<Channel, ActiveProvider | null>();
  for (const channel of new Set(channels))
    providers.set(channel, asWorkspace(await ctx.providers.active(ctx, channel), settings));
  await lease?.refill(ctx, (channel) => perMinute(settings, channel));
  const trips = new Map((await listOpenTrips(ctx)).map((trip) => [trip.provider, trip]));
  return { settings, providers, trips, tracking: trackingOf(settings, ctx.providers.publicUrl), lease };
}

/** The sandbox that stands in for a vendor has no address of its own: mail comes from the workspace's, as it would from the vendor's. */
const asWorkspace = (provider: ActiveProvider | null, { senderEmail }: WorkspaceSettings): ActiveProvider | null =>
  provider?.channel === "EMAIL" && provider.integrationId === null && senderEmail
    ? { ...provider, from: senderEmail }
    : provider;

/**
 * Puts a batch of messages before the gate. Locks their leads until the transaction ends, so that two senders cannot both find a cap
 * unreached and a STOP that arrives meanwhile waits for the rows it must cancel. A fixed number of statements, whatever the size.
 */
export async function judge(tx: Context, asks: readonly Ask[], around: Surroundings): Promise<Map<string, Judgement>> {
  const now = tx.now();
  const answers = new Map<string, Judgement>();
  const leadIds = [...new Set(asks.map((ask) => ask.leadId))];
  const locked = await lockLeads(tx, leadIds);
  const leads = await listLeadsForSend(tx, [...locked.held]);
  const written = addressesIn(asks);
  const suppressed = await listSuppressions(tx, [...addressesOf(leads.values()), ...written]);
  const holders = await findLeadsByIdentity(tx, written);
  const { settings } = around;
  const isAsked = asks.some(({ channel, isTouch }) => isTouch && settings.consentPolicy[channel] === true);
  const consents = isAsked ? await listHeldBases(tx, [...locked.held]) : null;
  const touches = await loadTouches(tx, [...locked.held], new Date(now.getTime() - CAP_HORIZON_DAYS * DAY_MS));

  const ordered = asks.toSorted((a, b) => b.priority - a.priority);
  const going: GoingByChannel = new Map();
  for (const ask of ordered) {
    if (locked.busy.has(ask.leadId)) {
      answers.set(ask.key, { kind: "busy" });
      continue;
    }
    const lead = leads.get(ask.leadId) ?? null;
    const own = lead ? (ask.channel === "EMAIL" ? lead.email : lead.phone) : null;
    const address = lead ? (ask.to ?? own) : null;
    const isTheirs = address === own || holders.get(`${kindOf(ask.channel)} ${ask.to}`)?.includes(ask.leadId) === true;
    const before = touchesOf(touches, ask);
    const facts: GateFacts = {
      channel: ask.channel,
      lead: lead ? { status: lead.status, erasedAt: lead.erasedAt, zone: lead.timeZone } : null,
      allowStatuses: ask.allowStatuses,
      address: address ? { value: address, fault: isTheirs ? null : "the lead no longer has this address" } : null,
      suppression: address && ask.isTouch ? (suppressed.find(ask.channel, address) ?? null) : null,
      consent: {
        required: ask.isTouch
          ? basesAsked(ask.channel, lead?.country ?? settings.country, settings.consentPolicy)
          : null,
        held: consents?.of(ask.leadId, ask.channel) ?? [],
      },
      caps: ask.isTouch ? { touches: before, rules: capRules(around.settings) } : null,
      window: ask.isTouch
        ? {
            window: ask.window ?? around.settings.sendWindow,
            floor: legalFloor(ask.channel, lead?.country ?? around.settings.country),
            holidays: around.settings.holidays,
          }
        : null,
      channelLimit: null,
      vendor: vendorHold(around, ask.channel, now),
      extra: ask.extra,
      override: ask.override,
    };
    const judged: Judged = { kind: "judged", verdict: runGate(facts, now), lead, address, sender: null, probeAt: null };
    answers.set(ask.key, judged);
    if (judged.verdict.result.kind !== "send") continue;
    // The next message of this batch to the same lead must see this one.
    if (ask.isTouch) remember(touches, ask, now);
    going.set(ask.channel, [...(going.get(ask.channel) ?? []), { ask, facts, judged }]);
  }
  await holdBehindProbes(tx, going, around, now);
  const pool = await openPool(
    tx,
    [...going.values()].flat().map(({ ask }) => ask),
    around,
  );
  if (pool) assignSenders(pool, going, now);
  await holdOverBudget(tx, going, around, now);
  if (pool) await bookSenders(tx, pool, going);
  return answers;
}

/** Those of a batch who may go, by channel, the most important first. */
type GoingByChannel = Map<Channel, { ask: Ask; facts: GateFacts; judged: Judged }[]>;

/** Of those who wait for a paused vendor whose time has come, a few try it; the others wait for what these find out. */
async function holdBehindProbes(tx: Context, going: GoingByChannel, around: Surroundings, now: Date): Promise<void> {
  for (const [channel, list] of going) {
    const trip = tripOf(around, channel);
    if (!trip) continue;
    const probes = (await claimProbe(tx, trip.provider, now)) ? list.slice(0, PROBES) : [];
    const vendor: Hold = {
      detail: `the vendor keeps failing since ${trip.trippedAt.toISOString()}, and is being tried again`,
      until: retryAtAfter(trip.trips + 1, now),
    };
    for (const { facts, judged } of list.slice(probes.length)) judged.verdict = runGate({ ...facts, vendor }, now);
    for (const { judged } of probes) judged.probeAt = now;
    going.set(channel, probes);
  }
}

function tripOf({ providers, trips }: Surroundings, channel: Channel): VendorTrip | null {
  const vendor = providers.get(channel)?.vendor;
  return (vendor && trips.get(vendor.name)) ?? null;
}

/** Each message gets its sender, or waits for one; only those that have one go on. */
function assignSenders(pool: SenderPool, going: GoingByChannel, now: Date): void {
  for (const [channel, list] of going) {
    if (!pool.has(channel)) continue;
    const assigned = pool.assign(list.map(({ ask }) => ask));
    for (const [place, { facts, judged }] of list.entries()) {
      const answer = assigned[place];
      if (answer?.kind === "sender") judged.sender = answer.sender;
      else if (answer) judged.verdict = runGate({ ...facts, channelLimit: answer.hold }, now);
    }
    going.set(
      channel,
      list.filter(({ judged }) => judged.sender !== null),
    );
  }
}

/** What the channel had no room for takes no place of its sender's either. */
async function bookSenders(tx: Context, pool: SenderPool, going: GoingByChannel): Promise<void> {
  for (const { ask, judged } of [...going.values()].flat()) {
    if (judged.sender === null || judged.verdict.result.kind === "send") continue;
    pool.release(ask, judged.sender);
    judged.sender = null;
  }
  await pool.book(tx);
}

type LoadedTouch = Touch & { attemptId: string | null };

function touchesOf(touches: Map<string, LoadedTouch[]>, ask: Ask): Touch[] {
  const all = touches.get(ask.leadId) ?? [];
  return ask.attemptId ? all.filter((touch) => touch.attemptId !== ask.attemptId) : [...all];
}

function remember(touches: Map<string, LoadedTouch[]>, ask: Ask, at: Date): void {
  const known = touches.get(ask.leadId) ?? [];
  // A retry is already among them.
  if (ask.attemptId && known.some((touch) => touch.attemptId === ask.attemptId)) return;
  touches.set(ask.leadId, [...known, { channel: ask.channel, at, attemptId: ask.attemptId }]);
}

/** Reserves the minute's budget of each channel for those who may go, and the day's; whoever is over it waits for one that has room. */
async function holdOverBudget(
  tx: Context,
  going: GoingByChannel,
  { settings, lease, backlog }: Surroundings,
  now: Date,
): Promise<void> {
  for (const [channel, list] of [...going].toSorted(([a], [b]) => a.localeCompare(b))) {
    const limit = perMinute(settings, channel);
    const minute = minuteOf(now);
    const ahead = lease?.take(channel, minute, list.length) ?? 0;
    const missing = list.length - ahead;
    const granted = ahead + (missing > 0 ? await reserveBudget(tx, channel, minute, missing, limit) : 0);
    const today = channelDay(settings, channel, now);
    const ofDay = today && granted > 0 ? await reserveDay(tx, channel, today, granted) : granted;
    if (today)
      for (const { facts, judged } of list.slice(ofDay, granted)) {
        judged.verdict = runGate({ ...facts, channelLimit: { detail: today.detail, until: today.until } }, now);
      }
    const over = list.slice(granted);
    if (over.length === 0) continue;
    const waiting = Math.max(over.length, (await backlog?.(tx)) ?? 0);
    const minutes = spreadOverMinutes(over.length, waiting, limit);
    for (const [place, { facts, judged }] of over.entries()) {
      const hold: Hold = {
        detail: `the channel's ${limit} a minute are used up`,
        until: new Date(minute.getTime() + (minutes[place] ?? 1) * MINUTE_MS),
      };
      judged.verdict = runGate({ ...facts, channelLimit: hold }, now);
    }
  }
}

/** How many messages of a channel the workspace lets out in a minute. */
export function perMinute(settings: WorkspaceSettings, channel: Channel): number {
  if (channel === "EMAIL") return settings.emailPerMinute;
  return channel === "SMS" ? settings.smsPerMinute : settings.callPerMinute;
}

const capRules = (settings: WorkspaceSettings) => ({
  ...DEFAULT_CAPS,
  perChannelPerDay: settings.capPerChannelPerDay,
  perWeek: settings.capPerWeek,
  perDay: settings.capPerDay,
  minGapMinutes: settings.minGapMinutes,
});

function vendorHold(around: Surroundings, channel: Channel, now: Date): Hold | null {
  if (around.providers.get(channel)) return tripHold(tripOf(around, channel), now);
  return { detail: `no active integration for ${channel}`, until: new Date(now.getTime() + NO_VENDOR_RETRY_MS) };
}

const kindOf = (channel: Channel) => (channel === "EMAIL" ? ("EMAIL" as const) : ("PHONE" as const));

const addressesIn = (asks: readonly Ask[]): { kind: "EMAIL" | "PHONE"; value: string }[] =>
  asks.flatMap(({ channel, to }) => (to === null ? [] : [{ kind: kindOf(channel), value: to }]));

function addressesOf(leads: Iterable<LeadForSend>): { kind: "EMAIL" | "PHONE"; value: string }[] {
  const addresses: { kind: "EMAIL" | "PHONE"; value: string }[] = [];
  for (const lead of leads) {
    if (lead.email) addresses.push({ kind: "EMAIL", value: lead.email });
    if (lead.phone) addresses.push({ kind: "PHONE", value: lead.phone });
  }
  return addresses;
}
