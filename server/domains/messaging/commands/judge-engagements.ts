import { type Context, inRetriedTransaction } from "#platform/context.ts";
import { emitMany } from "#platform/events.ts";
import { sha256 } from "#platform/ids.ts";
import { recordInterests } from "#domains/leads/index.ts";
import { type EngagementFact, tellEngagement } from "../hooks.ts";
import { messageClicked, messageOpened } from "../messages.ts";
import {
  claimUnjudged,
  type EngagedMessage,
  listClicks,
  lockEngaged,
  markEngaged,
  markJudged,
  type Unjudged,
} from "../queries/engagements.ts";
import { BURST_MS, type BotReason, botReasonByTime } from "../tracking/bots.ts";
import { applyFacts } from "./apply-facts.ts";
import { aboutMessage } from "./record-outcomes.ts";

const BATCH = 500;
/** A burst is whole by then, with what it takes to write it down. */
export const SETTLED_MS = 2 * BURST_MS;

type Judged = Unjudged & { botReason: BotReason | null };

/**
 * Decides of openings and clicks that are a moment old whether a person did them. A person's first ones are noted on the message, told as
 * events and to the higher domains, and prove that the message arrived; who follows a link has opened the message. A machine's are kept and do
 * nothing. Answers whether there may be more.
 */
export async function judgeEngagements(ctx: Context): Promise<boolean> {
  return inRetriedTransaction(ctx, async (tx) => {
    const claimed = await claimUnjudged(tx, new Date(tx.now().getTime() - SETTLED_MS), BATCH);
    if (claimed.length === 0) return false;
    const ids = [...new Set(claimed.map(({ messageId }) => messageId))];
    const messages = await lockEngaged(tx, ids);
    const clicks = await listClicks(tx, ids);
    const judged = claimed.map((one): Judged => {
      const others = clicks.get(one.messageId) ?? [];
      const byTime = () => botReasonByTime(one, messages.get(one.messageId)?.handedAt ?? null, others);
      return { ...one, botReason: one.botReason ?? (one.kind === "CLICK" ? byTime() : null) };
    });
    await markJudged(tx, judged);
    const persons = Map.groupBy(
      judged.filter(({ botReason }) => botReason === null),
      ({ messageId }) => messageId,
    );
    const known = new Set(
      [...clicks].flatMap(([id, list]) => list.flatMap(({ isPersons, url }) => (isPersons ? [`${id} ${url}`] : []))),
    );
    await note(
      tx,
      [...persons].flatMap(([id, done]) => {
        const message = messages.get(id);
        // Its person was erased meanwhile.
        return message && message.to !== "" ? [{ message, done }] : [];
      }),
      known,
    );
    return claimed.length === BATCH;
  });
}

type Engaged = { message: EngagedMessage; done: readonly Judged[] };

const firstOf = (list: readonly Judged[], kind?: Judged["kind"]): Date | null =>
  list.find((one) => kind === undefined || one.kind === kind)?.at ?? null;

const earlier = (a: Date | null, b: Date | null): Date | null => (a !== null && (b === null || a <= b) ? a : b);

/** `known`: links that a person followed before, as `message url`: each is told once. */
async function note(tx: Context, engaged: readonly Engaged[], known: Set<string>): Promise<void> {
  const changes = engaged.map(({ message, done }) => ({
    message,
    id: message.id,
    openedAt: earlier(message.openedAt, firstOf(done)),
    clickedAt: earlier(message.clickedAt, firstOf(done, "CLICK")),
  }));
  await markEngaged(tx, changes);
  const subject = ({ id, leadId }: EngagedMessage) => ({ leadId, subjectId: id });
  const opened = engaged.flatMap(({ message, done }) => {
    const at = message.openedAt === null ? firstOf(done, "OPEN") : null;
    return at ? [{ payload: { ...aboutMessage(message), url: null, at: at.toISOString() }, ...subject(message) }] : [];
  });
  const clicked = engaged.flatMap(({ message, done }) =>
    done.flatMap(({ kind, url, at }) => {
      const key = `${message.id} ${url}`;
      if (kind !== "CLICK" || known.has(key)) return [];
      known.add(key);
      return [{ payload: { ...aboutMessage(message), url: url ?? "", at: at.toISOString() }, ...subject(message) }];
    }),
  );
  await emitMany(tx, messageOpened, opened);
  await emitMany(tx, messageClicked, clicked);
  await recordInterests(
    tx,
    clicked.flatMap(({ leadId, payload: { messageId, url, at } }) =>
      leadId === null
        ? []
        : [{ leadId, kind: "click" as const, key: `${messageId} ${sha256(url).slice(0, 32)}`, at: new Date(at) }],
    ),
  );
  await tellEngagement(
    tx,
    changes.flatMap(({ message, openedAt, clickedAt }): EngagementFact[] => {
      const isNews = openedAt !== message.openedAt || clickedAt !== message.clickedAt;
      const { id: messageId, executionId, leadId } = message;
      return isNews ? [{ messageId, executionId, leadId, openedAt, clickedAt }] : [];
    }),
  );
  // Where the vendor reports nothing, this is how one knows that it arrived.
  await applyFacts(
    tx,
    "tracking",
    engaged
      .filter(({ message: { status } }) => status === "sent" || status === "unknown")
      .map(({ message, done }) => ({
        eventId: "",
        fact: {
          kind: "status",
          status: "delivered",
          externalId: "",
          providerRef: null,
          messageId: message.id,
          hard: false,
          detail: null,
          at: firstOf(done),
        },
      })),
  );
}
