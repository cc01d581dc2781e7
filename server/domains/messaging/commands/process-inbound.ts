import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { type Context, inTransaction } from "#platform/context.ts";
import { isCollision, isDatabaseAway } from "#platform/database/faults.ts";
import { CALL_OUTCOMES, DELIVERY_STATUSES } from "#providers/webhook.ts";
import { claimReceived, hasReceived, holdInbound, markEvents, type PendingEvent } from "../queries/inbound.ts";
import { applyFacts, type VendorFact } from "./apply-facts.ts";
import { receiveMessages } from "./receive-message.ts";

/** A batch takes some twenty-five statements whatever is in it, and holds the locks of its leads meanwhile. */
const BATCH = 400;
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
  userAgent: z.string().optional(),
  isMachine: z.boolean().optional(),
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

/** PostgreSQL has ended the wait of two transactions for each other after a second; they are not in each other's way for ever. */
const COLLISIONS = 5;
/** In a steady stream, batches of a few dozen cost the database far less than batches of one. */
const GATHER_MS = 25;

/** Workspaces whose events this process is taking in at this moment; true once somebody has asked for more meanwhile. */
const takingIn = new Map<string, boolean>();

/** Whether this process is at it and will look again after this call: then no job is needed for what is stored now. */
export function joinProcessing(workspaceId: string): boolean {
  if (!takingIn.has(workspaceId)) return false;
  takingIn.set(workspaceId, true);
  return true;
}

/**
 * Reads everything that webhooks left for this workspace, in batches, each in its own transaction. One process at a time does it: two would
 * lock the same leads in different orders, and the later words of a person could overtake the earlier. When a batch fails, its events are
 * taken one by one and the faulty one is set aside with its reason: one bad event holds up nobody else, and none is lost. A database that is
 * away is no fault of an event's: the job fails and comes again.
 */
export async function processInboundEvents(ctx: Context): Promise<void> {
  let size = BATCH;
  let collisions = 0;
  let isOurs = false;
  try {
    for (;;) {
      const taken: string[] = [];
      try {
        const held = await takeBatch(ctx, size, taken, () => {
          isOurs = true;
          takingIn.set(ctx.workspace, false);
        });
        // Whoever holds it looks once more after letting go, and so finds what is there now.
        if (!held) return;
        if (taken.length < size && !(await hasReceived(ctx)) && takingIn.get(ctx.workspace) !== true) return;
        if (taken.length < size) await sleep(GATHER_MS);
      } catch (error) {
        if (isCollision(error) && ++collisions < COLLISIONS) continue;
        ctx.log.error({ err: error, events: taken.length }, "inbound events could not be processed");
        if (isDatabaseAway(error) || isCollision(error)) throw error;
        if (size > 1) size = 1;
        else await markEvents(ctx, taken, "failed", error instanceof Error ? error.message : String(error));
      }
    }
  } finally {
    if (isOurs) takingIn.delete(ctx.workspace);
  }
}

/** One batch, whose events are told in `taken` even when it fails. False: another process, or another job of this one, is at it. */
function takeBatch(ctx: Context, size: number, taken: string[], onHeld: () => void): Promise<boolean> {
  return inTransaction(ctx, async (tx) => {
    if (!(await holdInbound(tx))) return false;
    onHeld();
    const events = await claimReceived(tx, size);
    taken.push(...events.map((event) => event.id));
    await takeEvents(tx, events);
    return true;
  });
}

async function takeEvents(tx: Context, events: readonly PendingEvent[]): Promise<void> {
  const told = new Map<string, Told>();
  for (const event of events) {
    const parsed = storedFact.safeParse(event.fact);
    if (!parsed.success) {
      await markEvents(tx, [event.id], "failed", z.prettifyError(parsed.error));
      continue;
    }
    const fact = parsed.data;
    const byVendor = told.get(event.provider) ?? { written: [], statuses: [] };
    told.set(event.provider, byVendor);
    if (fact.kind === "inbound") byVendor.written.push({ eventId: event.id, fact });
    else byVendor.statuses.push({ eventId: event.id, fact });
  }
  for (const [provider, { written, statuses }] of told) {
    const vendor: Context = { ...tx, actor: { kind: "vendor", id: provider } };
    await receiveMessages(
      vendor,
      provider,
      written.map(({ fact }) => fact),
    );
    const unmatched = new Set(await applyFacts(vendor, provider, statuses));
    const done = [...written, ...statuses].map(({ eventId }) => eventId).filter((id) => !unmatched.has(id));
    await markEvents(tx, done, "processed");
    await markEvents(tx, [...unmatched], "unmatched", "no message has this reference yet");
  }
}

/** What one vendor told, in the order in which it came. */
type Told = { written: { eventId: string; fact: z.infer<typeof inboundFact> }[]; statuses: VendorFact[] };
