import { CHANNELS, MESSAGE_STATUSES } from "#domains/messaging/channels.ts";
import { choice, searchOf, text, type Search } from "#web/search.ts";

export const DIRECTIONS = ["outbound", "inbound"] as const;

export const messagesSearch = searchOf({
  row: text,
  channel: choice(CHANNELS),
  direction: choice(DIRECTIONS),
  status: choice(MESSAGE_STATUSES),
});
export type MessagesSearch = Search<typeof messagesSearch>;

export const SANDBOX_TABS = ["phone", "mailbox", "calls"] as const;
export type SandboxTab = (typeof SANDBOX_TABS)[number];

/** `number` is the lead's own in the phone, `mail` and `call` are deliveries. */
export const sandboxSearch = searchOf({ tab: choice(SANDBOX_TABS), number: text, mail: text, call: text });
export type SandboxSearch = Search<typeof sandboxSearch>;
