import { sql } from "kysely";
import type { Pool } from "pg";
import type { Context } from "./context.ts";
import { type JobFailure, drainJobs, hasReadyJobs } from "./job-worker.ts";
import { runJob } from "./jobs.ts";
import { type Loop, drainLoops } from "./loops.ts";
import type { Runtime } from "./runtime.ts";

/** Does all work that is due at this instant of a virtual clock: jobs wake loops, loops queue jobs. Answers the jobs that failed. */
export async function workUntilIdle(runtime: Runtime, queue: Pool, loops: readonly Loop[]): Promise<JobFailure[]> {
  const failures: JobFailure[] = [];
  for (;;) {
    await drainLoops(runtime, loops);
    if (!(await hasReadyJobs(queue))) return failures;
    failures.push(...(await drainJobs(runtime, queue)));
  }
}

/** The next instant at which anything is planned or swept for, over all workspaces: where a virtual clock stops next. It may lie in the past. */
export async function nextDue({ db }: Pick<Context, "db">): Promise<Date | null> {
  const { rows } = await sql<{ due: Date | null }>`select least(app_next_due(), app_next_sweep()) as due`.execute(db);
  return rows[0]?.due ?? null;
}

/**
 * Runs the jobs that are ready, one after the other in the order in which they were asked for, with two statements in all, and says how many
 * there were: a clock that stops ten thousand times cannot pay for the start of a worker each time. A job that throws stays in the queue,
 * held; the throw is the caller's. Those of `leftOut` count as done.
 */
export async function runReadyJobs(
  runtime: Runtime,
  queue: Pool,
  leftOut: ReadonlySet<string> = new Set(),
): Promise<{ done: number }> {
  const { rows } = await queue.query<{ id: string; name: string; payload: unknown }>({
    name: "take-ready-jobs",
    text: `with taken as (
       update graphile_worker._private_jobs j set locked_at = now(), locked_by = 'virtual-time', attempts = attempts + 1
       where j.run_at <= now() and j.attempts < j.max_attempts and j.locked_at is null
       returning j.id, j.task_id, j.payload)
     select taken.id, t.identifier as name, taken.payload from taken
     join graphile_worker._private_tasks t on t.id = taken.task_id order by taken.id`,
  });
  for (const { name, payload } of rows) if (!leftOut.has(name)) await runJob(runtime, name, payload);
  if (rows.length > 0)
    await queue.query("delete from graphile_worker._private_jobs where id = any($1)", [rows.map(({ id }) => id)]);
  return { done: rows.length };
}

/** What a process that is gone held is free again, as after its lease. */
export async function releaseJobs(queue: Pool): Promise<void> {
  await queue.query(
    `update graphile_worker._private_jobs set locked_at = null, locked_by = null, attempts = 0, run_at = least(run_at, now())
     where locked_at is not null or attempts > 0`,
  );
}
