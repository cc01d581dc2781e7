import { type Kysely, sql } from "kysely";
import type { DB } from "#platform/database/types.ts";
import type { Loop } from "#platform/loops.ts";

type Finder = { loop: string; found: (now: Date) => ReturnType<typeof sql> };

const ago = (now: Date, ms: number) => new Date(now.getTime() - ms);
/** A sequence is swept no sooner than this after its last sweep. */
const SWEEP_MS = 5 * 60_000;
/** Somewhat before a send without a record counts as lost. */
const STALE_MS = 60_000;

/** By the functions that the loops themselves look for work with: a loop that would find nothing need not be turned. */
const FINDERS: readonly Finder[] = [
  { loop: "leads.run-imports", found: () => sql`app_workspaces_with_running_imports()` },
  { loop: "leads.retry-submissions", found: (now) => sql`app_workspaces_with_due_submissions(${now})` },
  { loop: "leads.run-bulk-actions", found: () => sql`app_workspaces_with_open_bulk_actions()` },
  { loop: "messaging.send-queued", found: (now) => sql`app_workspaces_with_queued_messages(${now})` },
  // A moment early: those whose burst is not over are left by their loop for later.
  { loop: "messaging.judge-engagements", found: (now) => sql`app_workspaces_with_unjudged_engagements(${now})` },
  { loop: "messaging.settle-stale", found: (now) => sql`app_workspaces_with_stale_sends(${ago(now, STALE_MS)})` },
  { loop: "messaging.ask-vendors", found: (now) => sql`app_workspaces_with_unknown_sends(${now})` },
  { loop: "leads.refresh-scores", found: (now) => sql`app_workspaces_with_due_scores(${now})` },
  { loop: "outreach.sweep-silent", found: (now) => sql`app_workspaces_to_sweep(${ago(now, SWEEP_MS)})` },
  { loop: "outreach.dispatch", found: (now) => sql`app_workspaces_with_due_steps(${now})` },
  { loop: "outreach.run-bulk-enrollments", found: () => sql`app_workspaces_with_open_bulk_enrollments()` },
  { loop: "outreach.run-simulations", found: () => sql`app_workspaces_with_open_simulations()` },
];

/**
 * Which of these loops have work now (one that is not known here always may), and how many steps and messages of the workspace are due: a batch
 * takes one of a lead's touches, and the lead's next is the next turn's. One statement.
 */
export async function loopsWithWork(
  db: Kysely<DB>,
  now: Date,
  loops: readonly Loop[],
): Promise<{ busy: Loop[]; due: number }> {
  const asked = sql.join(FINDERS.map(({ loop, found }) => sql`(${sql.lit(loop)}, exists (select ${found(now)}))`));
  const { rows } = await sql<{ loop: string; busy: boolean; due: number }>`
    select v.*, (select count(*)::int from sequence_step_executions where status = 'SCHEDULED' and scheduled_at <= ${now})
      + (select count(*)::int from messages where status = 'queued' and due_at <= ${now}) as due
    from (values ${asked}) v(loop, busy)`.execute(db);
  const idle = new Set(rows.filter(({ busy }) => !busy).map(({ loop }) => loop));
  return { busy: loops.filter(({ name }) => !idle.has(name)), due: rows[0]?.due ?? 0 };
}
