import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { laterThanBefore } from "#platform/database/later.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import { newId } from "#platform/ids.ts";
import type { Channel } from "#domains/messaging/index.ts";
import type { CampaignLeadStatus, CampaignStatus } from "../states.ts";
import { nameHas, olderThan } from "./newest-first.ts";

export type CampaignRow = {
  id: string;
  name: string;
  description: string | null;
  status: CampaignStatus;
  channels: Channel[];
  meta: Record<string, unknown> | null;
  startDate: Date | null;
  endDate: Date | null;
  autoAssign: { filter: Record<string, unknown> } | null;
  /** Null: as many as come. */
  maxLeads: number | null;
  createdAt: Date;
  updatedAt: Date;
};

const COLUMNS = [
  "id",
  "name",
  "description",
  "status",
  "channels",
  "meta",
  "startDate",
  "endDate",
  "autoAssign",
  "maxLeads",
  "createdAt",
  "updatedAt",
] as const;

export type CampaignFields = Pick<
  CampaignRow,
  "name" | "description" | "channels" | "meta" | "startDate" | "endDate" | "autoAssign" | "maxLeads"
>;

export async function findCampaign(ctx: Context, id: string): Promise<CampaignRow | undefined> {
  return ctx.db.selectFrom("campaigns").select(COLUMNS).where("id", "=", id).executeTakeFirst();
}

/** The campaigns of the ids that are there, each with its status. */
export async function listCampaignStatuses(ctx: Context, ids: readonly string[]): Promise<Map<string, CampaignStatus>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.db.selectFrom("campaigns").select(["id", "status"]).where("id", "in", ids).execute();
  return new Map(rows.map(({ id, status }) => [id, status]));
}

export async function lockCampaign(tx: Context, id: string): Promise<CampaignRow | undefined> {
  return tx.db.selectFrom("campaigns").select(COLUMNS).where("id", "=", id).forUpdate().executeTakeFirst();
}

/** Keeps the campaign from being moved or deleted until the transaction ends; sharers do not wait for each other. */
export async function shareCampaign(tx: Context, id: string): Promise<CampaignRow | undefined> {
  return tx.db.selectFrom("campaigns").select(COLUMNS).where("id", "=", id).forShare().executeTakeFirst();
}

/** Newest first; one row more than asked when there are more. */
export async function listCampaignRows(
  ctx: Context,
  page: { status?: CampaignStatus; search?: string; limit: number; after?: Cursor },
): Promise<CampaignRow[]> {
  let query = ctx.db
    .selectFrom("campaigns")
    .select(COLUMNS)
    .where("workspaceId", "=", ctx.workspace)
    .orderBy("createdAt", "desc")
    .orderBy("id", "desc")
    .limit(page.limit + 1);
  if (page.status) query = query.where("status", "=", page.status);
  if (page.search) query = query.where(nameHas(page.search));
  if (page.after) query = query.where(olderThan(page.after));
  return query.execute();
}

/** How many leads each campaign has, by their status in it: one statement. */
export async function countCampaignLeads(
  ctx: Context,
  campaignIds: readonly string[],
): Promise<{ campaignId: string; status: CampaignLeadStatus; count: number }[]> {
  if (campaignIds.length === 0) return [];
  return ctx.db
    .selectFrom("campaignLeads")
    .select(({ fn }) => ["campaignId" as const, "status" as const, fn.countAll<number>().as("count")])
    .where("workspaceId", "=", ctx.workspace)
    .where("campaignId", "in", campaignIds)
    .groupBy(["campaignId", "status"])
    .execute();
}

const columnsOf = ({ channels, autoAssign, ...plain }: Partial<CampaignFields>) => ({
  ...plain,
  ...(autoAssign !== undefined && {
    autoAssign: autoAssign && sql<NonNullable<typeof autoAssign>>`${JSON.stringify(autoAssign)}::jsonb`,
  }),
  ...(channels && { channels: sql<Channel[]>`${JSON.stringify(channels)}::jsonb` }),
});

