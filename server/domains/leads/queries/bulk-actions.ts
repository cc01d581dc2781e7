import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import { newId } from "#platform/ids.ts";
import type { LeadVerdict } from "../bulk/change.ts";
import type { LeadFilter } from "../rules.ts";
import type { BulkActionStatus, BulkKind } from "../sets.ts";

export type BulkActionRow = {
  id: string;
  kind: BulkKind;
  change: Record<string, unknown>;
  filter: Record<string, unknown>;
  leadIds: string[] | null;
  status: BulkActionStatus;
  total: number;
  isEstimate: boolean;
  changedCount: number;
  unchangedCount: number;
  refusedCount: number;
  cursor: string | null;
  failure: string | null;
  undoOf: string | null;
  undoneAt: Date | null;
  createdBy: string | null;
  createdAt: Date;
  finishedAt: Date | null;
};

const ROW = [
  "id",
  "kind",
  "change",
  "filter",
  "leadIds",
  "status",
  "total",
  "isEstimate",
  "changedCount",
  "unchangedCount",
  "refusedCount",
  "cursor",
  "failure",
  "undoOf",
  "undoneAt",
  "createdBy",
  "createdAt",
  "finishedAt",
] as const;

const actions = (ctx: Context) => ctx.db.selectFrom("bulkActions").select(ROW).where("workspaceId", "=", ctx.workspace);

export const findBulkAction = (ctx: Context, id: string): Promise<BulkActionRow | undefined> =>
  actions(ctx).where("id", "=", id).executeTakeFirst();

/** Undefined with `skip` also means that another process is at it. */
export function lockBulkAction(tx: Context, id: string, { skip = false } = {}): Promise<BulkActionRow | undefined> {
  const query = actions(tx).where("id", "=", id).forUpdate();
  return (skip ? query.skipLocked() : query).executeTakeFirst();
}

/** Newest first; one row more than asked when there are more. */
export async function listBulkActions(ctx: Context, page: { limit: number; after?: Cursor }): Promise<BulkActionRow[]> {
  let query = actions(ctx)
    .orderBy("createdAt", "desc")
    .orderBy("id", "desc")
    .limit(page.limit + 1);
  if (page.after) {
    const [at, id] = page.after;
    query = query.where((eb) => eb(eb.refTuple("createdAt", "id"), "<", eb.tuple(new Date(at ?? 0), id)));
  }
  return query.execute();
}

/** Ids of those that are not over, the oldest first. */
export async function listOpenBulkActions(ctx: Context): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom("bulkActions")
    .select("id")
    .where("workspaceId", "=", ctx.workspace)
    .where("status", "in", ["QUEUED", "RUNNING"])
    .orderBy("createdAt")
    .execute();
  return rows.map(({ id }) => id);
}

/** Workspaces with bulk actions that are not over. */
export async function workspacesWithOpenBulkActions(ctx: Pick<Context, "db">): Promise<string[]> {
  const { rows } = await sql<{ workspaceId: string }>`
    select app_workspaces_with_open_bulk_actions() as workspace_id`.execute(ctx.db);
  return rows.map(({ workspaceId }) => workspaceId);
}

