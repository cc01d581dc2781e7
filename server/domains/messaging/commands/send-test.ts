import { z } from "zod";
import { type Context, allow, inTransaction } from "#platform/context.ts";
import { newId } from "#platform/ids.ts";
import type { ActiveProvider } from "#platform/integrations/providers.ts";
import { Invalid } from "#platform/problems.ts";
import { listSuppressions, normaliseSender } from "#domains/leads/index.ts";
import { minuteOf } from "../budget.ts";
import type { Channel } from "../channels.ts";
import type { TestSend } from "../contract.ts";
import { type Surroundings, loadSurroundings, perMinute } from "../judge.ts";
import { TestRefused } from "../problems.ts";
import { reserveBudget } from "../queries/facts.ts";
import { endTestMessage, insertTestMessage } from "../queries/test-message.ts";
import { insertLinks } from "../queries/tracked-links.ts";
import { trackWords } from "../tracking/track.ts";
import { openPool } from "../senders/pool.ts";
import { type Outgoing, handOver } from "./hand-over.ts";
import { LEASE_MS, type RenderedMessage } from "./prepare-messages.ts";

/**
 * Sends one message to an address that a person names, to try something out. It is nobody's touch and counts toward no cap; a suppression of
 * the address and the channel's budget hold as ever. Tried once. `via`: instead of the vendor that the channel sends through. Throws Invalid
 * for what is no address, and TestRefused, with nothing written or sent. Not to be called inside a transaction.
 */
export async function sendTest(
  ctx: Context,
  test: {
    channel: Channel;
    /** As it was typed. */
    to: string;
    scriptId: string | null;
    scriptVersionId: string | null;
    via?: ActiveProvider;
    render: (facts: { messageId: string; from: string; to: string; around: Surroundings }) => RenderedMessage;
  },
): Promise<TestSend> {
  allow(ctx, "messages:send");
  const { channel, scriptId, scriptVersionId, via } = test;
  const to = readAddress(channel, test.to);
  const active = await loadSurroundings(ctx, [channel]);
  const around = via ? { ...active, providers: new Map([[channel, via]]) } : active;
  const provider = around.providers.get(channel);
  if (!provider) throw TestRefused(`No active integration sends on channel ${channel}.`);
  const kind = channel === "EMAIL" ? "EMAIL" : "PHONE";
  const suppression = (await listSuppressions(ctx, [{ kind, value: to }])).find(channel, to);
  if (suppression) throw TestRefused(`The address is suppressed (${suppression.reason}).`);
  const id = newId("msg");
  const limit = perMinute(around.settings, channel);
  const message = await inTransaction(ctx, async (tx): Promise<Outgoing> => {
    // A vendor that is tried out by itself sends from its own address.
    const pool = via ? null : await openPool(tx, [{ leadId: null, channel }], around);
    const [assigned] = pool?.assign([{ leadId: null, channel }]) ?? [];
    if (assigned?.kind === "hold") throw TestRefused(`${capitalised(assigned.hold.detail)}.`);
    const sender = assigned?.sender ?? null;
    const from = sender?.address ?? provider.from;
    const rendered = test.render({ messageId: id, from, to, around });
    if (rendered.kind === "failed") throw TestRefused(`${rendered.reason}.`);
    const now = tx.now();
    if ((await reserveBudget(tx, channel, minuteOf(now), 1, limit)) === 0)
      throw TestRefused(`The channel's ${limit} a minute are used up.`);
    await pool?.book(tx);
    const words = trackWords(tx, around.tracking, { messageId: id, channel }, rendered);
    const { subject, text, html, headers, call, segments, links } = words;
    const written = { id, channel, from, to, subject, text, html, headers, call };
    const about = { provider: provider.vendor.name, scriptId, scriptVersionId, segments, senderId: sender?.id ?? null };
    const leasedUntil = new Date(now.getTime() + LEASE_MS);
    await insertTestMessage(tx, { ...written, ...about }, leasedUntil);
    await insertLinks(tx, [{ id, links }]);
    return { ...written, leasedUntil, fromName: sender?.displayName ?? null };
  });
  await handOver(ctx, [message], around);
  return { messageId: id, to, ...(await endTestMessage(ctx, id)) };
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const emailSchema = z.email();
/** E.164: a plus, the country code, at most fifteen digits in all. */
const phoneSchema = z.string().regex(/^\+[1-9]\d{6,14}$/);

function readAddress(channel: Channel, to: string): string {
  const address = normaliseSender(channel, to);
  const isRead = (channel === "EMAIL" ? emailSchema : phoneSchema).safeParse(address).success;
  if (isRead) return address;
  const detail =
    channel === "EMAIL" ? "This is no e-mail address" : "Write the number with its country code, as +1 212 555 0123";
  throw Invalid(undefined, [{ pointer: "/to", detail }]);
}
