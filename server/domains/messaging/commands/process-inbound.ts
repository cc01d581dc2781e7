import { z } from "zod";
import { type Context, inTransaction } from "#platform/context.ts";
import { isCollision, isDatabaseAway } from "#platform/database/faults.ts";
import { CALL_OUTCOMES, DELIVERY_STATUSES } from "#providers/webhook.ts";
import { claimReceived, markEvents, type PendingEvent } from "../queries/inbound.ts";
import { applyFacts, type VendorFact } from "./apply-facts.ts";
import { receiveMessage } from "./receive-message.ts";

const BATCH = 200;
const text = z.string().nullable();
const when = z.iso
  .datetime()
  .nullable()
  .transform((value) => (value ? new Date(value) : null));
const statusFact = z.object({
  kind: z.literal("status"),
  externalId: z.string(),
  providerRef: text,
  messageId: text,
  status: z.enum(DELIVERY_STATUSES),
  hard: z.boolean(),
  detail: text,
  at: when,
  url: z.string().optional(),
});
const callFact = z.object({
  kind: z.literal("call"),
  externalId: z.string(),
  providerRef: text,
  messageId: text,
  endedReason: z.string(),
  outcome: z.enum(CALL_OUTCOMES),
  durationSeconds: z.number().transform((seconds) => Math.max(0, Math.round(seconds))),
  costMicros: z.number().nullable(),
  transcript: text,
  summary: text,
  recordingUrl: text,
  startedAt: when,
  endedAt: when,
});
const inboundFact = z.object({
  kind: z.literal("inbound"),
  externalId: z.string(),
  channel: z.enum(["SMS", "EMAIL"]),
  from: z.string(),
  to: z.string(),
  subject: text,
  text: z.string(),
  html: text,
  vendorMessageId: text,
  inReplyTo: text,
  references: z.array(z.string()),
  at: when,
  automatic: z.boolean().optional(),
});
/** A vendor's word as it was stored: JSON, so instants come back as text. */
const storedFact = z.discriminatedUnion("kind", [statusFact, callFact, inboundFact]);

/**
 * Reads everything that webhooks left for this workspace, in batches, each in its own transaction. When a batch fails, its events are taken
 * one by one and the faulty one is set aside with its reason: one bad event holds up nobody else, and none is lost. A database that is away,
 * or two transactions in each other's way, are no fault of an event's: the job fails and comes again.
 */
export async function processInboundEvents(ctx: Context): Promise<void> {
  let size = BATCH;
  for (;;) {
    let taken: string[] = [];
    try {
      await inTransaction(ctx, async (tx) => {
        const events = await claimReceived(tx, size);
        taken = events.map((event) => event.id);
        await takeEvents(tx, events);
      });
      if (taken.length < size) return;
    } catch (error) {
      ctx.log.error({ err: error, events: taken }, "inbound events could not be processed");
      if (isDatabaseAway(error) || isCollision(error)) throw error;
      if (size > 1) size = 1;
      else await markEvents(ctx, taken, "failed", error instanceof Error ? error.message : String(error));
    }
  }
}

async function takeEvents(tx: Context, events: readonly PendingEvent[]): Promise<void> {
  const statuses = new Map<string, VendorFact[]>();
  for (const event of events) {
    const parsed = storedFact.safeParse(event.fact);
    if (!parsed.success) {
      await markEvents(tx, [event.id], "failed", z.prettifyError(parsed.error));
      continue;
    }
    const fact = parsed.data;
    if (fact.kind === "inbound") await takeMessage(tx, event, fact);
    else statuses.set(event.provider, [...(statuses.get(event.provider) ?? []), { eventId: event.id, fact }]);
  }
  for (const [provider, facts] of statuses) {
    const unmatched = new Set(await applyFacts({ ...tx, actor: { kind: "vendor", id: provider } }, provider, facts));
    await markEvents(
      tx,
      facts.flatMap(({ eventId }) => (unmatched.has(eventId) ? [] : [eventId])),
      "processed",
    );
    await markEvents(tx, [...unmatched], "unmatched", "no message has this reference yet");
  }
}

async function takeMessage(tx: Context, event: PendingEvent, fact: z.infer<typeof inboundFact>): Promise<void> {
  await receiveMessage({ ...tx, actor: { kind: "vendor", id: event.provider } }, event.provider, fact);
  await markEvents(tx, [event.id], "processed");
}
