import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { type ScoreRules, scoreRulesSchema, USUAL_RULES } from "../score/rules.ts";

/** How far new rules are applied. */
export type ScoreRun = { done: number; total: number; startedAt: Date; finishedAt: Date | null };
export type ScoreSettings = {
  rules: ScoreRules;
  /** Nobody has changed them yet. */
  isUsual: boolean;
  /** Counts changes. */
  version: number;
  run: ScoreRun | null;
  /** When the rules were changed; the first instant of 1970 while nobody has. */
  updatedAt: Date;
};

const NEVER = new Date(0);

export async function findScoreSettings(ctx: Context): Promise<ScoreSettings> {
  const row = await ctx.db
    .selectFrom("leadScoreSettings")
    .select(["rules", "version", "runDone", "runTotal", "runStartedAt", "runFinishedAt", "updatedAt"])
    .where("workspaceId", "=", ctx.workspace)
    .executeTakeFirst();
  if (!row) return { rules: USUAL_RULES, isUsual: true, version: 0, run: null, updatedAt: NEVER };
  const { runDone: done, runTotal: total, runStartedAt: startedAt, runFinishedAt: finishedAt, updatedAt } = row;
  const run = startedAt ? { done, total, startedAt, finishedAt } : null;
  return { rules: scoreRulesSchema.parse(row.rules), isUsual: row.version === 0, version: row.version, run, updatedAt };
}

/** Holds the rules until the commit, also where nobody has changed them yet: the usual ones are then written down. */
export async function lockScoreRules(tx: Context): Promise<void> {
  await sql`
    insert into lead_score_settings (workspace_id, rules, version, updated_at)
    values (${tx.workspace}, ${JSON.stringify(USUAL_RULES)}::jsonb, 0, ${NEVER}) on conflict do nothing`.execute(tx.db);
  await sql`select from lead_score_settings where workspace_id = ${tx.workspace} for no key update`.execute(tx.db);
}

/** Keeps new rules and begins a run over that many leads. Returns their version. */
export async function putScoreRules(tx: Context, rules: ScoreRules, total: number): Promise<number> {
  const now = tx.now();
  const { rows } = await sql<{ version: number }>`
    insert into lead_score_settings as s (workspace_id, rules, run_total, run_started_at, updated_by, updated_at)
    values (${tx.workspace}, ${JSON.stringify(rules)}::jsonb, ${total}, ${now}, ${tx.actor.id}, ${now})
    on conflict (workspace_id) do update set rules = excluded.rules, version = s.version + 1, run_done = 0, run_total = excluded.run_total,
      run_started_at = ${now}, run_finished_at = null, updated_by = excluded.updated_by, updated_at = ${sql`greatest(${now}::timestamptz, s.updated_at + interval '1 millisecond')`}
    returning version`.execute(tx.db);
  return rows[0]?.version ?? 1;
}

/** Counts what a run has done; false: newer rules have taken its place. */
export async function addScored(
  tx: Context,
  { version, done, isLast }: { version: number; done: number; isLast: boolean },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update lead_score_settings set run_done = run_done + ${done}, run_total = greatest(run_total, run_done + ${done}),
      run_finished_at = case when ${isLast} then ${tx.now()}::timestamptz end
    where workspace_id = ${tx.workspace} and version = ${version}`.execute(tx.db);
  return (numAffectedRows ?? 0n) > 0n;
}

export async function countLeadsToScore(ctx: Context): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from leads where workspace_id = ${ctx.workspace} and erased_at is null`.execute(
    ctx.db,
  );
  return rows[0]?.count ?? 0;
}

const CLUSTERS = 50;
/** So many leads stand for all. */
export const SAMPLE = 5_000;

/**
 * Leads that stand for all of the workspace: everybody where they are few, else a hundred after each of fifty instants that lie evenly between the
 * making of the first and of the last. Bounded, whatever there is.
 */
export async function sampleLeads(ctx: Context): Promise<string[]> {
  const few = await sql<{ id: string }>`
    select id from leads where workspace_id = ${ctx.workspace} order by created_at desc, id desc limit ${SAMPLE + 1}`.execute(
    ctx.db,
  );
  if (few.rows.length <= SAMPLE) return few.rows.map(({ id }) => id);
  const { rows } = await sql<{ id: string }>`
    with ends as (
      select (select min(created_at) from leads where workspace_id = ${ctx.workspace}) as first,
        (select max(created_at) from leads where workspace_id = ${ctx.workspace}) as last
    )
    select distinct l.id from ends, generate_series(0, ${CLUSTERS - 1}::int) n cross join lateral (
      select id from leads where workspace_id = ${ctx.workspace} and created_at >= ends.first + (ends.last - ends.first) * (n / ${CLUSTERS}::float8)
      order by created_at, id limit ${SAMPLE / CLUSTERS}) l`.execute(ctx.db);
  return rows.map(({ id }) => id);
}
