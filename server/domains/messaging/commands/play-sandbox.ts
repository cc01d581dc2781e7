import type { FastifyInstance } from "fastify";
import { type Context, allow } from "#platform/context.ts";
import { newId } from "#platform/ids.ts";
import { recordSandboxAnswer } from "#platform/integrations/sandbox-store.ts";
import { sandboxWebhookSecret } from "#platform/integrations/load.ts";
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

const VENDOR: Record<Channel, string> = { EMAIL: "sandbox-email", SMS: "sandbox-sms", CALL: "sandbox-voice" };

/** Through which server a process plays the other side: the very route that vendors call. */
const doors = new WeakMap<Runtime, FastifyInstance>();
export const openSandboxDoor = (runtime: Runtime, server: FastifyInstance) => doors.set(runtime, server);

async function post(runtime: Runtime, ctx: Context, channel: Channel, facts: WebhookFact[]): Promise<void> {
  const server = doors.get(runtime);
  if (!server) throw new Error("The sandbox has no server to post its webhooks to");
  const body = sandboxWebhookBody(facts);
  const signature = signSandboxWebhook(sandboxWebhookSecret(runtime.config.secretKey, ctx.workspace), body, ctx.now());
  const answer = await server.inject({
    method: "POST",
    url: `/webhooks/${ctx.workspace}/${VENDOR[channel]}`,
    headers: { "content-type": "application/json", [SANDBOX_SIGNATURE_HEADER]: signature },
    payload: body,
  });
  if (answer.statusCode >= 300)
    throw new Error(`The sandbox's webhook was answered with ${answer.statusCode}: ${answer.body}`);
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
  await recordSandboxAnswer(ctx, { id, channel: row.channel, from, to, subject, text: input.text, outcome: null });
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

/** Ends a call the way the person chose. */
export async function endSandboxCall(
  runtime: Runtime,
  ctx: Context,
  input: { deliveryId: string; outcome: keyof typeof ENDS; transcript?: string },
): Promise<void> {
  const row = await delivery(ctx, input.deliveryId);
  if (row.channel !== "CALL" || !row.messageId) throw Conflict("This is no call.");
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
  await recordSandboxAnswer(ctx, {
    id: newId("sbx"),
    channel: "CALL",
    from: row.to,
    to: row.from,
    subject: null,
    text: input.transcript ?? "",
    outcome: input.outcome,
  });
  await post(runtime, ctx, "CALL", [report]);
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
}
