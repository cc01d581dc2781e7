import { CHANNELS, MESSAGE_STATUSES } from "#domains/messaging/channels.ts";
import { choice, choices, searchOf, text, type Param, type Search } from "#web/search.ts";

export const DIRECTIONS = ["outbound", "inbound"] as const;

/** A calendar day of the workspace's zone. */
const day: Param<string> = (raw) => (typeof raw === "string" && /^\d{4}-\d{2}-\d{2}$/.test(raw) ? raw : undefined);

export const messagesSearch = searchOf({
  row: text,
  q: text,
  channel: choice(CHANNELS),
  direction: choice(DIRECTIONS),
  status: choices(MESSAGE_STATUSES),
  since: day,
  awaitsReply: choice(["true"]),
});
export type MessagesSearch = Search<typeof messagesSearch>;

export const sendersSearch = searchOf({
  row: text,
  q: text,
  channel: choice(CHANNELS),
  status: choice(["ACTIVE", "PAUSED"]),
});
export type SendersSearch = Search<typeof sendersSearch>;

export const SANDBOX_TABS = ["phone", "mailbox", "calls"] as const;
export type SandboxTab = (typeof SANDBOX_TABS)[number];

/** `number` is the lead's own in the phone, `mail` and `call` are deliveries. */
export const sandboxSearch = searchOf({ tab: choice(SANDBOX_TABS), number: text, mail: text, call: text });
export type SandboxSearch = Search<typeof sandboxSearch>;
