import { type RawBuilder, sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import { newId } from "#platform/ids.ts";
import {
  countLeads,
  type LeadFilter,
  type LeadStatus,
  firstMatching,
  nextInOrder,
  selectLeadIds,
} from "#domains/leads/index.ts";
import type { Refusal } from "../contract/bulk-enrollments.ts";
import type { BulkStatus, EnrollmentStatus } from "../states.ts";

/** Whom a bulk enrolment takes: leads that were named, or whoever a filter finds. */
export type Chosen = { filter: Record<string, unknown>; leadIds: string[] | null };

export type BulkRow = Chosen & {
  id: string;
  sequenceId: string;
  sequenceName: string;
  campaignId: string | null;
  again: boolean;
  status: BulkStatus;
  total: number;
  enrolledCount: number;
  refusedCount: number;
  refusals: Refusal[];
  cursor: string | null;
  failure: string | null;
  createdBy: string | null;
  createdAt: Date;
  finishedAt: Date | null;
};

const COLUMNS = [
  "b.id",
  "b.sequenceId",
  "s.name as sequenceName",
  "b.campaignId",
  "b.filter",
  "b.leadIds",
  "b.again",
  "b.status",
  "b.total",
  "b.enrolledCount",
  "b.refusedCount",
  "b.refusals",
  "b.cursor",
  "b.failure",
  "b.createdBy",
  "b.createdAt",
  "b.finishedAt",
] as const;

const bulks = (ctx: Context) =>
  ctx.db
    .selectFrom("bulkEnrollments as b")
    .innerJoin("retentionSequences as s", "s.id", "b.sequenceId")
    .select(COLUMNS)
    .where("b.workspaceId", "=", ctx.workspace);

export const findBulk = (ctx: Context, id: string): Promise<BulkRow | undefined> =>
  bulks(ctx).where("b.id", "=", id).executeTakeFirst();

/** Undefined with `skip` also means that another process is at it. */
export function lockBulk(tx: Context, id: string, { skip = false } = {}): Promise<BulkRow | undefined> {
  const query = bulks(tx).where("b.id", "=", id).forUpdate("b");
  return (skip ? query.skipLocked() : query).executeTakeFirst();
}

/** Newest first; one row more than asked when there are more. */
export async function listBulks(
  ctx: Context,
  page: { sequenceId?: string; status?: BulkStatus; limit: number; after?: Cursor },
): Promise<BulkRow[]> {
  let query = bulks(ctx)
    .orderBy("b.createdAt", "desc")
    .orderBy("b.id", "desc")
    .limit(page.limit + 1);
  if (page.sequenceId) query = query.where("b.sequenceId", "=", page.sequenceId);
  if (page.status) query = query.where("b.status", "=", page.status);
  if (page.after) {
    const [at, id] = page.after;
    query = query.where((eb) => eb(eb.refTuple("b.createdAt", "b.id"), "<", eb.tuple(new Date(at ?? 0), id)));
  }
  return query.execute();
}

/** Ids of those that are not over, the oldest first. */
export async function listOpenBulks(ctx: Context): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom("bulkEnrollments")
    .select("id")
    .where("workspaceId", "=", ctx.workspace)
    .where("status", "in", ["QUEUED", "RUNNING"])
    .orderBy("createdAt")
    .execute();
  return rows.map(({ id }) => id);
}

/** Workspaces with bulk enrolments that are not over. */
export async function workspacesWithOpenBulks(ctx: Pick<Context, "db">): Promise<string[]> {
  const { rows } = await sql<{ workspaceId: string }>`
    select app_workspaces_with_open_bulk_enrollments() as workspace_id`.execute(ctx.db);
  return rows.map(({ workspaceId }) => workspaceId);
}

export async function insertBulk(
  tx: Context,
  asked: {
    sequenceId: string;
    campaignId: string | null;
    again: boolean;
    filter: LeadFilter;
    leadIds: string[] | null;
  },
  total: number,
): Promise<string> {
  const id = newId("bulk");
  const { leadIds, ...fields } = asked;
  await tx.db
    .insertInto("bulkEnrollments")
    .values({
      ...fields,
      leadIds: leadIds && sql<string[]>`${JSON.stringify(leadIds)}::jsonb`,
      id,
      workspaceId: tx.workspace,
      total,
      createdBy: tx.actor.id,
      createdAt: tx.now(),
    })
    .execute();
  return id;
}

