import { type CapRules, type Touch, capInWords, whyNotCap } from "./caps.ts";
import type { Channel } from "./channels.ts";
import type { ConsentBasis } from "./consent.ts";
import type { LegalFloor } from "./floors.ts";
import { ALWAYS_OPEN, type SendWindow, hoursInWords, nextOpen } from "./window.ts";
import { isTimeZone } from "./zone.ts";

/** The questions every outbound message must pass, in this order; the first refusal decides. */
export const CHECKS = [
  "lead",
  "status",
  "active",
  "address",
  "suppression",
  "consent",
  "conditions",
  "caps",
  "window",
  "channel_limit",
  "vendor",
] as const;
export type Check = (typeof CHECKS)[number];

export const CHECK_OUTCOMES = ["pass", "wait", "skip", "stop", "not_applicable"] as const;
export type CheckOutcome = (typeof CHECK_OUTCOMES)[number];

/** What a person with the permission and a reason may overrule. Suppression, consent and legal floors are not among them. */
export const OVERRIDABLE_CHECKS = ["status", "conditions", "caps", "window"] as const satisfies readonly Check[];
export type OverridableCheck = (typeof OVERRIDABLE_CHECKS)[number];

/** A person's decision to send in spite of these checks, with their reason. */
export type Override = { checks: readonly OverridableCheck[]; reason: string };

/** One answered question, plain JSON. `until` (ISO 8601) goes with `wait`: the earliest time to ask again. */
export type CheckResult = { check: Check; outcome: CheckOutcome; detail: string; until?: string };

/** An answer that a higher domain has worked out itself. */
export type Ruling =
  | { outcome: Exclude<CheckOutcome, "wait">; detail: string; until?: undefined }
  | { outcome: "wait"; detail: string; until: Date };

/** Something that holds messages back for now, and until when. */
export type Hold = { detail: string; until: Date };

/** Everything the gate is told; it looks up nothing. A null group means that the question does not arise for this message. */
export type GateFacts = {
  channel: Channel;
  /** Null when the lead no longer exists. `zone` is an IANA name. */
  lead: { status: string; erasedAt: Date | null; zone: string } | null;
  /** Statuses that may be written to; without it all but CONVERTED and LOST. */
  allowStatuses?: readonly string[] | null;
  /** The address for this channel: null when the lead has none; a `fault` says why this one is not valid. */
  address: { value: string; fault: string | null } | null;
  /** The suppression in force for that address on this channel. */
  suppression: { reason: string; scope: "ALL" | Channel } | null;
  /** `required` as `requiredBases` answers; `held` the bases on record for this lead and channel. */
  consent: { required: readonly ConsentBasis[] | null; held: readonly ConsentBasis[] };
  caps: { touches: readonly Touch[]; rules: CapRules } | null;
  window: { window: SendWindow; floor: LegalFloor | null; holidays: readonly string[] } | null;
  /** The sender's or the channel's budget, spent until then; null while there is some left. */
  channelLimit: Hold | null;
  /** The vendor, tripped or paused until then; null while it is healthy. */
  vendor: Hold | null;
  /** Answers of higher domains; of several in one slot the strictest counts. */
  extra?: { active?: readonly Ruling[]; conditions?: readonly Ruling[] };
  /** A person's decision to send in spite of these checks. */
  override?: Override | null;
};

export type GateResult =
  | { kind: "send" }
  | { kind: "wait"; check: Check; reason: string; until: string }
  | { kind: "skip"; check: Check; reason: string }
  | { kind: "stop"; check: Check; reason: string };

/** Plain JSON, stored as it is with the attempt or the execution. `checks` holds every check of CHECKS, in order. */
export type Verdict = { result: GateResult; checks: CheckResult[] };

/** Statuses nobody writes to unless the sequence says so. */
export const STATUSES_LEFT_ALONE = ["CONVERTED", "LOST"] as const;

const pass = (detail: string): Ruling => ({ outcome: "pass", detail });
const skip = (detail: string): Ruling => ({ outcome: "skip", detail });
const stop = (detail: string): Ruling => ({ outcome: "stop", detail });
const notApplicable = (detail: string): Ruling => ({ outcome: "not_applicable", detail });

const SEVERITY = { not_applicable: 0, pass: 1, wait: 2, skip: 3, stop: 4 } as const satisfies Record<
  CheckOutcome,
  number
>;

function strictest(rulings: readonly Ruling[] | undefined): Ruling {
  let worst = notApplicable("nothing to check");
  for (const ruling of rulings ?? []) {
    const later = ruling.outcome === "wait" && worst.outcome === "wait" && ruling.until > worst.until;
    if (later || SEVERITY[ruling.outcome] > SEVERITY[worst.outcome]) worst = ruling;
  }
  return worst;
}

function checkStatus({ lead, allowStatuses }: GateFacts): Ruling {
  if (!lead) return notApplicable("no lead");
  const allowed = allowStatuses
    ? allowStatuses.includes(lead.status)
    : !STATUSES_LEFT_ALONE.some((status) => status === lead.status);
  return allowed ? pass(`the lead is ${lead.status}`) : stop(`a lead that is ${lead.status} is not contacted here`);
}

function checkAddress({ address, channel, lead }: GateFacts): Ruling {
  if (!lead) return notApplicable("no lead");
  if (!address) return skip(channel === "EMAIL" ? "the lead has no e-mail address" : "the lead has no phone number");
  return address.fault ? skip(`${address.value}: ${address.fault}`) : pass(address.value);
}

