import type { TimelineEntry } from "#domains/leads/contract.ts";
import { IDENTITY_KINDS, SUPPRESSION_REASONS, type IdentityKind } from "#domains/leads/sets.ts";
import { LEAD_STATUSES } from "#domains/leads/status.ts";
import { fieldName, reasonWords, statusLook } from "#web/leads/words.ts";
import type { Tone } from "#web/ui/badge.tsx";
import { channelLook, type Channel } from "#web/ui/channel-icon.tsx";
import { formatDuration, formatMoney } from "#web/ui/format.ts";

/** One event in words. `who` is given where the event names someone else than its actor. */
export type EventWords = {
  who?: "person" | { name: string };
  what: string;
  outcome?: { label: string; tone: Tone };
  /** The rest of it, shown when the line is opened. */
  detail?: string;
};

type Payload = TimelineEntry["payload"];
type Tell = (payload: Payload) => EventWords;

const text = (payload: Payload, key: string): string => {
  const value = payload[key];
  return typeof value === "string" ? value : "";
};
const number = (payload: Payload, key: string): number | undefined => {
  const value = payload[key];
  return typeof value === "number" ? value : undefined;
};
const texts = (payload: Payload, key: string): string[] => {
  const value = payload[key];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
};
function wordIn<Value extends string>(
  values: readonly Value[],
  value: string,
  words: (value: Value) => string,
): string {
  const known = values.find((candidate) => candidate === value);
  return known === undefined ? value.toLowerCase().replaceAll("_", " ") : words(known);
}

const ADDRESSES: Record<IdentityKind, string> = {
  EMAIL: "e-mail address",
  PHONE: "phone number",
  LINKEDIN: "LinkedIn page",
};

const statusIn = (payload: Payload, key: string) =>
  wordIn(LEAD_STATUSES, text(payload, key), (status) => statusLook[status].label);
const kindIn = (payload: Payload) => wordIn(IDENTITY_KINDS, text(payload, "kind"), (kind) => ADDRESSES[kind]);
const reasonIn = (payload: Payload) =>
  wordIn(SUPPRESSION_REASONS, text(payload, "reason"), (reason) => reasonWords[reason].label);
const quoted = (summary: string) => (summary ? ` “${summary}”` : "");

/** The channel that an event is about, where it is about one. */
export function channelIn(payload: Payload): Channel | undefined {
  const named = text(payload, "channel");
  return named === "CALL" || named === "SMS" || named === "EMAIL" ? named : undefined;
}
const messageIn = (payload: Payload) => {
  const channel = channelIn(payload);
  if (channel === "CALL") return "call";
  return channel === undefined ? "message" : channelLook[channel].name.replace("E-mail", "e-mail");
};
const stepIn = (payload: Payload) => {
  const order = number(payload, "stepOrder");
  // Counted from 0 by programs, from 1 by people.
  return `${order === undefined ? "a step" : `step ${order + 1}`}, ${messageIn(payload)}`;
};
const sequenceIn = (payload: Payload): { name: string } => ({ name: text(payload, "sequenceName") || "A sequence" });
const how = (label: string, tone: Tone) => ({ label, tone });
/** Said of a message that arrived in the minute in which it was sent. */
const ARRIVED = "arrivedAtOnce";
const DELIVERED = how("Delivered", "positive");
const because = (payload: Payload) => text(payload, "reason") || undefined;

/** What the system moves a status for, by itself. */
const BECAUSE: Readonly<Record<string, string>> = {
  delivered_outbound: "since a message reached them",
  inbound: "since they answered",
  customer_conversion: "since they became a customer",
};

const BASES: Readonly<Record<string, string>> = {
  CONSENT: "a consent",
  LEGITIMATE_INTEREST: "a legitimate interest",
  CONTRACT: "a contract",
};

