import type { Channel } from "#domains/messaging/channels.ts";

/** The channels in sentences, as the pages name them. */
export const CHANNEL_WORDS: Readonly<Record<Channel, string>> = { EMAIL: "E-mail", SMS: "SMS", CALL: "Call" };
