import type { BotReason } from "#domains/messaging/tracking/bots.ts";
import type { MessageStatus } from "#domains/messaging/channels.ts";
import type { Check, CheckOutcome } from "#domains/messaging/gate.ts";
import type { Tone } from "#web/ui/badge.tsx";

export const statusLook: Record<MessageStatus, { label: string; tone: Tone }> = {
  queued: { label: "Queued", tone: "neutral" },
  sending: { label: "Sending", tone: "info" },
  sent: { label: "Sent", tone: "info" },
  delivered: { label: "Delivered", tone: "positive" },
  failed: { label: "Failed", tone: "danger" },
  unknown: { label: "Unknown", tone: "warning" },
  cancelled: { label: "Cancelled", tone: "neutral" },
  received: { label: "Received", tone: "accent" },
};

export const directionWords = { outbound: "To the lead", inbound: "From the lead" } as const;

/** The gate's questions as a person would ask them. */
export const checkWords: Record<Check, string> = {
  lead: "The lead is there",
  status: "Its status may be written to",
  active: "The sequence is running",
  address: "There is an address",
  suppression: "The address is not suppressed",
  consent: "There is consent",
  conditions: "The step's conditions hold",
  caps: "Not written to too often",
  window: "Inside the hours",
  channel_limit: "The channel has room",
  vendor: "The vendor is healthy",
};

export const outcomeLook: Record<CheckOutcome, { label: string; tone: Tone }> = {
  pass: { label: "Yes", tone: "positive" },
  wait: { label: "Wait", tone: "warning" },
  skip: { label: "Skip", tone: "warning" },
  stop: { label: "No", tone: "danger" },
  not_applicable: { label: "Does not apply", tone: "neutral" },
};

/** How a call of the sandbox can end. */
export const CALL_ENDS = ["answered", "no_answer", "voicemail", "busy"] as const;
export type CallEnd = (typeof CALL_ENDS)[number];

export const callEndWords: Record<CallEnd, string> = {
  answered: "Answered",
  no_answer: "No answer",
  voicemail: "Voicemail",
  busy: "Busy",
};

/** The end of a call as the log keeps it, in words. */
export function endInWords(outcome: string | null): string {
  const end = CALL_ENDS.find((candidate) => candidate === outcome);
  return end ? callEndWords[end] : "Ended";
}

/** Why an opening or a click is taken for a machine's. */
export const botWords: Record<BotReason, string> = {
  head_request: "it only asked whether the page is there",
  prefetch: "loaded before anybody looked",
  scanner: "a program that checks links",
  datacenter: "a program, no browser",
  too_soon: "sooner than anybody reads",
  burst: "several links within a second",
  vendor_says: "the vendor says so",
};