export async function insertCampaign(tx: Context, fields: CampaignFields): Promise<string> {
  const id = newId("camp");
  const now = tx.now();
  await tx.db
    .insertInto("campaigns")
    .values({ ...columnsOf(fields), name: fields.name, id, workspaceId: tx.workspace, createdAt: now, updatedAt: now })
    .execute();
  return id;
}

export async function updateCampaignRow(
  tx: Context,
  id: string,
  { status, ...change }: Partial<CampaignFields> & { status?: CampaignStatus },
): Promise<void> {
  await tx.db
    .updateTable("campaigns")
    .set({ ...columnsOf(change), ...(status && { status }), updatedAt: laterThanBefore(tx) })
    .where("id", "=", id)
    .execute();
}

export async function deleteCampaignRow(tx: Context, id: string): Promise<void> {
  await tx.db.deleteFrom("campaigns").where("id", "=", id).execute();
}

/** Enrollments that are not over and run in the campaign. */
export async function countOpenInCampaign(tx: Context, campaignId: string): Promise<number> {
  const row = await tx.db
    .selectFrom("sequenceEnrollments")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("campaignId", "=", campaignId)
    .where("status", "in", ["ACTIVE", "PAUSED"])
    .executeTakeFirstOrThrow();
  return row.count;
}

/**
 * Puts leads into a campaign; those that are in it, and ids of nobody, change nothing. Who was erased stays out, and so does who is being erased or
 * deleted at this moment (`lockForGood`); others are not until this is over. `by`: the bulk assignment that brings them. Returns the leads that came in.
 */
export async function insertCampaignLeads(
  tx: Context,
  campaignId: string,
  leadIds: readonly string[],
  by: string | null,
): Promise<string[]> {
  const rows = leadIds.map((leadId) => ({ id: newId("cl"), leadId }));
  const { rows: added } = await sql<{ leadId: string }>`
    insert into campaign_leads (id, workspace_id, campaign_id, lead_id, assigned_at, bulk_assignment_id)
    select r.id, ${tx.workspace}, ${campaignId}, l.id, ${tx.now()}, ${by}
    from unnest(${rows.map(({ id }) => id)}::text[], ${rows.map(({ leadId }) => leadId)}::text[]) as r(id, lead_id)
    join leads l on l.id = r.lead_id and l.workspace_id = ${tx.workspace}
    where l.erased_at is null
    order by l.id for key share of l skip locked
    on conflict (campaign_id, lead_id) do nothing
    returning lead_id as "leadId"`.execute(tx.db);
  return added.map(({ leadId }) => leadId);
}

/**
 * Of these leads those whom a campaign with a limit has room for: who is in it, and in the order given as many as fit. Until the transaction
 * ends nobody else is let in, so the places are theirs (migration 0022 holds the limit against everybody).
 */
