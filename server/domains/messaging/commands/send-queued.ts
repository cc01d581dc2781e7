import { type Context, inTransaction } from "#platform/context.ts";
import { emitMany } from "#platform/events.ts";
import type { Room } from "#platform/side-by-side.ts";
import type { Check } from "../gate.ts";
import { type DeliveryFact, type SendTerms, askSendTerms, tellDelivery } from "../hooks.ts";
import { type Ask, type Judgement, type Surroundings, judge, loadSurroundings } from "../judge.ts";
import { messageWithheld } from "../messages.ts";
import { type QueuedMessage, claimQueued, deferQueued, updateAttempts, updateMessages } from "../queries/outbound.ts";
import { countTouches } from "../queries/flip.ts";
import { summaryOf } from "../summary.ts";
import { CHANNELS } from "../channels.ts";
import { LEAD_STATUSES } from "#domains/leads/index.ts";
import { type Outgoing, handOver } from "./hand-over.ts";
import { isTouch } from "./prepare-messages.ts";
import { LEASE_MS, changeSenders } from "../queries/release.ts";
import { markProbes } from "../queries/vendor-trips.ts";
import type { AssignedSender } from "../senders/pool.ts";

const BATCH = 100;
const BUSY_RETRY_MS = 1_000;

/**
 * Takes up queued messages whose time has come: retries, one-offs, confirmations, and what a dead process prepared but never handed over.
 * The gate is asked again: days may have passed. Answers whether there may be more.
 */
export async function sendQueued(ctx: Context, room: Room = (work) => work()): Promise<boolean> {
  const { around, claimed, ready } = await room(async () => {
    const surroundings = await loadSurroundings(ctx, CHANNELS);
    return { around: surroundings, ...(await inTransaction(ctx, (tx) => takeUp(tx, surroundings))) };
  });
  await handOver(ctx, ready, around);
  return claimed === BATCH;
}

async function takeUp(tx: Context, around: Surroundings): Promise<{ claimed: number; ready: Outgoing[] }> {
  const queued = await claimQueued(tx, BATCH);
  const terms = await askSendTerms(
    tx,
    queued.flatMap((message) => message.executionId ?? []),
  );
  const answers = await judge(
    tx,
    queued.flatMap((message) => askFor(message, terms)),
    around,
  );

  const ready: (QueuedMessage & { fromName: string | null })[] = [];
  const waits: { id: string; until: Date; message: QueuedMessage; detail: string }[] = [];
  const refused: { message: QueuedMessage; reason: string; stop: boolean; check?: Check }[] = [];
  for (const message of queued) {
    if (message.purpose === "sequence" && message.executionId === null) {
      refused.push({ message, reason: "its step no longer exists", stop: true });
      continue;
    }
    // Its sequence is being changed at this moment.
    const isUnsettled = message.executionId !== null && !terms.has(message.executionId);
    const answer: Judgement | undefined = isUnsettled ? { kind: "busy" } : answers.get(message.id);
    if (!answer) {
      refused.push({ message, reason: "the lead no longer exists", stop: true });
      continue;
    }
    if (answer.kind === "busy") {
      waits.push({ id: message.id, until: new Date(tx.now().getTime() + BUSY_RETRY_MS), message, detail: "" });
      continue;
    }
    const { result } = answer.verdict;
    if (result.kind === "send") ready.push(sentByToday(message, answer.sender, around));
    else if (result.kind === "wait")
      waits.push({ id: message.id, until: new Date(result.until), message, detail: result.reason });
    else refused.push({ message, reason: result.reason, stop: result.kind === "stop", check: result.check });
  }
  // A lease for ourselves: nobody else takes them up while we hand over.
  const lease = new Date(tx.now().getTime() + LEASE_MS);
  await deferQueued(tx, [
    ...waits.map(({ id, until }) => ({ id, until })),
    ...ready.map(({ id }) => ({ id, until: lease })),
  ]);
  const before = new Map(queued.map((message) => [message.id, message]));
  await changeSenders(
    tx,
    ready.filter((message) => {
      const was = before.get(message.id);
      return was !== undefined && isChanged(was, message);
    }),
  );
  await markProbes(
    tx,
    ready.flatMap(({ id }) => {
      const answer = answers.get(id);
      return answer?.kind === "judged" && answer.probeAt ? { id, probeAt: answer.probeAt } : [];
    }),
  );
  await withhold(tx, refused);
  const attemptsOf = (list: readonly QueuedMessage[]) => list.flatMap(({ contactAttemptId }) => contactAttemptId ?? []);
  await countTouches(tx, {
    going: attemptsOf(ready),
    staying: attemptsOf([...waits.filter(({ detail }) => detail !== ""), ...refused].map(({ message }) => message)),
  });
  await tellDelivery(tx, [
    ...waits
      .filter((wait) => wait.detail)
      .map((wait) => factOf(wait.message, "deferred", wait.detail, tx.now(), { until: wait.until })),
    ...refused.map((one) =>
      factOf(one.message, "withheld", one.reason, tx.now(), { stop: one.stop, check: one.check }),
    ),
  ]);
  return { claimed: queued.length, ready: ready.map((message) => ({ ...message, leasedUntil: lease })) };
}

