import { setTimeout as sleep } from "node:timers/promises";
import { isCollision, isDatabaseAway } from "#platform/database/faults.ts";
import { forEach } from "#platform/loops.ts";
import type { Runtime } from "#platform/runtime.ts";
import { insertEngagements, type NewEngagement } from "../queries/engagements.ts";

export type Seen = { workspaceId: string; engagement: NewEngagement };

/** As many are kept while the database is away; then the oldest go. A click is not worth a process that runs out of memory. */
const MOST_WAITING = 20_000;
const BATCH = 500;
const RETRY_MS = 1_000;

type Recorder = {
  /** Resolves when it is in the database, or cannot be now: then it is kept here and written later. */
  add: (seen: Seen) => Promise<void>;
  written: () => Promise<void>;
};

/** Workspaces whose opens and clicks are written at once. */
const AT_ONCE = 4;

type Waiting = { seen: Seen; settle: () => void };

/** Writes down what was opened and clicked: one batch after the other, each with what came while the last was written. */
function createRecorder(runtime: Runtime): Recorder {
  let waiting: Waiting[] = [];
  let writing: Promise<void> | null = null;
  let closing = false;

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
        const done = new Set(batch);
        waiting = waiting.filter((one) => !done.has(one));
        for (const { settle } of batch) settle();
      } catch (error) {
        runtime.log.warn({ err: error, waiting: waiting.length }, "opens and clicks could not be written down yet");
        // Nobody who follows a link waits for a database that is away.
        for (const { settle } of waiting) settle();
        if (closing) return;
        await sleep(RETRY_MS);
      }
    }
  }

  function start(): Promise<void> {
    writing ??= writeAll().finally(() => {
      writing = null;
    });
    return writing;
  }

  return {
    add(seen) {
      if (waiting.length >= MOST_WAITING) waiting.shift()?.settle();
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ seen, settle: resolve });
      void start();
      return promise;
    },
    async written() {
      closing = true;
      await start();
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
