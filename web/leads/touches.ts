import type { TimelineEntry } from "#domains/leads/contract.ts";

type Entry = Pick<TimelineEntry, "type" | "payload">;

/** The touch of a sequence that an entry is about. */
export type Touch = { executionId: string; enrollmentId: string; sequenceName: string; stepOrder: number };

const textIn = ({ payload }: Entry, key: string): string | undefined => {
  const value = payload[key];
  return typeof value === "string" && value !== "" ? value : undefined;
};

/** Which event of the message says the same as the step's own. */
const SAID_BY: Readonly<Record<string, string>> = {
  "outreach.step-sent": "messaging.message-sent",
  "outreach.step-delivered": "messaging.message-delivered",
  "outreach.step-failed": "messaging.message-failed",
  "outreach.step-skipped": "messaging.message-withheld",
};

/**
 * A touch is told by two domains: messaging knows its words, outreach the sequence and the step. Gives each touch once, as the
 * message's event, together with where it stands in its sequence. The order stays.
 */
export function joinTouches<Item extends Entry>(entries: readonly Item[]): { entry: Item; touch: Touch | undefined }[] {
  const touches = new Map<string, Touch>();
  const told = new Set<string>();
  for (const entry of entries) {
    const executionId = textIn(entry, "executionId");
    if (executionId === undefined) continue;
    told.add(`${entry.type} ${executionId}`);
    const enrollmentId = textIn(entry, "enrollmentId");
    const { stepOrder } = entry.payload;
    if (enrollmentId === undefined || typeof stepOrder !== "number") continue;
    touches.set(executionId, {
      executionId,
      enrollmentId,
      stepOrder,
      sequenceName: textIn(entry, "sequenceName") ?? "",
    });
  }
  return entries.flatMap((entry) => {
    const executionId = textIn(entry, "executionId") ?? "";
    const other = SAID_BY[entry.type];
    if (other !== undefined && told.has(`${other} ${executionId}`)) return [];
    return [{ entry, touch: touches.get(executionId) }];
  });
}

/** The channel of the last answer that came no later than an instant; a sequence ends in the moment of the answer. */
export function answerBefore(
  entries: readonly (Entry & Pick<TimelineEntry, "at">)[],
  instant: string | null,
): string | undefined {
  if (instant === null) return undefined;
  // The answer is written down in the same transaction, at most a moment apart.
  const latest = new Date(instant).getTime() + 1_000;
  const answers = entries
    .filter(({ type, at }) => type === "messaging.message-received" && new Date(at).getTime() <= latest)
    .toSorted((a, b) => b.at.localeCompare(a.at));
  return answers[0] && textIn(answers[0], "channel");
}
