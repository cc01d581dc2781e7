import { type RawBuilder, sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import { newId } from "#platform/ids.ts";
import { CONVERSION_STATUSES, type ConversionStatus } from "../rules.ts";

export type ConversionFields = {
  leadId: string;
  campaignId: string | null;
  contactAttemptId: string | null;
  channel: string | null;
  status: ConversionStatus;
  revenueMinor: number;
  currency: string;
  source: string;
  subId: string | null;
  clickId: string | null;
  transactionId: string | null;
};

export type ConversionRow = Omit<ConversionFields, "leadId"> & {
  id: string;
  leadId: string | null;
  campaignName: string | null;
  createdAt: Date;
};

const rowsOf = (ctx: Context) =>
  ctx.db
    .selectFrom("conversions as c")
    .leftJoin("campaigns as k", "k.id", "c.campaignId")
    .select([
      "c.id",
      "c.leadId",
      "c.campaignId",
      "k.name as campaignName",
      "c.contactAttemptId",
      "c.channel",
      "c.status",
      "c.revenueMinor",
      "c.currency",
      "c.source",
      "c.subId",
      "c.clickId",
      "c.transactionId",
      "c.createdAt",
    ])
    .where("c.workspaceId", "=", ctx.workspace);

export const findConversion = (ctx: Context, id: string): Promise<ConversionRow | undefined> =>
  rowsOf(ctx).where("c.id", "=", id).executeTakeFirst();

/** What the same source told before by the same ids, locked; undefined where it told none. */
export async function lockTold(
  tx: Context,
  { source, status, subId, clickId, transactionId }: ConversionFields,
): Promise<Pick<ConversionRow, "id" | "leadId" | "revenueMinor" | "currency"> | undefined> {
  if (subId === null && clickId === null && transactionId === null) return undefined;
  return (
    tx.db
      .selectFrom("conversions")
      .select(["id", "leadId", "revenueMinor", "currency"])
      .where("workspaceId", "=", tx.workspace)
      .where("source", "=", source)
      .where("status", "=", status)
      // Each asked apart, so that the key serves it: an index knows "is null", and not "is not distinct from".
      .where("subId", subId === null ? "is" : "=", subId)
      .where("clickId", clickId === null ? "is" : "=", clickId)
      .where("transactionId", transactionId === null ? "is" : "=", transactionId)
      .forUpdate()
      .executeTakeFirst()
  );
}

/** Undefined: somebody told it at this moment. */
export async function insertConversion(tx: Context, fields: ConversionFields): Promise<string | undefined> {
  const row = await tx.db
    .insertInto("conversions")
    .values({ id: newId("conv"), workspaceId: tx.workspace, ...fields, createdAt: tx.now() })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return row?.id;
}

export async function correctRevenue(
  tx: Context,
  id: string,
  { revenueMinor, currency }: Pick<ConversionFields, "revenueMinor" | "currency">,
): Promise<void> {
  await tx.db.updateTable("conversions").set({ revenueMinor, currency }).where("id", "=", id).execute();
}

/** Newest first; one row more than asked when there are more. */
export async function listOfLead(
  ctx: Context,
  leadId: string,
  page: { limit: number; after?: Cursor },
): Promise<ConversionRow[]> {
  let query = rowsOf(ctx)
    .where("c.leadId", "=", leadId)
    .orderBy("c.createdAt", "desc")
    .orderBy("c.id", "desc")
    .limit(page.limit + 1);
  if (page.after) {
    const [at, id] = page.after;
    query = query.where((eb) => eb(eb.refTuple("c.createdAt", "c.id"), "<", eb.tuple(new Date(at ?? 0), id)));
  }
  return query.execute();
}

export type ConversionFilter = {
  status?: ConversionStatus;
  source?: string;
  /** Of these leads alone. */
  leadIds?: readonly string[];
  from?: Date;
  before?: Date;
};

/**
 * Of the workspace, newest first, each with its lead's name; one row more than asked when there are more. The indexes are in order within a
 * status, or a source and status: each status is read by itself.
 */
export async function listConversions(
  ctx: Context,
  { status, source, leadIds, from, before }: ConversionFilter,
  page: { limit: number; after?: Cursor },
): Promise<(ConversionRow & { leadName: string | null })[]> {
  const own = [
    sql`c.workspace_id = ${ctx.workspace}`,
    ...(source === undefined ? [] : [sql`c.source = ${source}`]),
    ...(leadIds === undefined ? [] : [sql`c.lead_id = any(${[...leadIds]}::text[])`]),
    ...(from === undefined ? [] : [sql`c.created_at >= ${from}`]),
    ...(before === undefined ? [] : [sql`c.created_at < ${before}`]),
    ...(page.after
      ? [sql`(c.created_at, c.id) < (${new Date(page.after[0] ?? 0)}::timestamptz, ${page.after[1]})`]
      : []),
  ];
  const branches = (status === undefined ? CONVERSION_STATUSES : [status]).map(
    (
      one,
    ) => sql`(select c.id, c.created_at from conversions c where ${sql.join([...own, sql`c.status = ${one}`], sql` and `)}
      order by c.created_at desc, c.id desc limit ${page.limit + 1})`,
  );
  const { rows } = await sql<ConversionRow & { leadName: string | null }>`
    with page as materialized (
      select id, created_at from (${sql.join(branches, sql` union all `)}) found order by created_at desc, id desc limit ${page.limit + 1}
    )
    select c.id, c.lead_id, c.campaign_id, k.name as campaign_name, c.contact_attempt_id, c.channel, c.status, c.revenue_minor, c.currency,
      c.source, c.sub_id, c.click_id, c.transaction_id, c.created_at,
      case when l.id is not null then coalesce(l.full_name, btrim(l.first_name || ' ' || l.last_name)) end as lead_name
    from page join conversions c on c.id = page.id
    left join leads l on l.id = c.lead_id
    left join campaigns k on k.id = c.campaign_id
    order by c.created_at desc, c.id desc`.execute(ctx.db);
  return rows;
}

/** A touch as a conversion is put down to it. */
export async function findTouch(
  ctx: Context,
  attemptId: string,
): Promise<{ id: string; leadId: string; campaignId: string | null; channel: string } | undefined> {
  return ctx.db
    .selectFrom("contactAttempts")
    .select(["id", "leadId", "campaignId", "channel"])
    .where("workspaceId", "=", ctx.workspace)
    .where("id", "=", attemptId)
    .executeTakeFirst();
}

export async function hasCampaign(ctx: Context, id: string): Promise<boolean> {
  const row = await ctx.db
    .selectFrom("campaigns")
    .select("id")
    .where("workspaceId", "=", ctx.workspace)
    .where("id", "=", id)
    .executeTakeFirst();
  return row !== undefined;
}

/** SQL: has this lead (an expression that is a lead's id) ever become a customer? */
export const isCustomer = (leadId: RawBuilder<unknown>): RawBuilder<boolean> =>
  sql<boolean>`exists (select from conversions cv where cv.lead_id = ${leadId} and cv.status = 'customer')`;

/** Those of the leads who have a conversion as a customer: one statement. */
export async function listCustomers(ctx: Context, leadIds: readonly string[]): Promise<Set<string>> {
  if (leadIds.length === 0) return new Set();
  const rows = await ctx.db
    .selectFrom("conversions")
    .select("leadId")
    .distinct()
    .where("leadId", "=", sql<string>`any(${[...leadIds]}::text[])`)
    .where("status", "=", "customer")
    .execute();
  return new Set(rows.flatMap(({ leadId }) => leadId ?? []));
}

/** Gives conversions of one lead to another; with `only`, those. Answers which. */
export async function giveConversions(
  tx: Context,
  from: string,
  to: string,
  only?: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update conversions set lead_id = ${to} where workspace_id = ${tx.workspace} and lead_id = ${from}
      ${only ? sql`and id = any(${[...only]}::text[])` : sql``}
    returning id`.execute(tx.db);
  return rows.map(({ id }) => id);
}

export async function countConversions(ctx: Context, leadId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from conversions where lead_id = ${leadId}`.execute(ctx.db);
  return rows[0]?.count ?? 0;
}

/** Rows as JSON of the database's own making. */
export async function exportConversions(ctx: Context, leadIds: readonly string[]): Promise<unknown[]> {
  const { rows } = await sql<{ row: unknown }>`
    select to_jsonb(c) as row from conversions c
    where c.workspace_id = ${ctx.workspace} and c.lead_id = any(${[...leadIds]}::text[]) order by c.created_at, c.id`.execute(
    ctx.db,
  );
  return rows.map(({ row }) => row);
}

/** That there was a sale, of what and when stays; what others know the person by goes. */
export async function blankConversions(tx: Context, leadIds: readonly string[]): Promise<number> {
  const { numAffectedRows } = await sql`
    update conversions set postback_data = null, sub_id = null, click_id = null, transaction_id = null
    where lead_id = any(${[...leadIds]}::text[])`.execute(tx.db);
  return Number(numAffectedRows ?? 0);
}