export async function findRoom(
  tx: Context,
  { id: campaignId, maxLeads }: { id: string; maxLeads: number },
  leadIds: readonly string[],
): Promise<Set<string>> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`campaign ${campaignId}`}, 0))`.execute(tx.db);
  const { rows } = await sql<{ leadId: string }>`
    with taken as (select count(*) as count from campaign_leads where campaign_id = ${campaignId}),
    asked as (
      select r.lead_id, r.place, cl.lead_id is not null as is_in
      from unnest(${[...leadIds]}::text[]) with ordinality as r(lead_id, place)
      left join campaign_leads cl on cl.campaign_id = ${campaignId} and cl.lead_id = r.lead_id
    )
    select lead_id from asked where is_in
    union all
    (select lead_id from asked where not is_in order by place
      limit greatest(0, ${maxLeads} - (select count from taken)))`.execute(tx.db);
  return new Set(rows.map(({ leadId }) => leadId));
}

/**
 * Those of these leads that are in a campaign. Nobody comes in or goes while the caller holds the campaign, and none of them is merged into another,
 * deleted or erased before the transaction is over.
 */
export async function holdInCampaign(tx: Context, campaignId: string, leadIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ leadId: string }>`
    select c.lead_id from campaign_leads c join leads l on l.id = c.lead_id
    where c.campaign_id = ${campaignId} and c.lead_id = any(${[...leadIds]}::text[])
    order by c.lead_id for key share of l`.execute(tx.db);
  return rows.map(({ leadId }) => leadId);
}

/** Leads that are in a campaign. */
export async function countInCampaign(ctx: Context, campaignId: string): Promise<number> {
  const { count } = await ctx.db
    .selectFrom("campaignLeads")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("campaignId", "=", campaignId)
    .executeTakeFirstOrThrow();
  return count;
}

/** Does the campaign take in nobody more? */
export const isFull = async (
  tx: Context,
  { id, maxLeads }: { id: string; maxLeads: number | null },
): Promise<boolean> => maxLeads !== null && (await countInCampaign(tx, id)) >= maxLeads;

/** Active campaigns that take leads in by a rule. */
export async function listAutoAssigning(
  ctx: Context,
): Promise<{ id: string; autoAssign: { filter: Record<string, unknown> } | null }[]> {
  return ctx.db
    .selectFrom("campaigns")
    .select(["id", "autoAssign"])
    .where("workspaceId", "=", ctx.workspace)
    .where("status", "=", "ACTIVE")
    .where("autoAssign", "is not", null)
    .orderBy("id")
    .execute();
}

/** Workspaces with a campaign that runs beyond its last day. */
export async function workspacesWithEndedCampaigns(ctx: Pick<Context, "db">, at: Date): Promise<string[]> {
  const { rows } = await sql<{ workspaceId: string }>`
    select app_workspaces_with_ended_campaigns(${at}) as workspace_id`.execute(ctx.db);
  return rows.map(({ workspaceId }) => workspaceId);
}

/** Campaigns that run beyond their last day. */
export async function listEnded(ctx: Context): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom("campaigns")
    .select("id")
    .where("workspaceId", "=", ctx.workspace)
    .where("status", "in", ["ACTIVE", "PAUSED"])
    .where("endDate", "<=", ctx.now())
    .orderBy("endDate")
    .execute();
  return rows.map(({ id }) => id);
}

/** Takes leads out of a campaign; returns those that were in it. */
export async function deleteCampaignLeads(
  tx: Context,
  campaignId: string,
  leadIds: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ leadId: string }>`
    delete from campaign_leads where campaign_id = ${campaignId} and lead_id = any(${[...leadIds]}::text[])
    returning lead_id as "leadId"`.execute(tx.db);
  return rows.map(({ leadId }) => leadId);
}

export type CampaignLeadRow = {
  leadId: string;
  firstName: string;
  lastName: string;
  email: string | null;
  status: CampaignLeadStatus;
  assignedAt: Date;
  completedAt: Date | null;
  id: string;
};

/** A campaign's leads, the latest assigned first; one row more than asked when there are more. */
export async function listCampaignLeadRows(
  ctx: Context,
  campaignId: string,
  page: { status?: CampaignLeadStatus; leadIds?: readonly string[]; limit: number; after?: Cursor },
): Promise<CampaignLeadRow[]> {
  let query = ctx.db
    .selectFrom("campaignLeads as c")
    .innerJoin("leads as l", "l.id", "c.leadId")
    .select(["c.id", "c.leadId", "l.firstName", "l.lastName", "l.email", "c.status", "c.assignedAt", "c.completedAt"])
    .where("c.workspaceId", "=", ctx.workspace)
    .where("c.campaignId", "=", campaignId)
    .orderBy("c.assignedAt", "desc")
    .orderBy("c.id", "desc")
    .limit(page.limit + 1);
  if (page.status) query = query.where("c.status", "=", page.status);
  if (page.leadIds) query = query.where("c.leadId", "=", sql<string>`any(${[...page.leadIds]}::text[])`);
  if (page.after) {
    const [at, id] = page.after;
    query = query.where((eb) => eb(eb.refTuple("c.assignedAt", "c.id"), "<", eb.tuple(new Date(at ?? 0), id)));
  }
  return query.execute();
}
