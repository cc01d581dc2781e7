import { sql } from "kysely";
import type { Context } from "../context.ts";
import { endOf, readWindow } from "../database/in-order.ts";
import type { Cursor } from "../http/cursor.ts";
import type { JobState } from "./job-states.ts";

/** One job as the queue knows it; instants are Dates, `id` counts up. */
export type JobRow = {
  id: number;
  task: string;
  state: JobState;
  attempts: number;
  maxAttempts: number;
  lastError: string | null;
  runAt: Date;
  createdAt: Date;
  lockedAt: Date | null;
};

/** This workspace's jobs, newest first. A job that succeeded has left the queue. */
export async function listJobs(
  ctx: Context,
  page: { limit: number; after?: Cursor; state?: JobState; name?: string },
): Promise<JobRow[]> {
  const state = sql<JobState>`case
    when locked_at is not null then 'running'
    when attempts >= max_attempts then 'failed'
    when last_error is not null then 'retrying'
    else 'ready' end`;
  const { rows } = await sql<JobRow>`
    select id, task, ${state} as state, attempts, max_attempts, last_error, run_at, created_at, locked_at
    from app_jobs()
    where (${page.after?.[1] ?? null}::bigint is null or id < ${page.after?.[1] ?? null}::bigint)
      and (${page.state ?? null}::text is null or ${state} = ${page.state ?? null})
      and (${page.name ?? null}::text is null or task = ${page.name ?? null})
    order by id desc
    limit ${page.limit + 1}`.execute(ctx.db);
  return rows;
}

/** False when this workspace has no such job, or when it is being worked at this moment. */
export async function retryJobRow(ctx: Context, jobId: string): Promise<boolean> {
  const { rows } = await sql<{ retried: boolean }>`select app_retry_job(${jobId}::bigint) as retried`.execute(ctx.db);
  return rows[0]?.retried ?? false;
}

export type EventFilter = { types?: readonly string[]; leadId?: string; subjectId?: string };

/** Events that one request looks at: they lie on the disk in their order. */
const WINDOW = 25_000;

/** The log of the workspace, newest first. No index knows the types: of a rare one a page may end before it is full. */
export async function listEvents(ctx: Context, page: { limit: number; after?: Cursor } & EventFilter, most = WINDOW) {
  const { types, leadId, subjectId, after } = page;
  const conditions = [
    sql`e.workspace_id = ${ctx.workspace}`,
    ...(leadId ? [sql`e.lead_id = ${leadId}`] : []),
    ...(subjectId ? [sql`e.subject_id = ${subjectId}`] : []),
    ...(after ? [sql`(e.at, e.id) < (${new Date(after[0] ?? 0)}::timestamptz, ${after[1]})`] : []),
  ];
  const found = await readWindow(
    ctx,
    {
      branches: [sql`select e.id, e.at as key, e.type from events e where ${sql.join(conditions, sql` and `)}`],
      fits: types?.length ? sql`s.type = any(${[...types]}::text[])` : sql`true`,
    },
    { order: "desc", limit: page.limit, most },
  );
  const ids = found.keys.map(({ id }) => id);
  const rows = await ctx.db
    .selectFrom("events")
    .selectAll()
    .where("id", "=", sql<string>`any(${ids}::text[])`)
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .execute();
  return { rows, stoppedAt: endOf(found, rows.length, page.limit), looked: found.looked };
}
