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
import { sandboxRef } from "#providers/sandbox/outcome.ts";
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
const endOf = (messageId: string) => `${sandboxRef(messageId)}:end`;

/** Ends a call the way the person chose. It ends once: a second end is a conflict. */
export async function endSandboxCall(
  runtime: Runtime,
  ctx: Context,
  input: { deliveryId: string; outcome: keyof typeof ENDS; transcript?: string },
): Promise<void> {
  const row = await delivery(ctx, input.deliveryId);
  if (row.channel !== "CALL" || row.direction !== "outbound" || !row.messageId) throw Conflict("This is no call.");
  const id = endOf(row.messageId);
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
}
