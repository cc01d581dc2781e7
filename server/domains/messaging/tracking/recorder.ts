import { setTimeout as sleep } from "node:timers/promises";
import { isCollision, isDatabaseAway } from "#platform/database/faults.ts";
import type { Runtime } from "#platform/runtime.ts";
import { insertEngagements, type NewEngagement } from "../queries/engagements.ts";

export type Seen = { workspaceId: string; engagement: NewEngagement };

/** As many are kept while the database is away; then the oldest go. A click is not worth a process that runs out of memory. */
const MOST_WAITING = 20_000;
const BATCH = 500;
const RETRY_MS = 1_000;

type Recorder = { add: (seen: Seen) => void; written: () => Promise<void> };

/** Writes down what was opened and clicked, behind the answer: whoever follows a link waits for no database. */
function createRecorder(runtime: Runtime): Recorder {
  let waiting: Seen[] = [];
  let writing: Promise<void> | null = null;
  let closing = false;

  async function writeBatch(batch: readonly Seen[]): Promise<void> {
    for (const [workspaceId, seen] of Map.groupBy(batch, (one) => one.workspaceId)) {
      const ctx = runtime.contextFor(workspaceId, { kind: "system", id: "messaging.tracking" });
      await insertEngagements(
        ctx,
        seen.map(({ engagement }) => engagement),
      );
    }
  }

  /** What is wrong with one of them keeps none of the others, nor those of other workspaces, who come behind it. */
  async function writeApart(batch: readonly Seen[]): Promise<void> {
    for (const one of batch) {
      try {
        await writeBatch([one]);
      } catch (error) {
        if (isDatabaseAway(error) || isCollision(error)) throw error;
        const { workspaceId, engagement } = one;
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
      } catch (error) {
        runtime.log.warn({ err: error, waiting: waiting.length }, "opens and clicks could not be written down yet");
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
      if (waiting.length >= MOST_WAITING) waiting.shift();
      waiting.push(seen);
      void start();
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
