import { setTimeout as sleep } from "node:timers/promises";
import { isCollision, isDatabaseAway } from "#platform/database/faults.ts";
import { forEach } from "#platform/loops.ts";
import type { Runtime } from "#platform/runtime.ts";
import { insertEngagements } from "../queries/engagements.ts";
import { forgetSpooled, readSpool, type Seen, spool, spoolDir } from "./spool.ts";

/** As many are kept in memory while the database is away; then the oldest go, which stay on the disk for the next start. */
const MOST_WAITING = 20_000;
const BATCH = 500;
const RETRY_MS = 1_000;
/** Who is not in the database by then is put on the disk: half of what somebody who follows a link waits at most. */
const SPOOL_AFTER_MS = 250;
/** On the disk at once, some 400 bytes each. Beyond, memory alone holds them. */
const MOST_SPOOLED = 200_000;

type Recorder = {
  /** Resolves when it is in the database, or on the disk, or neither can be had: then memory alone has it. */
  add: (seen: Seen) => Promise<void>;
  /** Takes up what processes before have left on the disk. */
  takeUp: () => Promise<void>;
  written: () => Promise<void>;
};

/** Workspaces whose opens and clicks are written at once. */
const AT_ONCE = 4;

/** `path`: the file that has it. `isKept` or being put into one. `isWritten`: the database has it. */
type Waiting = { seen: Seen; settle: () => void; isKept: boolean; isWritten: boolean; path: string | null };

const asWaiting = (seen: Seen, rest: Partial<Waiting> = {}): Waiting => ({
  seen,
  settle: () => undefined,
  isKept: false,
  isWritten: false,
  path: null,
  ...rest,
});

/**
 * Writes down what was opened and clicked: one batch after the other, each with what came while the last was written. What the database does not
 * take at once is put on the disk, where a process that is killed leaves it to the next. A process has one: see `recorderOf`.
 */
export function createRecorder(runtime: Runtime, { mostWaiting = MOST_WAITING } = {}): Recorder {
  const dir = spoolDir(runtime.config.dataDir);
  let waiting: Waiting[] = [];
  let writing: Promise<void> | null = null;
  let closing = false;
  let isEnding = false;
  let patience: NodeJS.Timeout | null = null;
  /** How many of each file are not in the database yet. */
  const filed = new Map<string, number>();
  let spooled = 0;

  async function writeBatch(batch: readonly Waiting[]): Promise<void> {
    const byWorkspace = Map.groupBy(batch, ({ seen }) => seen.workspaceId);
    await forEach(byWorkspace, AT_ONCE, async ([workspaceId, ofOne]) => {
      const ctx = runtime.contextFor(workspaceId, { kind: "system", id: "messaging.tracking" });
      await insertEngagements(
        ctx,
        ofOne.map(({ seen }) => seen.engagement),
      );
    });
  }

  /** What is wrong with one of them keeps none of the others, nor those of other workspaces, who come behind it. */
  async function writeApart(batch: readonly Waiting[]): Promise<void> {
    for (const one of batch) {
      try {
        await writeBatch([one]);
      } catch (error) {
        if (isDatabaseAway(error) || isCollision(error)) throw error;
        const { workspaceId, engagement } = one.seen;
        runtime.log.error({ err: error, workspaceId, message: engagement.messageId }, "an open or click was given up");
      }
    }
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH);
      try {
        await writeBatch(batch).catch((error: unknown) => {
          if (isDatabaseAway(error) || isCollision(error)) throw error;
          return writeApart(batch);
        });
        for (const one of batch) one.isWritten = true;
        waiting = waiting.filter((one) => !one.isWritten);
        for (const { settle } of batch) settle();
        await release(batch.flatMap(({ path }) => path ?? []));
      } catch (error) {
        runtime.log.warn({ err: error, waiting: waiting.length }, "opens and clicks could not be written down yet");
        await keepWaiting();
        if (closing) return;
        await sleep(RETRY_MS);
      }
    }
  }

  /** One of each of these files is in the database; a file of which all are is done with. */
  async function release(paths: readonly string[]): Promise<void> {
    spooled -= paths.length;
    for (const path of paths) filed.set(path, (filed.get(path) ?? 1) - 1);
    for (const path of new Set(paths)) {
      if (filed.get(path) !== 0) continue;
      filed.delete(path);
      await forgetSpooled(path);
    }
  }

  /** Puts what waits on the disk. Nobody who follows a link waits longer: where the disk cannot be written either, memory has it. */
  async function keepWaiting(): Promise<void> {
    const some = waiting.filter(({ isKept }) => !isKept).slice(0, Math.max(0, MOST_SPOOLED - spooled));
    for (const one of some) one.isKept = true;
    if (some.length > 0) {
      try {
        const path = await spool(
          dir,
          some.map(({ seen }) => seen),
        );
        file(path, some);
        // The database may have taken some of them in the meantime. Those that memory let go of it has not: the file stays, for the next start.
        await release(some.flatMap((one) => (one.isWritten ? path : [])));
      } catch (error) {
        for (const one of some) one.isKept = false;
        runtime.log.error({ err: error, waiting: some.length }, "opens and clicks could not be put on the disk");
      }
    }
    for (const { settle } of waiting) settle();
  }

  function file(path: string, some: readonly Waiting[]): void {
    filed.set(path, some.length);
    spooled += some.length;
    for (const one of some) one.path = path;
  }

  function start(): Promise<void> {
    writing ??= writeAll().finally(() => {
      writing = null;
    });
    return writing;
  }

  /** A quarter of a second after the first that is in neither. */
  function wait(): void {
    patience ??= setTimeout(() => {
      patience = null;
      if (waiting.some(({ isKept }) => !isKept)) void keepWaiting();
    }, SPOOL_AFTER_MS);
  }

  return {
    add(seen) {
      if (waiting.length >= mostWaiting) waiting.shift()?.settle();
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(asWaiting(seen, { settle: resolve }));
      wait();
      void start();
      return promise;
    },
    async takeUp() {
      for await (const { path, seen } of readSpool(dir, runtime.log)) {
        if (isEnding) return;
        if (filed.has(path)) continue;
        const some = seen.map((one) => asWaiting(one, { isKept: true, path }));
        if (some.length === 0) {
          await forgetSpooled(path);
          continue;
        }
        file(path, some);
        waiting.push(...some);
        await start();
      }
    },
    async written() {
      isEnding = closing = true;
      await start();
      if (patience) clearTimeout(patience);
      patience = null;
      closing = false;
    },
  };
}

const recorders = new WeakMap<Runtime, Recorder>();

/** The recorder of this process. `written` waits until all that was seen is in the database, or cannot be now. */
export function recorderOf(runtime: Runtime): Recorder {
  const known = recorders.get(runtime) ?? createRecorder(runtime);
  recorders.set(runtime, known);
  return known;
}