/** What a conversion says, as document 004 has its statuses. */
const CONVERSIONS: Readonly<Record<string, string>> = {
  lead: "an interest",
  qualified: "a qualification",
  customer: "a sale",
  churn: "a customer who left",
};
const moneyIn = (payload: Payload) => {
  const minor = number(payload, "revenueMinor") ?? 0;
  const currency = text(payload, "currency");
  return minor === 0 || !/^[A-Z]{3}$/.test(currency) ? "" : `, ${formatMoney(minor, currency)}`;
};

const READINGS: Readonly<Record<string, { label: string; tone: Tone }>> = {
  stop: how("Opted out", "danger"),
  start: how("Opted in again", "positive"),
  help: how("Asked for help", "info"),
  automatic: how("Automatic reply", "neutral"),
};

const WORDS: Readonly<Record<string, Tell>> = {
  "leads.lead-created": (payload) => ({
    what: `added the lead${text(payload, "sourceLabel") ? `, from ${text(payload, "sourceLabel")}` : ""}`,
  }),
  "leads.lead-updated": (payload) => {
    const fields = texts(payload, "changed").map(fieldName);
    return { what: `changed ${fields.length > 0 ? fields.join(", ").toLowerCase() : "the lead"}` };
  },
  "leads.status-changed": (payload) => {
    const moved = `moved the status from ${statusIn(payload, "from")} to ${statusIn(payload, "to")}`;
    const reason = BECAUSE[text(payload, "by")];
    // Whoever brought the news, a vendor or the person, it is the system that draws the conclusion.
    if (reason) return { who: { name: "Throughline" }, what: `${moved}, ${reason}` };
    return { what: text(payload, "by") === "upsert" ? `${moved}, by an import or the API` : moved };
  },
  "leads.address-suppressed": (payload) => ({
    what: `closed the ${kindIn(payload)}`,
    outcome: how(reasonIn(payload), "danger"),
  }),
  "leads.suppression-lifted": (payload) => ({
    what: `opened the ${kindIn(payload)} again`,
    outcome: how("Lifted", "positive"),
    detail: text(payload, "why") || undefined,
  }),
  "leads.merge-proposed": (payload) => ({ what: `found another lead with the same ${kindIn(payload)}` }),
  "leads.merge-proposal-dismissed": () => ({ what: "decided that they are two people" }),
  "leads.leads-merged": (payload) => {
    const fields = texts(payload, "changed").map(fieldName).join(", ");
    return { what: "made another lead part of this one", detail: fields ? `Changed here: ${fields}` : undefined };
  },
  "leads.merge-undone": () => ({ what: "took a merge back: the other lead stands by itself again" }),
  "leads.lead-deleted": () => ({ what: "deleted the lead" }),
  "leads.consent-recorded": (payload) => ({
    what: `wrote down ${BASES[text(payload, "basis")] ?? "a basis"} for ${messageIn(payload)}`,
    outcome: text(payload, "kind") === "WITHDRAWN" ? how("Taken back", "danger") : how("Given", "positive"),
  }),
  "leads.submission-taken": (payload) => ({
    who: "person",
    what: `filled in ${text(payload, "label") ? `“${text(payload, "label")}”` : "a form"}`,
    outcome: text(payload, "outcome") === "CONFLICT" ? how("Clashes with another lead", "warning") : undefined,
  }),
  "leads.lead-exported": () => ({ what: "took a copy of everything that is held about the person" }),
  "leads.lead-erased": () => ({ what: "erased the person's data", outcome: how("Erased", "danger") }),

  "messaging.message-sent": (payload) => ({
    what: `sent ${messageIn(payload)}${quoted(text(payload, "summary"))}`,
    outcome: payload[ARRIVED] === true ? DELIVERED : how("Sent", "info"),
    detail: [
      text(payload, "to") && `To ${text(payload, "to")}`,
      text(payload, "provider") && `by ${text(payload, "provider")}`,
    ]
      .filter(Boolean)
      .join(" "),
  }),
  "messaging.message-delivered": (payload) => ({
    what: `${messageIn(payload)}${quoted(text(payload, "summary"))} arrived`,
    outcome: DELIVERED,
  }),
  "messaging.message-failed": (payload) => ({
    what: `${messageIn(payload)}${quoted(text(payload, "summary"))} did not arrive`,
    outcome: how("Failed", "danger"),
    detail: because(payload),
  }),
  "messaging.message-unknown": (payload) => ({
    what: `${messageIn(payload)}${quoted(text(payload, "summary"))} may or may not have gone out; it is not sent again`,
    outcome: how("Not known", "warning"),
    detail: because(payload),
  }),
  "messaging.message-withheld": (payload) => ({
    what: `${messageIn(payload)}${quoted(text(payload, "summary"))} was not sent`,
    outcome: how("Withheld", "warning"),
    detail: because(payload),
  }),
  "messaging.message-opened": (payload) => ({
    who: "person",
    what: `${text(payload, "url") ? "followed a link in" : "opened"} the ${messageIn(payload)}${quoted(text(payload, "summary"))}`,
    outcome: how(text(payload, "url") ? "Clicked" : "Opened", "positive"),
    detail: text(payload, "url") || undefined,
  }),
  "messaging.message-clicked": (payload) => ({
    who: "person",
    what: `followed a link in the ${messageIn(payload)}${quoted(text(payload, "summary"))}`,
    outcome: how("Clicked", "positive"),
    detail: text(payload, "url") || undefined,
  }),
  "messaging.message-received": (payload) => ({
    who: "person",
    what: `wrote${quoted(text(payload, "summary"))}`,
    outcome: READINGS[text(payload, "reading")],
  }),
  "messaging.message-answered": (payload) => ({ what: `marked the ${messageIn(payload)} as answered` }),
  "messaging.message-sent-again": (payload) => ({ what: `sent the ${messageIn(payload)} again` }),
  "messaging.no-heard": (payload) => ({
    who: "person",
    what: "said no to every message",
    outcome: how(reasonIn(payload), "danger"),
  }),
  "messaging.call-ended": (payload) => {
    const seconds = number(payload, "durationSeconds");
    return {
      what: `call ended${seconds === undefined ? "" : ` after ${formatDuration(seconds)}`}`,
      outcome: how(sentence(text(payload, "outcome")) || "Ended", "neutral"),
      detail: text(payload, "transcriptSummary") || sentence(text(payload, "endedReason")) || undefined,
    };
  },

  "conversions.conversion-recorded": (payload) => ({
    what: `recorded ${CONVERSIONS[text(payload, "status")] ?? "a conversion"}${moneyIn(payload)}`,
    outcome: text(payload, "status") === "churn" ? how("Left", "danger") : how("Converted", "positive"),
    detail: text(payload, "source") ? `Told by ${text(payload, "source")}` : undefined,
  }),
  "conversions.conversion-corrected": (payload) => ({
    what: `corrected what ${CONVERSIONS[text(payload, "status")] ?? "a conversion"} was worth${moneyIn(payload)}`,
    detail: text(payload, "source") ? `Told by ${text(payload, "source")}` : undefined,
  }),

  "outreach.lead-assigned": (payload) => ({
    what: `put the lead into the campaign${quoted(text(payload, "campaignName"))}`,
  }),
  "outreach.lead-enrolled": (payload) => ({
    who: sequenceIn(payload),
    what: (number(payload, "run") ?? 1) > 1 ? "began with this lead once more" : "began with this lead",
  }),
  "outreach.enrollment-paused": (payload) => ({
    who: sequenceIn(payload),
    what: "was paused",
    outcome: how("Paused", "warning"),
  }),
  "outreach.enrollment-resumed": (payload) => ({ who: sequenceIn(payload), what: "goes on" }),
  "outreach.enrollment-completed": (payload) => ({
    who: sequenceIn(payload),
    what: "has come to its end",
    outcome: how("Completed", "neutral"),
  }),
  "outreach.enrollment-cancelled": (payload) => ({
    who: sequenceIn(payload),
    what: "was stopped",
    outcome: how("Stopped", "warning"),
    detail: because(payload),
  }),
  "outreach.enrollment-converted": (payload) => ({
    who: sequenceIn(payload),
    what: "has reached its goal",
    outcome: how("Converted", "positive"),
    detail: because(payload),
  }),
  "outreach.enrollment-moved": (payload) => ({
    who: sequenceIn(payload),
    what: `goes on with this lead by version ${number(payload, "to") ?? "?"}`,
    outcome: how("New version", "neutral"),
    detail: `Before, it went by version ${number(payload, "from") ?? "?"}.`,
  }),
  "outreach.sequence-published": (payload) => ({
    what: `published version ${number(payload, "number") ?? "?"} of the sequence${quoted(text(payload, "name"))}`,
    outcome: how("Published", "positive"),
  }),
  "outreach.step-sent": (payload) => ({ who: sequenceIn(payload), what: `sent ${stepIn(payload)}` }),
  "outreach.step-delivered": (payload) => ({
    who: sequenceIn(payload),
    what: `delivered ${stepIn(payload)}`,
    outcome: how("Delivered", "positive"),
  }),
  "outreach.step-failed": (payload) => ({
    who: sequenceIn(payload),
    what: `failed at ${stepIn(payload)}`,
    outcome: how("Failed", "danger"),
    detail: because(payload),
  }),
  "outreach.step-rescheduled": (payload) => ({
    who: sequenceIn(payload),
    what: `had ${stepIn(payload)} moved to another time`,
    outcome: how("Moved", "neutral"),
    detail: because(payload),
  }),
  "outreach.step-skipped": (payload) => ({
    who: sequenceIn(payload),
    what: `skipped ${stepIn(payload)}`,
    outcome: how("Skipped", "neutral"),
    detail: because(payload),
  }),
};

