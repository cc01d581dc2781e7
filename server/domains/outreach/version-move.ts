import type { DiffStep } from "./version-diff.ts";
import { firstDifference, inUse, sameDelay } from "./version-diff.ts";
import { dueAfter } from "./schedule.ts";

/** What happens to one person: they stay in their version; or go over, and what becomes of their next touch. */
export const TURNS = ["stays", "same", "earlier", "later", "chosen", "finishes"] as const;
export type Turn = (typeof TURNS)[number];

/** Somebody under way, with where they stand. Orders are those of their version. */
export type Inside = {
  /** The furthest step that was done in this run, or whose message is written; -1 before the first. */
  doneOrder: number;
  /** When the last touch was done: what the wait for the next one counts from. Null before the first. */
  doneAt: Date | null;
  enrolledAt: Date;
  /** The steps that were done in this run. */
  had: readonly string[];
  /** The step that is planned; null where none is, or where it is being handed over. */
  waiting: { stepId: string; dueAt: Date | null } | null;
};

export type Fate<Step> =
  /** They have done, or are getting, a step from the first changed one on. */
  | { kind: "stays" }
  /** `done`: how many steps in use lie behind them. Nothing of what comes next for them has changed. */
  | { kind: "moves"; done: number }
  /** The next touch is another, or comes after another wait. */
  | { kind: "replanned"; done: number; next: Step; dueAt: Date }
  /** What they waited for was taken out, and nothing is left. */
  | { kind: "finishes"; done: number };

/** How two versions meet: worked out once for everybody in the older one. */
export type Crossing<Step> = { before: readonly Step[]; after: readonly Step[]; first: number | null };

export const crossingOf = <Step extends DiffStep>(before: readonly Step[], after: readonly Step[]): Crossing<Step> => ({
  before,
  after,
  first: firstDifference(before, after),
});

/**
 * What becomes of one person when everybody who has not reached the first changed step goes over to the new version. The new wait counts from
 * where the old one counted from; a pause that lengthened the old wait lengthens the new one by as much.
 */
export function fateOf<Step extends DiffStep>(
  { doneOrder, doneAt, enrolledAt, had, waiting }: Inside,
  { before, after, first }: Crossing<Step>,
  zone: string,
): Fate<Step> {
  const done = inUse(before).filter(({ stepOrder }) => stepOrder <= doneOrder).length;
  if (first !== null && done > first) return { kind: "stays" };
  if (!waiting) return { kind: "moves", done };
  const next = inUse(after)[done];
  if (!next) return { kind: "finishes", done };
  // One step of one run is one message: what was switched off behind them and is back is not sent to them again.
  if (had.includes(next.id)) return { kind: "stays" };
  const old = before.find(({ id }) => id === waiting.stepId);
  if (old?.id === next.id && sameDelay(old, next)) return { kind: "moves", done };
  const from = doneAt ?? enrolledAt;
  const dueAt = dueAfter(from, delayOf(next), zone);
  const longer = old && waiting.dueAt ? waiting.dueAt.getTime() - dueAfter(from, delayOf(old), zone).getTime() : 0;
  return { kind: "replanned", done, next, dueAt: new Date(dueAt.getTime() + Math.max(0, longer)) };
}

const delayOf = ({ delayValue: value, delayUnit: unit }: DiffStep) => ({ value, unit });