/** Undefined: it is being taken back already. */
export async function insertBulkAction(
  tx: Context,
  asked: Pick<BulkActionRow, "kind" | "change" | "leadIds" | "total" | "isEstimate" | "undoOf"> & {
    filter: LeadFilter;
    /** The lead behind which it begins. */
    cursor?: string | null;
  },
): Promise<string | undefined> {
  const { change, filter, leadIds, ...fields } = asked;
  const json = (value: unknown) => JSON.stringify(value);
  const row = await tx.db
    .insertInto("bulkActions")
    .values({
      ...fields,
      change: sql<Record<string, unknown>>`${json(change)}::jsonb`,
      filter: sql<Record<string, unknown>>`${json(filter)}::jsonb`,
      leadIds: leadIds && sql<string[]>`${json(leadIds)}::jsonb`,
      id: newId("bact"),
      workspaceId: tx.workspace,
      createdBy: tx.actor.id,
      createdAt: tx.now(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return row?.id;
}

/** How far the undos of a bulk action have come that were stopped: the lead that they reached, and how many they have decided about. */
export async function findUndone(tx: Context, id: string): Promise<{ cursor: string | null; count: number }> {
  return tx.db
    .selectFrom("bulkActions")
    .select(({ fn }) => [
      fn.max("cursor").as("cursor"),
      sql<number>`coalesce(sum(changed_count + unchanged_count + refused_count), 0)::int`.as("count"),
    ])
    .where("workspaceId", "=", tx.workspace)
    .where("undoOf", "=", id)
    .executeTakeFirstOrThrow();
}

export type BulkActionChange = Partial<
  Pick<
    BulkActionRow,
    "status" | "changedCount" | "unchangedCount" | "refusedCount" | "cursor" | "failure" | "finishedAt" | "undoneAt"
  >
>;

export async function updateBulkAction(tx: Context, id: string, change: BulkActionChange): Promise<void> {
  await tx.db.updateTable("bulkActions").set(change).where("id", "=", id).execute();
}

/** Keeps what the changed leads had before, and why others were refused. */
export async function insertBulkRows(tx: Context, bulkId: string, verdicts: readonly LeadVerdict[]): Promise<void> {
  const rows = verdicts.flatMap((verdict): { lead_id: string; reason: string | null; before: object }[] => {
    if (verdict.kind === "unchanged") return [];
    const { leadId } = verdict;
    return verdict.kind === "refused"
      ? [{ lead_id: leadId, reason: verdict.reason, before: {} }]
      : [{ lead_id: leadId, reason: null, before: verdict.before }];
  });
  if (rows.length === 0) return;
  await sql`
    insert into bulk_action_rows (workspace_id, bulk_action_id, lead_id, reason, before)
    select ${tx.workspace}, ${bulkId}, r.lead_id, r.reason, r.before
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(lead_id text, reason text, before jsonb)`.execute(
    tx.db,
  );
}

/** The next leads that a bulk action changed, with what they had before, in the order of their ids. */
export async function nextChanged(
  tx: Context,
  bulkId: string,
  after: string | null,
  limit: number,
): Promise<{ leadId: string; before: Record<string, unknown> }[]> {
  return tx.db
    .selectFrom("bulkActionRows")
    .select(["leadId", "before"])
    .where("bulkActionId", "=", bulkId)
    .where("reason", "is", null)
    .where("leadId", ">", after ?? "")
    .orderBy("leadId")
    .limit(limit)
    .execute();
}

export type RefusedLead = { leadId: string; name: string; email: string | null; reason: string };

/** Leads that were refused, in the order of their ids; of those that are gone the id alone. */
export async function listRefused(
  ctx: Context,
  bulkId: string,
  page: { limit: number; after?: string },
): Promise<RefusedLead[]> {
  const { rows } = await sql<RefusedLead>`
    select r.lead_id, r.reason, l.email, coalesce(nullif(trim(l.first_name || ' ' || l.last_name), ''), l.full_name, '') as name
    from bulk_action_rows r left join leads l on l.id = r.lead_id
    where r.bulk_action_id = ${bulkId} and r.reason is not null and r.lead_id > ${page.after ?? ""}
    order by r.lead_id limit ${page.limit}`.execute(ctx.db);
  return rows;
}

export async function countRefusals(ctx: Context, bulkId: string): Promise<{ reason: string; count: number }[]> {
  const { rows } = await sql<{ reason: string; count: number }>`
    select reason, count(*)::int as count from bulk_action_rows
    where bulk_action_id = ${bulkId} and reason is not null group by reason order by count(*) desc, reason`.execute(
    ctx.db,
  );
  return rows;
}

/** What actions that ended before keep to be taken back by goes, and with it the list of whom they refused. */
export async function forgetBulkRows(ctx: Context, before: Date): Promise<void> {
  await sql`
    delete from bulk_action_rows r using bulk_actions b
    where b.workspace_id = ${ctx.workspace} and b.finished_at < ${before} and r.bulk_action_id = b.id`.execute(ctx.db);
}
