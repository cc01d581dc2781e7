/** A wait because of the minute's limit is never longer than this: what is due later may still get a place that others leave free. */
export const FURTHEST_MINUTE = 60;
/** Places are given out a little closer than the limit: some of those who get one will be skipped, and no minute should go unused. */
const CLOSER = 0.8;

/**
 * In which minute from now each of `over` messages that this minute has no room for should ask again: 1 is the next. Without it everybody
 * would come again in the next minute, be judged and put off again: a hundred thousand rows written each minute to send sixty. `backlog` is
 * how many are due in all, these among them: a batch that is part of more is spread evenly over the minutes which all of them will take.
 */
export function spreadOverMinutes(over: number, backlog: number, limit: number): number[] {
  const minutes = backlog > over ? Math.max(1, (backlog * CLOSER) / limit) : over / limit;
  return Array.from({ length: over }, (_, place) =>
    Math.min(FURTHEST_MINUTE, 1 + Math.floor((place * Math.min(minutes, FURTHEST_MINUTE)) / over)),
  );
}
