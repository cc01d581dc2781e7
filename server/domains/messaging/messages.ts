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
export const messageOpened = defineEvent(
  "messaging.message-opened",
  z.object({ ...about, url: z.string().nullable(), at: z.string() }),
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

/** Reads what vendors' webhooks left. One job at a time is queued per workspace: it takes everything that is there. */
export const processInbound = defineJob("messaging.process-inbound", z.object({}));