/** The kinds of events that have words of their own. */
export const TOLD_TYPES: readonly string[] = Object.keys(WORDS);

function sentence(name: string): string {
  const words = name.toLowerCase().replaceAll(/[_-]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What happened, in words. An event of a kind that has none yet is told by its name. */
export function eventWords(type: string, payload: Payload): EventWords {
  const tell = WORDS[type];
  if (tell) return tell(payload);
  return { what: (type.split(".")[1] ?? type).replaceAll("-", " "), detail: because(payload) };
}

/** A change of the status alone is told by its own event. */
export function isToldElsewhere({ type, payload }: Pick<TimelineEntry, "type" | "payload">): boolean {
  return type === "leads.lead-updated" && texts(payload, "changed").join() === "status";
}

/** Makes one line of a message's being sent and its arrival within the same minute. The order stays. */
export function joinArrivals<Item extends { entry: Pick<TimelineEntry, "type" | "payload" | "at"> }>(
  items: readonly Item[],
): Item[] {
  const minuteOf = ({ payload, at }: Item["entry"]) => `${text(payload, "messageId")} ${at.slice(0, 16)}`;
  const minutesOf = (type: string) =>
    new Set(items.flatMap(({ entry }) => (entry.type === type && entry.payload["messageId"] ? [minuteOf(entry)] : [])));
  const sent = minutesOf("messaging.message-sent");
  const arrived = minutesOf("messaging.message-delivered");
  return items.flatMap((item) => {
    const { type, payload } = item.entry;
    const minute = minuteOf(item.entry);
    if (type === "messaging.message-delivered" && sent.has(minute)) return [];
    if (type !== "messaging.message-sent" || !arrived.has(minute)) return [item];
    return [{ ...item, entry: { ...item.entry, payload: { ...payload, [ARRIVED]: true } } }];
  });
}
