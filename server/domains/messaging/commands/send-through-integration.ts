import { type Context, allow } from "#platform/context.ts";
import { findIntegration } from "#platform/integrations/queries.ts";
import { NotFound } from "#platform/problems.ts";
import type { VoiceConfig } from "#providers/voice/port.ts";
import type { Channel } from "../channels.ts";
import type { TestSend } from "../contract.ts";
import { TestRefused } from "../problems.ts";
import { countSegments } from "../segments.ts";
import type { RenderedMessage } from "./prepare-messages.ts";
import { sendTest } from "./send-test.ts";

const SUBJECT = "Test message";
const TEXT = "This is a test message from Throughline. It shows that the connection works; you need not do anything.";

const VOICE: VoiceConfig = {
  model: "gpt-4o",
  voice: "alloy",
  temperature: 0,
  firstMessage: TEXT,
  instructions: "This call only tests the connection. Say so if you are asked anything, say goodbye, and end the call.",
};

/**
 * Sends a short text that says it is a test through one connected vendor, also one that its channel does not send through now. Throws
 * NotFound, Invalid for what is no address of the vendor's channel, and TestRefused when the address is suppressed or the vendor's
 * credentials cannot be read. Not to be called inside a transaction.
 */
export async function sendThroughIntegration(
  ctx: Context,
  { integrationId, to }: { integrationId: string; to: string },
): Promise<TestSend> {
  allow(ctx, "integrations:write");
  const integration = await findIntegration(ctx, integrationId);
  if (!integration) throw NotFound();
  const via = await ctx.providers.byName(ctx, integration.provider);
  if (via?.integrationId !== integrationId)
    throw TestRefused("The integration cannot be used as it is stored. Enter its credentials again.");
  const render = () => testMessage(via.channel);
  return sendTest(ctx, { channel: via.channel, to, scriptId: null, scriptVersionId: null, via, render });
}

function testMessage(channel: Channel): RenderedMessage {
  const plain = {
    kind: "rendered" as const,
    subject: null,
    text: TEXT,
    html: null,
    headers: {},
    call: {},
    segments: 1,
  };
  if (channel === "SMS") return { ...plain, segments: countSegments(TEXT).segments };
  if (channel === "CALL") return { ...plain, call: { vapiConfig: VOICE } };
  return { ...plain, subject: SUBJECT, html: `<p>${TEXT}</p>` };
}