export type BulkChange = Partial<
  Pick<BulkRow, "status" | "enrolledCount" | "refusedCount" | "refusals" | "cursor" | "failure" | "finishedAt">
>;

export async function updateBulk(tx: Context, id: string, { refusals, ...change }: BulkChange): Promise<void> {
  await tx.db
    .updateTable("bulkEnrollments")
    .set({ ...change, ...(refusals && { refusals: sql<Refusal[]>`${JSON.stringify(refusals)}::jsonb` }) })
    .where("id", "=", id)
    .execute();
}

/** `filter`: as it was checked when it was asked. */
export type Wanted = { filter: LeadFilter; leadIds: readonly string[] | null };

const idsOf = (ctx: Context, { filter, leadIds }: Wanted): RawBuilder<unknown> =>
  leadIds
    ? sql`select l.id from leads l where l.workspace_id = ${ctx.workspace} and l.id = any(${[...leadIds]}::text[])`
    : selectLeadIds(ctx, filter);

/** Statements of a choice of leads by a filter at most, each of a bounded number of leads. */
const TIMES = 50;

/**
 * The first of them, at most `limit`: the named by their ids, of a filter those that were made first, and where few meet it in a large list, those among its
 * first. `isAll`: there are no others.
 */
export async function firstWanted(
  ctx: Context,
  wanted: Wanted,
  limit: number,
): Promise<{ ids: string[]; isAll: boolean }> {
  if (!wanted.leadIds) return firstMatching(ctx, wanted.filter, limit, TIMES);
  const ids = await namedById(ctx, wanted.leadIds, null, limit + 1);
  return { ids: ids.slice(0, limit), isAll: ids.length <= limit };
}

async function namedById(ctx: Context, leadIds: readonly string[], after: string | null, limit: number) {
  const { rows } = await sql<{ id: string }>`
    select l.id from leads l where l.workspace_id = ${ctx.workspace} and l.id = any(${[...leadIds]}::text[]) and l.id > ${after ?? ""}
    order by l.id limit ${limit}`.execute(ctx.db);
  return rows.map(({ id }) => id);
}

/**
 * The next of them, and where to go on (null: at the end): what was taken lies behind for good, and nobody is taken twice. Leads of a filter come in the
 * order of their making, by statements that look at a bounded number, so that there may be few or none although there are more.
 */
export async function nextWanted(
  ctx: Context,
  { filter, leadIds }: Wanted,
  after: string | null,
  limit: number,
): Promise<{ ids: string[]; next: string | null }> {
  if (!leadIds) return nextInOrder(ctx, filter, after, limit);
  const ids = await namedById(ctx, leadIds, after, limit);
  return { ids, next: ids.length < limit ? null : (ids.at(-1) ?? null) };
}

/** How many they are; of a filter with many an estimate. */
export async function countWanted(ctx: Context, { filter, leadIds }: Wanted): Promise<number> {
  if (!leadIds) return (await countLeads(ctx, filter)).count;
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (${idsOf(ctx, { filter, leadIds })}) as chosen`.execute(ctx.db);
  return rows[0]?.count ?? 0;
}

/** Leads that the rules of entry treat alike. `endedAt`: when the last of them left. */
export type WantedGroup = {
  leadStatus: LeadStatus;
  erasedAt: Date | null;
  enrollmentStatus: EnrollmentStatus | null;
  endedAt: Date | null;
  count: number;
};

/** The wanted leads, at most `limit`, by all that the rules of entry ask; whoever left before `reopensAt` apart from the others. */
export async function groupWanted(
  ctx: Context,
  sequenceId: string,
  wanted: Wanted,
  reopensAt: Date,
  limit: number,
): Promise<WantedGroup[]> {
  const { rows } = await sql<WantedGroup>`
    select l.status as lead_status, max(l.erased_at) as erased_at, n.status as enrollment_status, max(n.completed_at) as ended_at,
      count(*)::int as count
    from (select id from (${idsOf(ctx, wanted)}) as chosen limit ${limit}) as chosen
    join leads l on l.id = chosen.id
    left join sequence_enrollments n on n.lead_id = l.id and n.sequence_id = ${sequenceId}
    group by l.status, l.erased_at is null, n.status, n.completed_at <= ${reopensAt}`.execute(ctx.db);
  return rows;
}
