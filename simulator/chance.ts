import { sha256 } from "#platform/ids.ts";

/**
 * A number in [0, 1) that is the same again for the same seed and the same words. What happens to a touch is told by what it is (whose, over
 * which channel, which step), never by the order in which questions are asked: so a run can be repeated however its work is scheduled.
 */
export type Chance = (...about: readonly (string | number)[]) => number;

const DIGITS = 13;
const RANGE = 16 ** DIGITS;

export const chanceOf =
  (seed: number): Chance =>
  (...about) =>
    Number.parseInt(sha256(`${seed}|${about.join("|")}`).slice(0, DIGITS), 16) / RANGE;

/** One of the list, each as likely as the others. The list is not empty. */
export function pick<T>(list: readonly T[], chance: number): T {
  const one = list[Math.floor(chance * list.length)];
  if (one === undefined) throw new Error("There is nothing to choose from.");
  return one;
}
