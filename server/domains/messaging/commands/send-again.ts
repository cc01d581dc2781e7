import { type Context, allow, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { Conflict, NotFound } from "#platform/problems.ts";
import { messageSentAgain } from "../messages.ts";
import { loadSurroundings } from "../judge.ts";
import { findMessage } from "../queries/list.ts";
import { type NewMessage, lockMessages } from "../queries/outbound.ts";
import { listLinks } from "../queries/tracked-links.ts";
import { countSegments } from "../segments.ts";
import { untrackWords } from "../tracking/track.ts";
import { aboutMessage } from "./record-outcomes.ts";
import { applyFacts } from "./apply-facts.ts";
import { handOver } from "./hand-over.ts";
import { prepareMessages } from "./prepare-messages.ts";

/**
 * A person decides that a message whose outcome is unknown did not arrive: it counts as failed, and its words go out once more, as a touch of
 * its own in that person's name, through the gate as any other. Answers the id of the new message, and until when the gate lets it wait. Throws
 * Conflict for a message that is not unknown or that the gate refuses; then nothing is changed. Not to be called inside a transaction.
 */
export async function sendAgain(
  ctx: Context,
  messageId: string,
): Promise<{ messageId: string; waitsUntil: string | null }> {
  allow(ctx, "messages:send");
  const stored = await findMessage(ctx, messageId);
  if (!stored) throw NotFound();
  const around = await loadSurroundings(ctx, [stored.channel]);
  const fresh = await inTransaction(ctx, async (tx) => {
    const open = (await lockMessages(tx, [messageId])).get(messageId);
    if (!open) throw NotFound();
    if (open.status !== "unknown")
      throw Conflict(`This message is ${open.status}; only one whose outcome is unknown is sent again.`);
    if (!open.leadId) throw Conflict("The lead of this message no longer exists.");
    const { message: next, waitsUntil } = await prepare(tx, stored, open.leadId, around);
    const fact = {
      kind: "status" as const,
      externalId: `${messageId}:sent-again`,
      providerRef: null,
      messageId,
      status: "failed" as const,
      hard: false,
      detail: `sent again by a person, as ${next.id}`,
      at: tx.now(),
    };
    await applyFacts(tx, open.provider ?? "", [{ eventId: messageId, fact }]);
    const about = { ...aboutMessage(open), messageId: next.id, formerId: messageId };
    await emit(tx, messageSentAgain, about, { leadId: open.leadId, subjectId: next.id });
    return { next, waitsUntil };
  });
  if (fresh.waitsUntil === null) await handOver(ctx, [fresh.next], around);
  return { messageId: fresh.next.id, waitsUntil: fresh.waitsUntil };
}

type Stored = NonNullable<Awaited<ReturnType<typeof findMessage>>>;

async function prepare(
  tx: Context,
  stored: Stored,
  leadId: string,
  around: Awaited<ReturnType<typeof loadSurroundings>>,
): Promise<{ message: NewMessage; waitsUntil: string | null }> {
  const { channel, subject, call, campaignId, scriptId, scriptVersionId } = stored;
  // As they were written: they get links of their own, and one that leads over us already would count for the former message.
  const { text, html } = untrackWords(tx, stored, await listLinks(tx, stored.id));
  const segments = channel === "SMS" ? countSegments(text).segments : stored.segments;
  const answers = await prepareMessages(
    tx,
    [
      {
        key: stored.id,
        leadId,
        channel,
        priority: 0,
        window: null,
        allowStatuses: null,
        extra: {},
        override: null,
        purpose: "one_off",
        scriptId,
        scriptVersionId,
        campaignId,
        executionId: null,
        waitsInQueue: true,
        render: ({ messageId, from }) => ({
          kind: "rendered",
          subject,
          text,
          html,
          headers: headersOf(stored.headers, messageId, from),
          call,
          segments,
        }),
      },
    ],
    around,
  );
  const answer = answers.get(stored.id);
  if (answer?.kind === "prepared") return { message: answer.message, waitsUntil: null };
  if (answer?.kind === "refused" && answer.verdict.result.kind !== "send") {
    const { result } = answer.verdict;
    if (answer.queued && result.kind === "wait") return { message: answer.queued, waitsUntil: result.until };
    throw Conflict(`The gate refuses it: ${result.reason}.`);
  }
  throw Conflict("Something else is being decided about this lead at this moment. Try again.");
}

/** A mail of its own has a Message-ID of its own; its unsubscribe link goes on meaning the same address. */
function headersOf(stored: Record<string, unknown>, messageId: string, from: string): Record<string, string> {
  const kept = Object.entries(stored).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const domain = from.split("@")[1];
  return Object.fromEntries(
    kept.map(([name, value]) => [name, name === "Message-ID" && domain ? `<${messageId}@${domain}>` : value]),
  );
}