function checkSuppression({ suppression, address }: GateFacts): Ruling {
  if (!address) return notApplicable("no address");
  if (!suppression) return pass("not suppressed");
  // A dead mailbox says nothing about the phone, and who turned off one channel has kept the others: the sequence goes on over those. Everything
  // else is a person's no.
  if (suppression.scope !== "ALL") {
    if (suppression.reason === "HARD_BOUNCE") return skip("the address bounced");
    if (suppression.reason === "UNSUBSCRIBE") return skip("the person turned this channel off");
  }
  return stop(`the address is suppressed (${suppression.reason})`);
}

function checkConsent({ consent: { required, held } }: GateFacts): Ruling {
  if (!required) return pass("no basis is asked for");
  const basis = held.find((one) => required.includes(one));
  return basis ? pass(`on the basis of ${basis}`) : skip(`needs ${required.join(" or ")}, and none is on record`);
}

function checkCaps({ caps, channel, lead }: GateFacts, at: Date): Ruling {
  if (!lead || !isTimeZone(lead.zone)) return notApplicable("no lead with a time zone");
  if (!caps) return notApplicable("not counted");
  const reached = whyNotCap({ ...caps, channel, at, zone: lead.zone });
  return reached
    ? {
        outcome: "wait",
        detail: `already written to as often as the limits allow: ${capInWords(reached)}`,
        until: reached.until,
      }
    : pass("under the caps");
}

function checkWindow({ window: hours, lead }: GateFacts, at: Date): Ruling {
  if (!lead) return notApplicable("no lead");
  if (!hours) return notApplicable("sent at any hour");
  const { window, floor, holidays } = hours;
  const clock = window.zone ?? lead.zone;
  if (!isTimeZone(lead.zone) || !isTimeZone(clock))
    return skip(`"${isTimeZone(clock) ? lead.zone : clock}" is not a time zone`);
  const open = nextOpen(at, lead.zone, window, floor, holidays);
  const words = `${hoursInWords(window)} ${clock}`;
  const limits = floor ? `, within the legal hours (${floor.source})` : "";
  if (!open) return skip(`the window ${words}${limits} never opens`);
  return open.getTime() === at.getTime()
    ? pass(`open: ${words}${limits}`)
    : { outcome: "wait", detail: `closed: ${words}${limits}`, until: open };
}

/** A hold that has run out is none, whoever forgot to clear it. */
const hold = (held: Hold | null, at: Date, otherwise: string): Ruling =>
  held && held.until > at ? { outcome: "wait", ...held } : pass(otherwise);

function checkLead({ lead }: GateFacts): Ruling {
  if (!lead) return stop("the lead no longer exists");
  return lead.erasedAt ? stop("the lead was erased") : pass("the lead exists");
}

const ANSWERS: Readonly<Record<Check, (facts: GateFacts, at: Date) => Ruling>> = {
  lead: checkLead,
  status: checkStatus,
  active: ({ extra }) => strictest(extra?.active),
  address: checkAddress,
  suppression: checkSuppression,
  consent: checkConsent,
  conditions: ({ extra }) => strictest(extra?.conditions),
  caps: checkCaps,
  window: checkWindow,
  channel_limit: ({ channelLimit }, at) => hold(channelLimit, at, "within the limits of the channel"),
  vendor: ({ vendor }, at) => hold(vendor, at, "the vendor is healthy"),
};

const isRefusal = ({ outcome }: Ruling): boolean => outcome === "wait" || outcome === "skip" || outcome === "stop";

/** The answer with a person's decision on top. Overruling the window opens the workspace's hours, never the law's. */
function answer(check: Check, facts: GateFacts, at: Date): Ruling {
  const ruling = ANSWERS[check](facts, at);
  const { override } = facts;
  if (!override || !isRefusal(ruling) || !override.checks.some((one) => one === check)) return ruling;
  const overruled = `overruled (${override.reason}): ${ruling.detail}`;
  if (check !== "window" || !facts.window) return pass(overruled);
  const lawful = checkWindow({ ...facts, window: { ...facts.window, window: ALWAYS_OPEN, holidays: [] } }, at);
  return isRefusal(lawful) ? lawful : pass(overruled);
}

/** The first instant from `from` on at which caps and window both allow, as far as is known now. */
function firstAllowed(facts: GateFacts, from: Date): Date {
  let at = from;
  // Each turn moves forward to a local midnight or an opening; caps have at most one edge a day within a week.
  for (let turn = 0; turn < 40; turn += 1) {
    const held = answer("caps", facts, at).until ?? answer("window", facts, at).until;
    if (!held) return at;
    at = held;
  }
  return at;
}

/**
 * May this message be handed to a vendor now? Asks every check in order. The first that refuses decides, but all are asked
 * and kept, so that a person sees everything that stands in the way. A message that waits is due at the first instant at
 * which all that is known to be in its way has passed, caps and window together: a cap that ends at midnight waits for the
 * morning's opening. Then the gate is asked again.
 */
export function runGate(facts: GateFacts, now: Date): Verdict {
  const rulings = CHECKS.map((check) => ({ check, ...answer(check, facts, now) }));
  const checks = rulings.map(({ check, outcome, detail, until }): CheckResult =>
    until ? { check, outcome, detail, until: until.toISOString() } : { check, outcome, detail },
  );
  const first = rulings.find(isRefusal);
  if (!first) return { result: { kind: "send" }, checks };

  const { check, outcome, detail: reason } = first;
  if (outcome === "skip" || outcome === "stop") return { result: { kind: outcome, check, reason }, checks };
  const latest = Math.max(now.getTime(), ...rulings.map(({ until }) => until?.getTime() ?? 0));
  return {
    result: { kind: "wait", check, reason, until: firstAllowed(facts, new Date(latest)).toISOString() },
    checks,
  };
}
