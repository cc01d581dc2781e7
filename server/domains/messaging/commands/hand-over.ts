import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "#platform/context.ts";
import { isCollision, isDatabaseAway, isUniqueViolation } from "#platform/database/faults.ts";
import { whenKeptIsDone } from "#platform/kept-requests.ts";
import type { ActiveProvider } from "#platform/integrations/providers.ts";
import type { SendOutcome } from "#providers/outcome.ts";
import { voiceConfig } from "#providers/voice/port.ts";
import type { Channel } from "../channels.ts";
import type { Surroundings } from "../judge.ts";
import { type Leased, flipToSending, isVendorClosed, putBack } from "../queries/flip.ts";
import { recordOutcomes } from "./record-outcomes.ts";

/** What a vendor needs of a message, whether just prepared or taken up again from its row. */
export type Outgoing = Leased & {
  channel: Channel;
  from: string;
  /** Of an e-mail's sender; null or empty: the workspace's. */
  fromName: string | null;
  to: string;
  subject: string | null;
  text: string;
  html: string | null;
  headers: Record<string, unknown>;
  call: Record<string, unknown>;
};

/** Outcomes are written down together: when all of a chunk are there, or after this long, so that a slow call delays nobody else's record. */
const FLUSH_MS = 50;
const RECORD_TRIES = 5;
/** As long as another process may go on believing in an integration that was switched off. */
const PUT_BACK_MS = 5_000;

/**
 * Hands messages to their vendors and records what came of it. Flips them to `sending` first, in a statement of its own: a message that was
 * stopped since it was prepared is not handed over, and what was kept while the database was away is done before. A slow call delays nobody else's record.
 * Must not be called inside a transaction: no vendor is ever called in one.
 */
export async function handOver(ctx: Context, messages: readonly Outgoing[], around: Surroundings): Promise<void> {
  if (messages.length === 0) return;
  if (ctx.db.isTransaction)
    throw new Error("handOver inside a transaction: a vendor would be called before the rows are safe");
  await Promise.all(
    [...Map.groupBy(messages, (message) => message.channel)].map(([channel, ofChannel]) =>
      handOverChannel(ctx, ofChannel, around, around.providers.get(channel) ?? null),
    ),
  );
}

/**
 * In chunks of as many as the vendor takes at once: flipped, called, recorded, and only then the next. A process that dies leaves at most
 * one chunk of each batch that is under way without a record. A vendor that is switched off or paused meanwhile gets no further chunk.
 */
async function handOverChannel(
  ctx: Context,
  messages: readonly Outgoing[],
  around: Surroundings,
  provider: ActiveProvider | null,
): Promise<void> {
  const atOnce = provider?.vendor.concurrency ?? 1;
  const recorder = outcomeRecorder(ctx);
  for (let from = 0; from < messages.length; from += atOnce) {
    const chunk = messages.slice(from, from + atOnce);
    await whenKeptIsDone(ctx.workspace);
    const mine = await flipToSending(ctx, chunk, provider?.integrationId ?? null);
    const isClosed =
      mine.size < chunk.length &&
      provider !== null &&
      (await isVendorClosed(
        ctx,
        provider.vendor.name,
        provider.integrationId,
        chunk.flatMap(({ id }) => (mine.has(id) ? [] : id)),
      ));
    if (isClosed) {
      const rest = messages.slice(from).filter(({ id }) => !mine.has(id));
      await putBack(ctx, rest, new Date(ctx.now().getTime() + PUT_BACK_MS));
    }
    await Promise.all(
      chunk
        .filter((message) => mine.has(message.id))
        .map(async (message) => recorder.add(message.id, await callVendor(message, around))),
    );
    await recorder.written();
    if (isClosed) return;
  }
}

function callVendor(message: Outgoing, around: Surroundings): Promise<SendOutcome> {
  const provider = around.providers.get(message.channel);
  if (!provider) return Promise.resolve({ kind: "failed", detail: `no active integration for ${message.channel}` });
  return sendThrough(provider, message, around.settings.senderName);
}

/** One call to one vendor; never throws. */
async function sendThrough(provider: ActiveProvider, message: Outgoing, senderName: string): Promise<SendOutcome> {
  switch (provider.channel) {
    case "EMAIL":
      return provider.vendor.send({
        messageId: message.id,
        from: { email: message.from, name: message.fromName || senderName },
        to: { email: message.to },
        subject: message.subject ?? "",
        html: message.html ?? "",
        text: message.text,
        headers: stringValues(message.headers),
      });
    case "SMS":
      return provider.vendor.send({ messageId: message.id, from: message.from, to: message.to, text: message.text });
    case "CALL": {
      const config = voiceConfig.safeParse(message.call.vapiConfig);
      if (!config.success)
        return {
          kind: "rejected",
          reason: "content_refused",
          detail: "the call has no valid assistant settings",
          suppress: false,
        };
      const name = typeof message.call.name === "string" ? message.call.name : undefined;
      return provider.vendor.send({
        messageId: message.id,
        from: message.from || undefined,
        to: message.to,
        name,
        vapiConfig: config.data,
        variables: {},
      });
    }
  }
}

function stringValues(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** Collects outcomes as they arrive and writes them one batch after the other; what arrives during a write is the next batch. */
function outcomeRecorder(ctx: Context) {
  let waiting: { messageId: string; outcome: SendOutcome }[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  async function writeWaiting(): Promise<void> {
    const batch = waiting;
    waiting = [];
    if (batch.length > 0) await recordWithRetry(ctx, batch);
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(writeWaiting);
  }

  return {
    add: (messageId: string, outcome: SendOutcome): void => {
      waiting.push({ messageId, outcome });
      timer ??= setTimeout(flush, FLUSH_MS);
    },
    /** All that was added is written. */
    written: async (): Promise<void> => {
      flush();
      await writing;
    },
  };
}

/**
 * The database may be away for a moment just after the vendor took the message: try for half a minute. If it stays away the rows remain
 * `sending`, and become `unknown` once they are stale; they are never sent again blind.
 */
async function recordWithRetry(ctx: Context, batch: { messageId: string; outcome: SendOutcome }[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await recordOutcomes(ctx, batch);
      return;
    } catch (error) {
      if (isUniqueViolation(error)) return recordApart(ctx, batch);
      // What is wrong with one of them keeps none of the others.
      if (batch.length > 1 && !isDatabaseAway(error) && !isCollision(error)) {
        for (const one of batch) await recordWithRetry(ctx, [one]);
        return;
      }
      ctx.log.error({ err: error, messages: batch.length, attempt }, "outcomes of hand-overs could not be recorded");
      if (attempt >= RECORD_TRIES) return;
      await sleep(1_000 * attempt);
    }
  }
}

/** A vendor has given two messages one reference: it took both, but only the first can be found by it. The others of the batch go on. */
async function recordApart(ctx: Context, batch: readonly { messageId: string; outcome: SendOutcome }[]): Promise<void> {
  for (const one of batch) {
    try {
      await recordOutcomes(ctx, [one]);
    } catch (error) {
      if (!isUniqueViolation(error) || one.outcome.kind !== "accepted") throw error;
      ctx.log.error({ message: one.messageId, ref: one.outcome.providerRef }, "a vendor used one reference twice");
      await recordOutcomes(ctx, [
        { ...one, outcome: { ...one.outcome, providerRef: `${one.outcome.providerRef}#${one.messageId}` } },
      ]);
    }
  }
}
