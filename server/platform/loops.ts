import type { Runtime } from "./runtime.ts";

/**
 * Work that the clock brings: a loop looks for rows whose time has come and does a bounded batch of them. Time lives in rows, not in
 * delayed jobs, so that the same code runs under a virtual clock. Any number of processes may run the same loop at once: each claims its
 * rows with `for update skip locked`.
 */
export type Loop = {
  name: string;
  /** How long to rest when nothing was found, in milliseconds. */
  everyMs: number;
  /** Does one batch. True: there may be more, come back at once. */
  turn: (runtime: Runtime) => Promise<boolean>;
};

export type LoopStatus = { name: string; everyMs: number; lastTurnAt: Date | null; lastError: string | null };

export type RunningLoops = { statuses(): LoopStatus[]; stop(): Promise<void>; wake(): void };

const LONGEST_PAUSE_MS = 15_000;

/** While the database is away every turn fails: ask less and less often, but be back soon after it. */
const pauseAfter = (failures: number, everyMs: number) =>
  Math.max(everyMs, Math.min(LONGEST_PAUSE_MS, 500 * 2 ** Math.min(failures, 10)));

/** Runs each loop until stopped. A turn that throws is logged and tried again after the rest: one fault must not end the loop. */
export function startLoops(runtime: Runtime, loops: readonly Loop[]): RunningLoops {
  const stopping = new AbortController();
  const statuses = new Map<string, LoopStatus>(
    loops.map((loop) => [loop.name, { name: loop.name, everyMs: loop.everyMs, lastTurnAt: null, lastError: null }]),
  );
  const wakers = new Set<() => void>();

  const rest = (ms: number) =>
    new Promise<void>((done) => {
      const finish = () => {
        clearTimeout(timer);
        wakers.delete(finish);
        done();
      };
      const timer = setTimeout(finish, ms);
      wakers.add(finish);
    });

  async function runLoop(loop: Loop): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      let more = false;
      let failure: string | null = null;
      try {
        more = await loop.turn(runtime);
      } catch (error) {
        failure = error instanceof Error ? error.message : String(error);
        runtime.log.error({ err: error, loop: loop.name }, "a loop's turn failed");
      }
      const { name, everyMs } = loop;
      statuses.set(name, { name, everyMs, lastTurnAt: runtime.clock.now(), lastError: failure });
      failures = failure === null ? 0 : failures + 1;
      if (!more && !stopping.signal.aborted)
        await rest(failures === 0 ? loop.everyMs : pauseAfter(failures, loop.everyMs));
    }
  }

  const running = loops.map(runLoop);
  return {
    statuses: () => [...statuses.values()],
    wake: () => {
      for (const waker of wakers) waker();
    },
    stop: async () => {
      stopping.abort();
      for (const waker of wakers) waker();
      await Promise.all(running);
    },
  };
}

/**
 * A turn's work for each of these, so many at once; true when one of them has more. One that fails keeps none of the others from their turn,
 * and one that is slow none but those who wait for its place: the first failure is thrown when all have had theirs.
 */
export async function forEach<Item>(
  items: Iterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<boolean | void>,
): Promise<boolean> {
  const waiting = [...items];
  const failures: unknown[] = [];
  let more = false;
  async function place(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      try {
        more = (await work(next)) === true || more;
      } catch (error) {
        failures.push(error);
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, place));
  if (failures.length > 0) throw failures[0];
  return more;
}

/** A loop that still says "more" after this many batches at one instant does not do what it claims. */
const MAX_ROUNDS = 10_000;

/** Turns every loop until none finds work: for tests and the simulator. */
export async function drainLoops(runtime: Runtime, loops: readonly Loop[]): Promise<void> {
  let busy = [...loops];
  for (let round = 0; busy.length > 0; round++) {
    if (round > MAX_ROUNDS)
      throw new Error(`These loops do not come to rest: ${busy.map((loop) => loop.name).join(", ")}`);
    const stillBusy: Loop[] = [];
    for (const loop of loops) if (await loop.turn(runtime)) stillBusy.push(loop);
    busy = stillBusy;
  }
}
