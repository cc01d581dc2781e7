import { z } from "zod";
import { defineEvent } from "#platform/events.ts";
import { defineJob } from "#platform/jobs.ts";
import { CHANNELS } from "./channels.ts";

const channel = z.enum(CHANNELS);

/** What every event of a message says, enough for a line of a timeline without reading the message. */
const about = {
  messageId: z.string(),
  channel,
  purpose: z.string(),
  executionId: z.string().nullable(),
  /** Subject of an e-mail, else the first words. */
  summary: z.string(),
};

export const messageSent = defineEvent(
  "messaging.message-sent",
  z.object({ ...about, to: z.string(), provider: z.string() }),
);
export const messageDelivered = defineEvent("messaging.message-delivered", z.object(about));
export const messageFailed = defineEvent("messaging.message-failed", z.object({ ...about, reason: z.string() }));
export const messageUnknown = defineEvent("messaging.message-unknown", z.object({ ...about, reason: z.string() }));
export const messageWithheld = defineEvent("messaging.message-withheld", z.object({ ...about, reason: z.string() }));
/** A person opened a message: told once. (`url`: of events from before clicks had their own.) */
export const messageOpened = defineEvent(
  "messaging.message-opened",
  z.object({ ...about, url: z.string().nullable(), at: z.string() }),
);
/** A person followed a link: told once for each link of a message. */
export const messageClicked = defineEvent(
  "messaging.message-clicked",
  z.object({ ...about, url: z.string(), at: z.string() }),
);
export const messageReceived = defineEvent(
  "messaging.message-received",
  z.object({
    messageId: z.string(),
    channel,
    from: z.string(),
    summary: z.string(),
    reading: z.enum(["reply", "stop", "start", "help", "automatic"]),
  }),
);
/** A person says that a reply waits no more. */
export const messageAnswered = defineEvent("messaging.message-answered", z.object({ messageId: z.string(), channel }));
/** A person sends the words of a message whose outcome is unknown once more; `messageId` is the new one's. */
export const messageSentAgain = defineEvent(
  "messaging.message-sent-again",
  z.object({ ...about, formerId: z.string() }),
);
/**
 * Somebody said no where nothing was left to close: their address was closed for this reason before, or it is not among the lead's. `messageId`: in, or in
 * answer to, what. Once for a message and a lead, and once more after a merge.
 */
export const noHeard = defineEvent(
  "messaging.no-heard",
  z.object({
    messageId: z.string(),
    kind: z.enum(["EMAIL", "PHONE"]),
    reason: z.enum(["STOP_REPLY", "UNSUBSCRIBE", "COMPLAINT", "MANUAL"]),
  }),
);
export const callEnded = defineEvent(
  "messaging.call-ended",
  z.object({
    ...about,
    outcome: z.string(),
    durationSeconds: z.int(),
    endedReason: z.string(),
    transcriptSummary: z.string().nullable(),
  }),
);

/** What every event of a vendor says: its name in the registry, and the channel that goes through it. */
const vendor = { provider: z.string(), channel };
/** A vendor kept failing: nothing is handed to it until `retryAt`, when a few messages try it. */
export const vendorTripped = defineEvent(
  "messaging.vendor-tripped",
  z.object({ ...vendor, reason: z.string(), retryAt: z.string() }),
);
export const vendorRecovered = defineEvent("messaging.vendor-recovered", z.object(vendor));
/** It is tried at once: a person said so, or its integration was changed. */
export const vendorTriedAgain = defineEvent("messaging.vendor-tried-again", z.object(vendor));

/** The integration of a vendor was changed, or taken away. */
export const heedChangedVendor = defineJob("messaging.heed-changed-vendor", z.object({ provider: z.string() }));

const aboutSender = { senderId: z.string(), channel, address: z.string() };
/** A sender may send more than before, or something else: what waits for senders is worth asking again. */
const senderOpened = z.object({ ...aboutSender, what: z.string() });

export const senderAdded = defineEvent("messaging.sender-added", senderOpened);
export const senderChanged = defineEvent("messaging.sender-changed", senderOpened);
export const senderResumed = defineEvent("messaging.sender-resumed", senderOpened);
export const senderRemoved = defineEvent("messaging.sender-removed", senderOpened);
/** A person paused it, or its own figures did. */
export const senderPaused = defineEvent(
  "messaging.sender-paused",
  z.object({ ...aboutSender, cause: z.enum(["bounces", "complaints", "person"]), reason: z.string() }),
);
/** What is known of the sender's domain has changed. */
export const senderDomainChecked = defineEvent(
  "messaging.sender-domain-checked",
  z.object({ ...aboutSender, status: z.enum(["ready", "incomplete", "unknown"]) }),
);

/** A sender was added, or its domain is to be looked up for another reason. */
export const checkSenderDomain = defineJob("messaging.check-sender-domain", z.object({ senderId: z.string() }));

/** Reads what vendors' webhooks left. One job at a time is queued per workspace: it takes everything that is there. */
export const processInbound = defineJob("messaging.process-inbound", z.object({}));
