import { EventEmitter } from "node:events";
import { Logger, type TaskList, type WorkerEvents, run, runMigrations, runOnce } from "graphile-worker";
import type { Pool } from "pg";
import { setTimeout as sleep } from "node:timers/promises";
import { LEASE_TICK_MS, tendLeases } from "./job-leases.ts";
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
  /** The names under which the running workers hold jobs. */
  let own: string[] = [];

  const rest = () =>
    new Promise<void>((done) => {
      const timer = setTimeout(done, RESTART_DELAY_MS);
      wake = () => {
        clearTimeout(timer);
        done();
      };
    });

  /** Leases are renewed as long as this process lives. A worker that takes nothing although there is work is started again. */
  async function tend(): Promise<void> {
    try {
      const { isNeglected } = await tendLeases(pool, own);
      if (!isNeglected || !alive || stopping.signal.aborted) return;
      runtime.log.error({ workers: own }, "jobs are ready and the job worker takes none; it is started again");
      await stopRunner();
    } catch (error) {
      // The worker itself says when the database is away, and comes back with it.
      if (!stopping.signal.aborted) runtime.log.warn({ err: error }, "the leases of jobs could not be renewed");
    }
  }

  async function workUntilItEnds(): Promise<void> {
    const events: WorkerEvents = new EventEmitter();
    own = [];
    events.on("pool:create", ({ workerPool }) => own.push(workerPool.id));
    const runner = await run({
      events,
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

  const hasJobs = listHandledJobs().length > 0;
  const supervised = hasJobs ? supervise() : Promise.resolve();
  const tending = hasJobs ? setInterval(() => void tend(), LEASE_TICK_MS) : undefined;
  return {
    isAlive: () => alive || !hasJobs,
    async stop() {
      stopping.abort();
      clearInterval(tending);
      wake();
      const ended = (async () => {
        if (alive) await stopRunner();
        await supervised;
      })();
      const limit = new AbortController();
      // The library may wait for ever for a database that went away; jobs it still holds are free again after their lease.
      const late = sleep(2 * STOP_TIMEOUT_MS, undefined, { signal: limit.signal, ref: false }).catch(() => undefined);
      await Promise.race([ended, late]);
      limit.abort();
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
