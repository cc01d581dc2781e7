import type { Exchange } from "../http.ts";
import { instantIn, isRecord, jsonObject, textIn } from "../json.ts";
import type { Json } from "../json.ts";
import { LOOKUP_AFTER_MS, LOOKUP_BEFORE_MS } from "../lookup.ts";
import type { Lookup, LookupQuery } from "../lookup.ts";
import { clip } from "../outcome.ts";
import type { StatusFact } from "../webhook.ts";
import { isHardDeliveryError } from "./twilio-errors.ts";
import { TWILIO_STATUSES } from "./twilio-webhook.ts";

/** Twilio lists at most a thousand to a page; so many to one number in minutes is out of the question. */
const PAGE_SIZE = 200;

/**
 * The query of Twilio's list of messages (https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources), newest
 * first. Not by DateSent, which a message that is still queued has not.
 */
export const lookupPath = ({ to }: LookupQuery): string =>
  new URLSearchParams({ To: to, PageSize: String(PAGE_SIZE) }).toString();

/** Our id is in the callback's address alone, which Twilio does not show: a message is known by receiver, sender, text and time. */
export function lookedUp(query: LookupQuery, exchange: Exchange): Lookup {
  if (exchange.kind !== "answered") return { kind: "no_answer", detail: exchange.detail };
  const body = exchange.status === 200 ? jsonObject(exchange.body) : null;
  const listed = body?.["messages"];
  if (!Array.isArray(listed)) return { kind: "no_answer", detail: `HTTP ${exchange.status}: ${clip(exchange.body)}` };
  const messages = listed.filter(isRecord);
  const from = query.handedAt.getTime() - LOOKUP_BEFORE_MS;
  const oldest = messages.at(-1);
  const reachesBack = oldest !== undefined && (createdAt(oldest)?.getTime() ?? Infinity) < from;
  const near = messages.filter((message) => isNear(message, query, from));
  const isSame = (message: Json) => recognisable(textIn(message["body"]) ?? "") === recognisable(query.text);
  return {
    kind: "answered",
    candidates: near.filter(isSame).map((message) => [factOf(message, query)]),
    doubts: near.flatMap((message) => (isSame(message) ? [] : (textIn(message["sid"]) ?? []))),
    isComplete: body?.["next_page_uri"] == null || reachesBack,
  };
}

const createdAt = (message: Json): Date | null => instantIn(message["date_created"]);

/** Of that time, from that sender to that receiver. */
function isNear(message: Json, query: LookupQuery, from: number): boolean {
  const at = createdAt(message)?.getTime();
  const direction = textIn(message["direction"]) ?? "";
  // Sent through a messaging service, the number that Twilio chose stands there.
  const sender = query.from.startsWith("MG") ? message["messaging_service_sid"] : message["from"];
  return (
    textIn(message["sid"]) !== null &&
    direction.startsWith("outbound") &&
    message["to"] === query.to &&
    sender === query.from &&
    at !== undefined &&
    at >= from &&
    at <= query.handedAt.getTime() + LOOKUP_AFTER_MS
  );
}

/** What trial accounts put before every text (https://www.twilio.com/docs/usage/tutorials/how-to-use-your-free-trial-account). */
const TRIAL = /^\s*Sent from your Twilio trial account - /;

/**
 * A text without what Twilio itself adds, trims or replaces: the words of trial accounts, space, and the signs that Smart Encoding writes in GSM-7
 * (https://www.twilio.com/docs/messaging/services/smart-encoding-char-list). Texts that differ in these alone are one.
 */
const recognisable = (text: string): string =>
  text
    .toWellFormed()
    .replace(TRIAL, "")
    .normalize("NFKD")
    .replaceAll(/[\p{M}\p{Cf}]/gu, "")
    .replaceAll(/[«»“”„‟″〝〞＂]/g, '"')
    .replaceAll(/[‘’‚‛′‹›ʹʻʼʽˈ`´]/g, "'")
    .replaceAll(/[\p{Pd}−⁃ˉ]/gu, "-")
    .replaceAll(/[\u2024\u2022·‧]/g, ".")
    .replaceAll(/\s+/g, " ")
    .trim();

function factOf(message: Json, { messageId }: LookupQuery): StatusFact {
  const sid = textIn(message["sid"]) ?? "";
  const given = textIn(message["status"]) ?? "";
  const status = TWILIO_STATUSES[given] ?? "in_progress";
  const code = Number(message["error_code"] ?? 0);
  return {
    kind: "status",
    externalId: `${sid}:lookup`,
    providerRef: sid,
    messageId,
    // Twilio has it: whatever it still does with it, it was taken.
    status: status === "in_progress" ? "sent" : status,
    hard: isHardDeliveryError(code),
    detail: code ? `${code} ${textIn(message["error_message"]) ?? ""}`.trim() : null,
    at: null,
  };
}
