import { elapsed as elapsedHere } from "./clock.ts";

/** Runs a piece of work as soon as there is room for it: the part that holds a database connection, not the wait for a vendor. */
export type Room = <T>(work: () => Promise<T>) => Promise<T>;

/** Room for so many pieces of work at once; the others wait in the order in which they came. */
export function roomFor(atOnce: number): Room {
  let free = atOnce;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((admit) => waiting.push(admit));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}

export type SideBySide<Item> = {
  /** Who has work now; asked again and again while somebody's is under way. */
  find: () => Promise<readonly Item[]>;
  keyOf: (item: Item) => string;
  /** Batches of one item under way at once. */
  lanes: number;
  /** How many pieces of work are in their `room` at once, over all items. */
  atOnce: number;
  /** Does one batch. True: there may be more. */
  work: (item: Item, room: Room) => Promise<boolean>;
  /** After this long no further batch is begun but beside those that were begun before. */
  turnMs: number;
  /** The stopwatch of the process's clock, where it has one of its own. */
  elapsed?: () => number;
};

/** How often others are looked for while somebody's work is under way. */
const LOOK_MS = 500;

/**
 * One turn over all who have work, each in lanes of its own. Who waits for a slow vendor holds up nobody: the others go on beside it, and who
 * gets work meanwhile is found. Ends when nothing is under way; the first failure is thrown then, and keeps nobody from their turn. Answers
 * whether there is more.
 */
export async function serveSideBySide<Item>(asked: SideBySide<Item>): Promise<boolean> {
  const { find, keyOf, lanes, work, turnMs, elapsed = elapsedHere } = asked;
  const room = roomFor(asked.atOnce);
  const begun = elapsed();
  const isLate = () => elapsed() - begun >= turnMs;
  const busy = new Map<string, number>();
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let early = 0;
  let more = false;

  async function lane(item: Item): Promise<void> {
    const isEarly = !isLate();
    if (isEarly) early += 1;
    const key = keyOf(item);
    busy.set(key, (busy.get(key) ?? 0) + 1);
    try {
      let goesOn = true;
      while (goesOn) {
        const hasMore = await work(item, room);
        goesOn = hasMore && !isLate();
        more = more || (hasMore && !goesOn);
      }
    } catch (error) {
      failures.push(error);
    } finally {
      busy.set(key, (busy.get(key) ?? 1) - 1);
      if (isEarly) early -= 1;
    }
  }

  async function look(): Promise<void> {
    const found = await find();
    // Each gets its first lane before anybody gets a second.
    for (let number = 0; number < lanes; number += 1)
      for (const item of found) {
        if ((busy.get(keyOf(item)) ?? 0) > number) continue;
        const begunLane = lane(item).finally(() => running.delete(begunLane));
        running.add(begunLane);
      }
  }

  await look();
  let lookedAt = elapsed();
  while (running.size > 0) {
    await firstOf(running, LOOK_MS);
    if (running.size === 0 || early === 0 || elapsed() - lookedAt < LOOK_MS) continue;
    lookedAt = elapsed();
    try {
      await look();
    } catch (error) {
      failures.push(error);
      await Promise.all(running);
    }
  }
  if (failures.length > 0) throw failures[0];
  return more;
}

/** Waits until one of them has ended, but no longer than this. */
async function firstOf(running: ReadonlySet<Promise<void>>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((done) => {
    timer = setTimeout(done, ms);
  });
  await Promise.race([...running, late]).finally(() => clearTimeout(timer));
}
