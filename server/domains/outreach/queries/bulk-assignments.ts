import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import { newId } from "#platform/ids.ts";
import { isShutOff, type LeadFilter } from "#domains/leads/index.ts";
import type { Channel } from "#domains/messaging/index.ts";
import type { Standing } from "../campaign-entry.ts";
import type { Refusal } from "../contract/bulk-enrollments.ts";
import type { BulkStatus, CampaignLeadStatus } from "../states.ts";
import { olderThan } from "./newest-first.ts";

export type AssignmentRow = {
  id: string;
  campaignId: string;
  filter: Record<string, unknown>;
  status: BulkStatus;
  total: number;
  isEstimate: boolean;
  /** Put in; of an undo, taken out. */
  changedCount: number;
  /** In it before. */
  unchangedCount: number;
  refusedCount: number;
  refusals: Refusal[];
  /** Ids of leads that were made since it was asked come behind this one. */
  beforeLead: string;
  cursor: string | null;
  failure: string | null;
  undoOf: string | null;
  undoneAt: Date | null;
  createdBy: string | null;
  createdAt: Date;
  finishedAt: Date | null;
};

const COLUMNS = [
  "id",
  "campaignId",
  "filter",
  "status",
  "total",
  "isEstimate",
  "changedCount",
  "unchangedCount",
  "refusedCount",
  "refusals",
  "beforeLead",
  "cursor",
  "failure",
  "undoOf",
  "undoneAt",
  "createdBy",
  "createdAt",
  "finishedAt",
] as const;

const assignments = (ctx: Context) =>
  ctx.db.selectFrom("bulkAssignments").select(COLUMNS).where("workspaceId", "=", ctx.workspace);

export const findAssignment = (ctx: Context, id: string): Promise<AssignmentRow | undefined> =>
  assignments(ctx).where("id", "=", id).executeTakeFirst();

/** Undefined with `skip` also means that another process is at it. */
export function lockAssignment(tx: Context, id: string, { skip = false } = {}): Promise<AssignmentRow | undefined> {
  const query = assignments(tx).where("id", "=", id).forUpdate();
  return (skip ? query.skipLocked() : query).executeTakeFirst();
}

/** Newest first; one row more than asked when there are more. */
export async function listAssignments(
  ctx: Context,
  page: { campaignId?: string; limit: number; after?: Cursor },
): Promise<AssignmentRow[]> {
  let query = assignments(ctx)
    .orderBy("createdAt", "desc")
    .orderBy("id", "desc")
    .limit(page.limit + 1);
  if (page.campaignId) query = query.where("campaignId", "=", page.campaignId);
  if (page.after) query = query.where(olderThan(page.after));
  return query.execute();
}

/** Ids of those that are not over, the oldest first. */
export async function listOpenAssignments(ctx: Context): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom("bulkAssignments")
    .select("id")
    .where("workspaceId", "=", ctx.workspace)
    .where("status", "in", ["QUEUED", "RUNNING"])
    .orderBy("createdAt")
    .execute();
  return rows.map(({ id }) => id);
}

export async function workspacesWithOpenAssignments(ctx: Pick<Context, "db">): Promise<string[]> {
  const { rows } = await sql<{ workspaceId: string }>`
    select app_workspaces_with_open_bulk_assignments() as workspace_id`.execute(ctx.db);
  return rows.map(({ workspaceId }) => workspaceId);
}

/** Undefined: the same is under way, or it is being taken back already. */
export async function insertAssignment(
  tx: Context,
  asked: Pick<AssignmentRow, "campaignId" | "total" | "isEstimate" | "undoOf"> & { filter: LeadFilter },
): Promise<string | undefined> {
  const row = await tx.db
    .insertInto("bulkAssignments")
    .values({
      ...asked,
      id: newId("basg"),
      workspaceId: tx.workspace,
      beforeLead: newId("lead"),
      createdBy: tx.actor.id,
      createdAt: tx.now(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return row?.id;
}

/** How many of those whom a bulk assignment put in its undos have taken out: one that was stopped, and the one behind it. */
export async function countTakenOut(tx: Context, { id, campaignId }: AssignmentRow): Promise<number> {
  const { count } = await tx.db
    .selectFrom("bulkAssignments")
    .select(sql<number>`coalesce(sum(changed_count), 0)::int`.as("count"))
    .where("campaignId", "=", campaignId)
    .where("undoOf", "=", id)
    .executeTakeFirstOrThrow();
  return count;
}

/** The latest that was asked for a campaign with this very filter. */
export async function findSame(
  tx: Context,
  { campaignId, filter }: { campaignId: string; filter: LeadFilter },
): Promise<string | undefined> {
  const row = await tx.db
    .selectFrom("bulkAssignments")
    .select("id")
    .where("workspaceId", "=", tx.workspace)
    .where("campaignId", "=", campaignId)
    .where("undoOf", "is", null)
    .where(sql<boolean>`filter = ${JSON.stringify(filter)}::jsonb`)
    .orderBy("createdAt", "desc")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.id;
}

export type AssignmentChange = Partial<
  Pick<
    AssignmentRow,
    | "status"
    | "changedCount"
    | "unchangedCount"
    | "refusedCount"
    | "refusals"
    | "cursor"
    | "failure"
    | "finishedAt"
    | "undoneAt"
  >
>;

export async function updateAssignment(
  tx: Context,
  id: string,
  { refusals, ...change }: AssignmentChange,
): Promise<void> {
  await tx.db
    .updateTable("bulkAssignments")
    .set({ ...change, ...(refusals && { refusals: sql<Refusal[]>`${JSON.stringify(refusals)}::jsonb` }) })
    .where("id", "=", id)
    .execute();
}

/** How these leads stand to a campaign, in the order given; those that are gone are left out. `channels`: over which it reaches people. */
export async function listStandings(
  ctx: Context,
  campaignId: string,
  channels: readonly Channel[],
  leadIds: readonly string[],
): Promise<Standing[]> {
  if (leadIds.length === 0) return [];
  const { rows } = await sql<Standing>`
    select l.id as lead_id, cl.id is not null as is_inside, l.erased_at is not null as is_erased, ${isShutOff(ctx, sql`l`, channels)} as is_shut_off
    from unnest(${[...leadIds]}::text[]) with ordinality as r(lead_id, place)
    join leads l on l.id = r.lead_id and l.workspace_id = ${ctx.workspace}
    left join campaign_leads cl on cl.campaign_id = ${campaignId} and cl.lead_id = l.id
    order by r.place`.execute(ctx.db);
  return rows;
}

export type Brought = { id: string; leadId: string; status: CampaignLeadStatus; isEnrolled: boolean };

/** The next places in a campaign that a bulk assignment gave, by their ids, held; and whether their leads are in a sequence for it, or have been since. */
export async function holdBrought(
  tx: Context,
  bulkAssignmentId: string,
  after: string | null,
  limit: number,
): Promise<Brought[]> {
  const { rows } = await sql<Brought>`
    select c.id, c.lead_id, c.status,
      exists (select from sequence_enrollments n where n.lead_id = c.lead_id and n.campaign_id = c.campaign_id
        and (n.status in ('ACTIVE', 'PAUSED') or n.enrolled_at >= c.assigned_at)) as is_enrolled
    from campaign_leads c where c.bulk_assignment_id = ${bulkAssignmentId} and c.id > ${after ?? ""}
    order by c.id limit ${limit} for update of c`.execute(tx.db);
  return rows;
}
