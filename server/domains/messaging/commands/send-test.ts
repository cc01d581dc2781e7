import { type Context, allow, inTransaction } from "#platform/context.ts";
import { newId } from "#platform/ids.ts";
import { listSuppressions } from "#domains/leads/index.ts";
import type { Channel, MessageStatus } from "../channels.ts";
import { type Surroundings, loadSurroundings, perMinute } from "../judge.ts";
import { reserveBudget } from "../queries/facts.ts";
import { endTestMessage, insertTestMessage } from "../queries/test-message.ts";
import { type Outgoing, handOver } from "./hand-over.ts";
import { LEASE_MS, type RenderedMessage } from "./prepare-messages.ts";

export type TestOutcome =
  | { kind: "handed_over"; messageId: string; status: MessageStatus; failure: string | null }
  /** Nothing was written or sent. */
  | { kind: "refused"; reason: string };

const MINUTE_MS = 60_000;

/**
 * Sends one message to an address that a person names, to try something out. It is nobody's touch and counts toward no cap; a suppression of
 * the address and the channel's budget hold as ever. Tried once. `to` is in its normal form. Not to be called inside a transaction.
 */
export async function sendTest(
  ctx: Context,
  test: {
    channel: Channel;
    to: string;
    scriptId: string | null;
    render: (facts: { messageId: string; from: string; around: Surroundings }) => RenderedMessage;
  },
): Promise<TestOutcome> {
  allow(ctx, "messages:send");
  const { channel, to, scriptId } = test;
  const around = await loadSurroundings(ctx, [channel]);
  const provider = around.providers.get(channel);
  if (!provider) return refused(`No active integration sends on channel ${channel}`);
  const kind = channel === "EMAIL" ? "EMAIL" : "PHONE";
  const suppression = (await listSuppressions(ctx, [{ kind, value: to }])).find(channel, to);
  if (suppression) return refused(`The address is suppressed (${suppression.reason})`);
  const id = newId("msg");
  const rendered = test.render({ messageId: id, from: provider.from, around });
  if (rendered.kind === "failed") return refused(rendered.reason);

  const { subject, text, html, headers, call, segments } = rendered;
  const message: Outgoing = { id, channel, from: provider.from, to, subject, text, html, headers, call };
  const limit = perMinute(around.settings, channel);
  const now = ctx.now();
  const isWritten = await inTransaction(ctx, async (tx) => {
    const minute = new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS);
    if ((await reserveBudget(tx, channel, minute, 1, limit)) === 0) return false;
    const row = { ...message, provider: provider.vendor.name, scriptId, segments };
    await insertTestMessage(tx, row, new Date(now.getTime() + LEASE_MS));
    return true;
  });
  if (!isWritten) return refused(`The channel's ${limit} a minute are used up`);
  await handOver(ctx, [message], around);
  return { kind: "handed_over", messageId: id, ...(await endTestMessage(ctx, id)) };
}

const refused = (reason: string): TestOutcome => ({ kind: "refused", reason });
