import { type Context, allow } from "#platform/context.ts";
import { newId } from "#platform/ids.ts";
import { listUndelivered, recordSandboxAnswer, settleSandboxDeliveries } from "#platform/integrations/sandbox-store.ts";
import { sandboxWebhookSecret, webhookUrlOf } from "#platform/integrations/load.ts";
import { Conflict, NotFound } from "#platform/problems.ts";
import type { Runtime } from "#platform/runtime.ts";
import {
  SANDBOX_SIGNATURE_HEADER,
  sandboxBounce,
  sandboxCallReport,
  sandboxReceipt,
  sandboxReply,
  sandboxWebhookBody,
  signSandboxWebhook,
} from "#providers/sandbox/port.ts";
import type { WebhookFact } from "#providers/webhook.ts";
import type { Channel } from "../channels.ts";
import { type DeliveryRow, findDelivery } from "../queries/list.ts";
import { takeWebhook } from "../webhooks.ts";

const VENDOR: Record<Channel, string> = { EMAIL: "sandbox-email", SMS: "sandbox-sms", CALL: "sandbox-voice" };

/** The vendor's side: signed as a vendor signs, and taken in as a vendor's word is. */
async function post(runtime: Runtime, ctx: Context, channel: Channel, facts: WebhookFact[]): Promise<void> {
  const { publicUrl, secretKey } = runtime.config;
  const provider = VENDOR[channel];
  const body = sandboxWebhookBody(facts);
  const signature = signSandboxWebhook(sandboxWebhookSecret(secretKey, ctx.workspace), body, ctx.now());
  await takeWebhook(runtime, ctx.workspace, provider, {
    method: "POST",
    url: webhookUrlOf(publicUrl, ctx.workspace, provider),
    headers: { "content-type": "application/json", [SANDBOX_SIGNATURE_HEADER]: signature },
    body: Buffer.from(body),
  });
}

/** As long as carriers and mail servers take at their best. */
const DELIVERY_MS = 2_000;
/** What a process that has just started may find undelivered. */
const FIRST_LOOK_BACK_MS = 7 * 86_400_000;
const LOOK_BACK_MS = 60_000;
const BATCH = 200;
const lookedUntil = new WeakMap<Runtime, Map<string, number>>();

/** Reports as delivered what was sent a moment ago, as vendors do by themselves. Answers whether there may be more. */
export async function deliverFromSandbox(runtime: Runtime, ctx: Context): Promise<boolean> {
  allow(ctx, "sandbox:use");
  const looked = lookedUntil.get(runtime) ?? new Map<string, number>();
  lookedUntil.set(runtime, looked);
  const until = ctx.now().getTime() - DELIVERY_MS;
  const last = looked.get(ctx.workspace);
  const since = last === undefined ? until - FIRST_LOOK_BACK_MS : Math.min(last, until) - LOOK_BACK_MS;
  const due = await listUndelivered(ctx, { since: new Date(since), until: new Date(until) }, BATCH);
  for (const [channel, rows] of Map.groupBy(due, (row) => row.channel)) {
    const receipts = rows.map(({ messageId, at }) =>
      sandboxReceipt({ messageId, status: "delivered", at: new Date(at.getTime() + DELIVERY_MS) }),
    );
    await post(runtime, ctx, channel, receipts);
  }
  await settleSandboxDeliveries(
    ctx,
    due.map(({ id }) => id),
    "delivered",
  );
  if (due.length === BATCH) return true;
  looked.set(ctx.workspace, until);
  return false;
}

async function delivery(ctx: Context, id: string): Promise<DeliveryRow> {
  allow(ctx, "sandbox:use");
  const row = await findDelivery(ctx, id);
  if (!row) throw NotFound();
  return row;
}

/** Answers as the lead; the answer arrives as a vendor's webhook would. */
export async function replyFromSandbox(
  runtime: Runtime,
  ctx: Context,
  input: { deliveryId: string; text: string },
): Promise<void> {
  const row = await delivery(ctx, input.deliveryId);
  if (row.channel === "CALL") throw Conflict("A call is answered by choosing how it ends.");
  const [from, to] = row.direction === "outbound" ? [row.to, row.from] : [row.from, row.to];
  const id = newId("sbx");
  const subject = row.channel === "EMAIL" ? `Re: ${(row.subject ?? "").replace(/^Re: /i, "")}` : null;
  const original = row.headers["Message-ID"];
  const thread = typeof original === "string" ? { inReplyTo: original, references: [original] } : {};
  const messageId = row.direction === "outbound" ? row.messageId : null;
  const answer = { id, channel: row.channel, messageId, from, to, subject, text: input.text, outcome: null };
  await recordSandboxAnswer(ctx, answer);
  await post(runtime, ctx, row.channel, [
    sandboxReply({ id, channel: row.channel, from, to, text: input.text, subject, at: ctx.now(), ...thread }),
  ]);
}

const ENDS = {
  answered: { outcome: "SUCCESS", endedReason: "customer-ended-call", seconds: 94 },
  no_answer: { outcome: "NO_ANSWER", endedReason: "customer-did-not-answer", seconds: 0 },
  voicemail: { outcome: "NO_ANSWER", endedReason: "voicemail", seconds: 21 },
  busy: { outcome: "NO_ANSWER", endedReason: "customer-busy", seconds: 0 },
} as const;

/** How a call ended is an entry of its own, one for each call. */
const endOf = (call: DeliveryRow) => `${call.id}:end`;

/** Ends a call the way the person chose. It ends once: a second end is a conflict. */
export async function endSandboxCall(
  runtime: Runtime,
  ctx: Context,
  input: { deliveryId: string; outcome: keyof typeof ENDS; transcript?: string },
): Promise<void> {
  const row = await delivery(ctx, input.deliveryId);
  if (row.channel !== "CALL" || row.direction !== "outbound" || !row.messageId) throw Conflict("This is no call.");
  const id = endOf(row);
  if (await findDelivery(ctx, id)) throw Conflict("This call has ended already.");
  const end = ENDS[input.outcome];
  const endedAt = ctx.now();
  const startedAt = new Date(endedAt.getTime() - end.seconds * 1_000);
  const report = sandboxCallReport({
    messageId: row.messageId,
    outcome: end.outcome,
    endedReason: end.endedReason,
    durationSeconds: end.seconds,
    startedAt,
    endedAt,
    transcript: input.transcript ?? null,
  });
  // The report first: it may be repeated, so a process that dies here leaves a call that can still be ended.
  await post(runtime, ctx, "CALL", [report]);
  await recordSandboxAnswer(ctx, {
    id,
    channel: "CALL",
    messageId: row.messageId,
    from: row.to,
    to: row.from,
    subject: null,
    text: input.transcript ?? "",
    outcome: input.outcome,
  });
}

/** Reports a message as delivered, or as bounced for good. */
export async function reportFromSandbox(
  runtime: Runtime,
  ctx: Context,
  input: { deliveryId: string; outcome: "delivered" | "bounced" },
): Promise<void> {
  const row = await delivery(ctx, input.deliveryId);
  if (row.direction !== "outbound" || !row.messageId || row.channel === "CALL")
    throw Conflict("Only a message that went out can be delivered.");
  const at = ctx.now();
  const fact =
    input.outcome === "delivered"
      ? sandboxReceipt({ messageId: row.messageId, status: "delivered", at })
      : sandboxBounce({ messageId: row.messageId, at });
  await post(runtime, ctx, row.channel, [fact]);
  await settleSandboxDeliveries(ctx, [row.id], input.outcome);
}
