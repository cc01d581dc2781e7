import type { Pool } from "pg";
import type { Loop } from "#platform/loops.ts";

/** A sequence is swept no sooner than this after its last sweep. */
const SWEEP_MS = 5 * 60_000;
/** Somewhat before a send without a record counts as lost. */
const STALE_MS = 60_000;

/**
 * By the functions that the loops themselves look for work with: a loop that would find nothing need not be turned. `$1` is the instant, `$2` and
 * `$3` so long before it.
 */
const FINDERS: Readonly<Record<string, string>> = {
  "leads.run-imports": "app_workspaces_with_running_imports()",
  "leads.retry-submissions": "app_workspaces_with_due_submissions($1)",
  "leads.run-bulk-actions": "app_workspaces_with_open_bulk_actions()",
  "messaging.send-queued": "app_workspaces_with_queued_messages($1)",
  // A moment early: those whose burst is not over are left by their loop for later.
  "messaging.judge-engagements": "app_workspaces_with_unjudged_engagements($1)",
  "messaging.settle-stale": "app_workspaces_with_stale_sends($2)",
  "messaging.ask-vendors": "app_workspaces_with_unknown_sends($1)",
  "leads.refresh-scores": "app_workspaces_with_due_scores($1)",
  "outreach.sweep-silent": "app_workspaces_to_sweep($3)",
  "outreach.dispatch": "app_workspaces_with_due_steps($1)",
  "outreach.run-bulk-assignments": "app_workspaces_with_open_bulk_assignments()",
  "outreach.run-bulk-enrollments": "app_workspaces_with_open_bulk_enrollments()",
  "outreach.run-simulations": "app_workspaces_with_open_simulations()",
};

/** What people start by hand, or play in the sandbox: in a trial nobody does, and what the workspace had of it is not copied (`copy-workspace.ts`). */
export const BY_HAND: readonly string[] = [
  "messaging.play-sandbox",
  "leads.run-imports",
  "leads.retry-submissions",
  "leads.run-bulk-actions",
  "outreach.run-bulk-enrollments",
  "outreach.run-bulk-assignments",
  "outreach.run-simulations",
];

/** Loops and jobs that keep scores right: a fifth of what a trial costs, for nothing where no rule reads a score. */
export const SCORING: readonly string[] = ["leads.refresh-scores", "leads.score-leads"];

/** The loop that sends what is planned: it looks at each lead for itself, and at what they share (budgets, their places). */
export const DISPATCH = "outreach.dispatch";

/** Loops that clear away, count and look things up: nothing that is sent depends on them but where a process has died. */
export const CLEARING: ReadonlySet<string> = new Set([
  "accounts.forget-expired",
  "leads.forget-bulk-actions",
  "leads.forget-merges",
  "messaging.count-sends",
  "messaging.check-domains",
  "messaging.tidy-up",
]);

const ask = (finders: readonly (readonly [string, string])[]) => ({
  name: "what-is-due",
  text: `select array(select name from (values ${finders
    .map(([name, found]) => `('${name}', exists (select ${found}))`)
    .join(", ")}) v(name, is_busy) where not is_busy) as idle,
    (select count(*)::int from sequence_step_executions where workspace_id = $5 and status = 'SCHEDULED' and scheduled_at <= $1)
      + (select count(*)::int from messages where workspace_id = $5 and status = 'queued' and due_at <= $1) as due,
    exists (select from graphile_worker._private_jobs
      where run_at <= now() and attempts < max_attempts and locked_at is null) as "hasJobs",
    exists (select from sequence_step_executions where lead_id = any($4) and status = 'SCHEDULED' and scheduled_at <= $1)
      or exists (select from messages where lead_id = any($4) and status = 'queued' and due_at <= $1) as "isTheirs",
    least(app_next_due(), app_next_sweep()) as next`,
});

export type Work = {
  /** Loops that have work now; one that is not known here always may. */
  busy: Loop[];
  /** How many steps and messages are due: a batch takes one of a lead's touches, and the lead's next is the next turn's. */
  due: number;
  hasJobs: boolean;
  /** Whether any of what is due is of one of the leads asked about. */
  isTheirs: boolean;
  /** As `nextDue`, at this instant. */
  next: Date | null;
};

/** What there is to do on a scratch database at this instant, and whether for these leads, in one statement as its owner. */
export async function findWork(
  owner: Pool,
  now: Date,
  loops: readonly Loop[],
  { workspace, leadIds = [] }: { workspace: string; leadIds?: readonly string[] },
): Promise<Work> {
  const ago = (ms: number) => new Date(now.getTime() - ms);
  const looked = Object.entries(FINDERS).filter(([name]) => loops.some((loop) => loop.name === name));
  const { rows } = await owner.query<Omit<Work, "busy"> & { idle: string[] }>({
    ...ask(looked),
    values: [now, ago(STALE_MS), ago(SWEEP_MS), leadIds, workspace],
  });
  const [{ idle, ...found } = { idle: [], due: 0, hasJobs: false, isTheirs: false, next: null }] = rows;
  return { ...found, busy: loops.filter(({ name }) => !idle.includes(name)) };
}
