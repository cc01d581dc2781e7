import { EventEmitter } from "node:events";
import { Logger, type TaskList, type WorkerEvents, run, runMigrations, runOnce } from "graphile-worker";
import type { Pool } from "pg";
import { listHandledJobs, runJob } from "./jobs.ts";
import type { Runtime } from "./runtime.ts";

/** How long a job under way may take to finish once the process was asked to stop, in milliseconds. */
const STOP_TIMEOUT_MS = 10_000;
const RESTART_DELAY_MS = 1_000;

/** The queue's own words in our log; what it says about its routine work is of no interest. */
const loggerFor = (runtime: Runtime) =>
  new Logger(() => (level, message, meta) => {
    if (level === "error") runtime.log.error({ meta }, message);
    else if (level === "warning") runtime.log.warn({ meta }, message);
  });

const silent = new Logger(() => () => undefined);

const taskList = (runtime: Runtime): TaskList =>
  Object.fromEntries(listHandledJobs().map((name) => [name, (envelope: unknown) => runJob(runtime, name, envelope)]));

/** Makes the queue's own tables or brings them up to date. Runs as the owner of the database. */
export async function migrateQueue(pool: Pool): Promise<void> {
  await runMigrations({ pgPool: pool, logger: silent });
}

export type JobWorker = { isAlive(): boolean; stop(): Promise<void> };

/**
 * Works the queue until stopped; `stop` lets jobs under way finish. The queue's worker ends itself when the database goes away: it is then
 * started again until the database is back.
 */
export function startJobWorker(runtime: Runtime, pool: Pool, concurrency: number): JobWorker {
  const stopping = new AbortController();
  let alive = false;
  let wake: () => void = () => undefined;
  let stopRunner: () => Promise<unknown> = async () => undefined;

  const rest = () =>
    new Promise<void>((done) => {
      const timer = setTimeout(done, RESTART_DELAY_MS);
      wake = () => {
        clearTimeout(timer);
        done();
      };
    });

  async function workUntilItEnds(): Promise<void> {
    const runner = await run({
      pgPool: pool,
      taskList: taskList(runtime),
      concurrency,
      noHandleSignals: true,
      pollInterval: 1_000,
      logger: loggerFor(runtime),
      parsedCronItems: [],
      preset: {
        worker: {
          localQueue: { size: 50 },
          gracefulShutdownAbortTimeout: STOP_TIMEOUT_MS,
          // Without a delay the library does not wait for the end of a job to be written down: a database that goes away just then would
          // be a rejection that nobody handles, which ends the process.
          completeJobBatchDelay: 0,
          failJobBatchDelay: 0,
        },
      },
    });
    stopRunner = () => runner.stop();
    alive = true;
    if (stopping.signal.aborted) await runner.stop();
    await runner.promise;
  }

  async function supervise(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await workUntilItEnds();
      } catch (error) {
        if (!stopping.signal.aborted) runtime.log.error({ err: error }, "the job worker stopped and is started again");
      }
      alive = false;
      if (!stopping.signal.aborted) await rest();
    }
  }

  const supervised = listHandledJobs().length === 0 ? Promise.resolve() : supervise();
  return {
    isAlive: () => alive || listHandledJobs().length === 0,
    async stop() {
      stopping.abort();
      wake();
      if (alive) await stopRunner();
      await supervised;
    },
  };
}

export type JobFailure = { job: string; payload: unknown; error: unknown };

/**
 * Runs every job that is ready and returns those that failed (they stay in the queue): for tests and the simulator, whose clock is their own.
 */
export async function drainJobs(runtime: Runtime, pool: Pool): Promise<JobFailure[]> {
  const failures: JobFailure[] = [];
  if (listHandledJobs().length === 0 || !(await hasReadyJobs(pool))) return failures;
  const events: WorkerEvents = new EventEmitter();
  events.on("job:error", ({ job, error }) => failures.push({ job: job.task_identifier, payload: job.payload, error }));
  await runOnce({
    pgPool: pool,
    taskList: taskList(runtime),
    concurrency: 4,
    noHandleSignals: true,
    logger: silent,
    events,
  });
  return failures;
}

/** Asked first because starting a worker costs some ten round trips, and a virtual clock stops thousands of times. */
export async function hasReadyJobs(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ ready: boolean }>(
    `select exists (select from graphile_worker._private_jobs
       where run_at <= now() and attempts < max_attempts and locked_at is null) as ready`,
  );
  return rows[0]?.ready ?? false;
}
