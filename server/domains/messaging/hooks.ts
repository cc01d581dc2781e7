import type { Context } from "#platform/context.ts";
import type { Channel } from "./channels.ts";
import type { Check, GateFacts } from "./gate.ts";
import type { SendWindow } from "./window.ts";

/** What a higher domain answers at the gate, in the slots that are its own. */
export type ExtraRulings = NonNullable<GateFacts["extra"]>;

/** On whose terms a queued message of a sequence may still go. */
export type SendTerms = {
  extra: ExtraRulings;
  window: SendWindow | null;
  allowStatuses: readonly string[] | null;
  priority: number;
};

/** What became of an outbound message: told to higher domains inside the transaction that records it. */
export type DeliveryFact = {
  messageId: string;
  leadId: string | null;
  channel: Channel;
  executionId: string | null;
  campaignId: string | null;
  attemptId: string | null;
  /**
   * accepted: the vendor has it · delivered · failed: it will not arrive · unknown: handed over, outcome not known ·
   * deferred: it waits in the queue until `until` · withheld: the gate refused it at the moment of sending.
   */
  kind: "accepted" | "delivered" | "failed" | "unknown" | "deferred" | "withheld";
  detail: string | null;
  until?: Date;
  /** The gate's answer was `stop`: nothing more may follow. */
  stop?: boolean;
  /** The gate's check that withheld it. */
  check?: Check;
  at: Date;
};

/** A message that came in, already stored, with its lead where one is known. */
export type InboundNotice = {
  messageId: string;
  leadId: string | null;
  channel: Channel;
  /** How the words read: an opt-out, a request for help, a machine's answer, or a person's reply. */
  reading: "reply" | "stop" | "start" | "help" | "automatic";
  at: Date;
};

/** A person opened a message, or followed a link in it, earlier than was known. */
export type EngagementFact = {
  messageId: string;
  executionId: string | null;
  leadId: string | null;
  /** First opened and first clicked, as it is now known. */
  openedAt: Date | null;
  clickedAt: Date | null;
};

/** An address may no longer be written to: the leads who hold it. */
export type OptOutNotice = { leadIds: string[]; reason: string };

/**
 * Where higher domains join in. app.ts hands the hooks over in order; each has a name, shown on the jobs page. They run inside messaging's
 * own transactions, so that a reply and the stop it causes are one commit; imports still point down only.
 */
export type MessagingHooks = {
  name: string;
  /**
   * May this message still go, and when? Asked when a queued message of a sequence is taken up again. One domain answers for each; where none
   * does, it is asked again a moment later. Must not wait for locks: the message is locked.
   */
  sendTerms?: (tx: Context, executionIds: string[]) => Promise<Map<string, SendTerms>>;
  delivery?: (tx: Context, facts: readonly DeliveryFact[]) => Promise<void>;
  engagement?: (tx: Context, facts: readonly EngagementFact[]) => Promise<void>;
  /** No two of one lead: whoever writes twice is told of twice. */
  inbound?: (tx: Context, notices: readonly InboundNotice[]) => Promise<void>;
  /** No lead in two of them. */
  optOut?: (tx: Context, notices: readonly OptOutNotice[]) => Promise<void>;
};

const hooks: MessagingHooks[] = [];

export function registerMessagingHooks(added: MessagingHooks): void {
  if (hooks.some((hook) => hook.name === added.name))
    throw new Error(`Messaging hook ${added.name} is registered twice`);
  hooks.push(added);
}

export async function tellDelivery(tx: Context, facts: readonly DeliveryFact[]): Promise<void> {
  if (facts.length === 0) return;
  for (const hook of hooks) await hook.delivery?.(tx, facts);
}

export async function tellEngagement(tx: Context, facts: readonly EngagementFact[]): Promise<void> {
  if (facts.length === 0) return;
  for (const hook of hooks) await hook.engagement?.(tx, facts);
}

export async function tellInbound(tx: Context, notices: readonly InboundNotice[]): Promise<void> {
  if (notices.length === 0) return;
  for (const hook of hooks) await hook.inbound?.(tx, notices);
}

export async function tellOptOut(tx: Context, notices: readonly OptOutNotice[]): Promise<void> {
  const some = notices.filter(({ leadIds }) => leadIds.length > 0);
  if (some.length === 0) return;
  for (const hook of hooks) await hook.optOut?.(tx, some);
}

export async function askSendTerms(tx: Context, executionIds: string[]): Promise<Map<string, SendTerms>> {
  const all = new Map<string, SendTerms>();
  if (executionIds.length === 0) return all;
  for (const hook of hooks)
    for (const [id, terms] of (await hook.sendTerms?.(tx, executionIds)) ?? []) all.set(id, terms);
  return all;
}
