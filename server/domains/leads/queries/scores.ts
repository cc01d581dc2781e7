import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Interest, ScoredLead } from "../score/work-out.ts";
import type { InterestKind, ScoreLabel } from "../score/sets.ts";

/** Scores of a workspace are worked out by one transaction after the other: the later one knows what the earlier one wrote. */
export async function holdScores(tx: Context): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`leads.scores ${tx.workspace}`}, 0))`.execute(tx.db);
}

export type LeadToScore = ScoredLead & { id: string; createdAt: Date };

const TO_SCORE = sql`
  l.id, l.created_at, l.email, l.phone, l.linkedin, l.company, l.job_title, l.website, l.region, l.country, l.notes, l.source, l.source_label,
  coalesce((select json_agg(t.name) from lead_tags lt join tags t on t.id = lt.tag_id where lt.lead_id = l.id), '[]') as tags`;

/** What the leads' scores are made of; those that are gone or erased are missing. */
export async function findLeadsToScore(ctx: Context, ids: readonly string[]): Promise<LeadToScore[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<LeadToScore>`
    select ${TO_SCORE} from leads l where l.workspace_id = ${ctx.workspace} and l.id = any(${[...ids]}::text[]) and l.erased_at is null`.execute(
    ctx.db,
  );
  return rows;
}

/** Older ones of a lead count nothing beside these. */
const LATEST = 200;

/** What leads did, the latest first, in one statement. */
export async function findInterests(ctx: Context, leadIds: readonly string[]): Promise<Map<string, Interest[]>> {
  if (leadIds.length === 0) return new Map();
  const { rows } = await sql<Interest & { leadId: string }>`
    select i.lead_id, i.kind, i.key, i.at from unnest(${[...leadIds]}::text[]) w(id)
    cross join lateral (select lead_id, kind, key, at from lead_interests where lead_id = w.id order by at desc limit ${LATEST}) i`.execute(
    ctx.db,
  );
  return Map.groupBy(rows, ({ leadId }) => leadId);
}

/** Writes down what leads did; what was told before is left alone. Returns the leads for which something is new. */
export async function insertInterests(
  tx: Context,
  interests: readonly { leadId: string; kind: InterestKind; key: string; at: Date }[],
): Promise<string[]> {
  if (interests.length === 0) return [];
  const rows = interests.map(({ leadId, ...rest }) => ({ ...rest, lead_id: leadId }));
  const { rows: stored } = await sql<{ leadId: string }>`
    insert into lead_interests (workspace_id, lead_id, kind, key, at)
    select ${tx.workspace}, r.lead_id, r.kind, r.key, r.at
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(lead_id text, kind text, key text, at timestamptz)
    where exists (select from leads l where l.id = r.lead_id and l.erased_at is null)
    on conflict (workspace_id, kind, key) do nothing returning lead_id`.execute(tx.db);
  return [...new Set(stored.map(({ leadId }) => leadId))];
}

export type ScoreRow = {
  leadId: string;
  score: number;
  label: ScoreLabel;
  leadCreatedAt: Date;
  /** When it is worked out again; null: never by itself. */
  dueAt: Date | null;
};

export async function writeScores(tx: Context, scores: readonly ScoreRow[]): Promise<void> {
  if (scores.length === 0) return;
  const rows = scores.map(({ leadId, leadCreatedAt, dueAt, ...rest }) => ({
    ...rest,
    lead_id: leadId,
    lead_created_at: leadCreatedAt,
    due_at: dueAt,
  }));
  await sql`
    insert into lead_scores as s (lead_id, workspace_id, score, label, lead_created_at, due_at, scored_at)
    select r.lead_id, ${tx.workspace}, r.score, r.label, r.lead_created_at, r.due_at, ${tx.now()}
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as r(lead_id text, score int, label text, lead_created_at timestamptz, due_at timestamptz)
    order by r.lead_id
    on conflict (lead_id) do update set score = excluded.score, label = excluded.label, due_at = excluded.due_at, scored_at = excluded.scored_at
    where s.scored_at is null or (s.score, s.label, s.due_at) is distinct from (excluded.score, excluded.label, excluded.due_at)`.execute(
    tx.db,
  );
}

/** Leads that are there again are in the list by scores at once, as those that are made anew. */
export async function insertUnscored(tx: Context, leadIds: readonly string[]): Promise<void> {
  await sql`
    insert into lead_scores (lead_id, workspace_id, lead_created_at)
    select id, workspace_id, created_at from leads where workspace_id = ${tx.workspace} and id = any(${[...leadIds]}::text[])
    on conflict (lead_id) do nothing`.execute(tx.db);
}

/** Leads whose score is no longer right, those that have been longest; held until the transaction ends. */
export async function claimDueScores(tx: Context, limit: number): Promise<string[]> {
  const { rows } = await sql<{ leadId: string }>`
    select lead_id from lead_scores where workspace_id = ${tx.workspace} and due_at <= ${tx.now()}
    order by due_at limit ${limit} for no key update skip locked`.execute(tx.db);
  return rows.map(({ leadId }) => leadId);
}

/** What nobody can be worked out for, as of somebody erased, is not looked at again; in the list by scores they stay. */
export async function settleGone(tx: Context, leadIds: readonly string[]): Promise<void> {
  if (leadIds.length === 0) return;
  await tx.db.updateTable("leadScores").set({ dueAt: null }).where("leadId", "in", leadIds).execute();
}

export async function workspacesWithDueScores(ctx: Pick<Context, "db">, until: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select app_workspaces_with_due_scores(${until}) as id`.execute(ctx.db);
  return rows.map(({ id }) => id);
}

/** Scores of leads as they are kept; one that was not scored yet is missing. */
export async function findScores(
  ctx: Context,
  leadIds: readonly string[],
): Promise<Map<string, { score: number; label: ScoreLabel }>> {
  if (leadIds.length === 0) return new Map();
  const rows = await ctx.db
    .selectFrom("leadScores")
    .select(["leadId", "score", "label"])
    .where("leadId", "=", sql<string>`any(${[...leadIds]}::text[])`)
    .where("scoredAt", "is not", null)
    .execute();
  return new Map(rows.map(({ leadId, score, label }) => [leadId, { score, label }]));
}

/** The next leads of the workspace in the order of their ids. */
export async function nextLeadsToScore(ctx: Context, after: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from leads where workspace_id = ${ctx.workspace} and id > ${after} order by id limit ${limit}`.execute(
    ctx.db,
  );
  return rows.map(({ id }) => id);
}

/** Leads that an import made or changed, in the order in which it told them: a page behind `after`, and where the next begins. */
export async function nextImportedLeads(
  ctx: Context,
  importId: string,
  after: { at: Date; id: string },
  limit: number,
): Promise<{ leadIds: string[]; last: { at: Date; id: string } | null }> {
  const { rows } = await sql<{ at: Date; id: string; leadId: string | null; isOurs: boolean }>`
    select at, id, lead_id, (type in ('leads.lead-created', 'leads.lead-updated') and payload->>'importJobId' = ${importId}) as is_ours
    from events where workspace_id = ${ctx.workspace} and (at, id) > (${after.at}::timestamptz, ${after.id})
    order by at, id limit ${limit}`.execute(ctx.db);
  const last = rows.at(-1);
  return {
    leadIds: [...new Set(rows.flatMap(({ leadId, isOurs }) => (isOurs && leadId ? [leadId] : [])))],
    last: last && rows.length === limit ? { at: last.at, id: last.id } : null,
  };
}