/** The message as the vendor of today sends it: since it was written the workspace may have changed its number, its vendor or its senders. */
function sentByToday(
  message: QueuedMessage,
  sender: AssignedSender | null,
  { providers }: Surroundings,
): QueuedMessage & { fromName: string | null } {
  const active = providers.get(message.channel);
  const provider = active?.vendor.name ?? message.provider;
  const from = sender?.address ?? active?.from ?? message.from;
  return { ...message, from, provider, senderId: sender?.id ?? null, fromName: sender?.displayName ?? null };
}

const isChanged = (before: QueuedMessage, after: QueuedMessage) =>
  before.from !== after.from || before.provider !== after.provider || before.senderId !== after.senderId;

function askFor(message: QueuedMessage, terms: Map<string, SendTerms>): Ask[] {
  if (!message.leadId || (message.executionId && !terms.has(message.executionId))) return [];
  const own = message.executionId ? terms.get(message.executionId) : undefined;
  return [
    {
      key: message.id,
      leadId: message.leadId,
      channel: message.channel,
      to: message.to,
      priority: own?.priority ?? 0,
      attemptId: message.contactAttemptId,
      window: own?.window ?? null,
      // A confirmation answers whoever asked for it, customer or not.
      allowStatuses: own?.allowStatuses ?? (message.purpose === "confirmation" ? LEAD_STATUSES : null),
      extra: own?.extra ?? {},
      isTouch: isTouch(message.purpose),
      override: message.override ?? null,
    },
  ];
}

/** Refused at the moment of sending: never handed over, the reason kept. */
async function withhold(tx: Context, refused: readonly { message: QueuedMessage; reason: string }[]): Promise<void> {
  await updateMessages(
    tx,
    refused.map(({ message, reason }) => ({
      id: message.id,
      status: "cancelled" as const,
      providerRef: null,
      failure: reason,
      sentAt: null,
      deliveredAt: null,
      dueAt: null,
    })),
  );
  await updateAttempts(
    tx,
    refused.flatMap(({ message, reason }) =>
      message.contactAttemptId
        ? [
            {
              id: message.contactAttemptId,
              status: "FAILED",
              providerRef: null,
              result: `withheld: ${reason}`,
              completedAt: tx.now(),
              duration: null,
              costMicros: null,
              transcript: null,
              recordingUrl: null,
              tried: null,
            },
          ]
        : [],
    ),
  );
  await emitMany(
    tx,
    messageWithheld,
    refused.map(({ message, reason }) => ({
      payload: {
        messageId: message.id,
        channel: message.channel,
        purpose: message.purpose,
        executionId: message.executionId,
        summary: summaryOf(message.subject, message.text),
        reason,
      },
      leadId: message.leadId,
      subjectId: message.id,
    })),
  );
}

function factOf(
  message: QueuedMessage,
  kind: "deferred" | "withheld",
  detail: string,
  at: Date,
  more: { until?: Date; stop?: boolean; check?: Check },
): DeliveryFact {
  return {
    messageId: message.id,
    leadId: message.leadId,
    channel: message.channel,
    executionId: message.executionId,
    campaignId: message.campaignId,
    attemptId: message.contactAttemptId,
    kind,
    detail,
    at,
    ...more,
  };
}
