import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { CustomValues } from "../custom-fields.ts";
import type { LeadFilter, LeadSource } from "../rules.ts";
import type { LeadStatus } from "../status.ts";
import type { TimeZoneSource } from "../time-zone.ts";
import { selectLeadIds } from "./filter.ts";

export type TagRef = { id: string; name: string };

/** A lead as lists and the API show it. */
export type LeadView = {
  id: string;
  externalId: string | null;
  firstName: string;
  lastName: string;
  fullName: string | null;
  email: string | null;
  phone: string | null;
  linkedin: string | null;
  company: string | null;
  jobTitle: string | null;
  website: string | null;
  source: LeadSource;
  sourceLabel: string | null;
  status: LeadStatus;
  timeZone: string;
  timeZoneSource: TimeZoneSource;
  region: string | null;
  country: string | null;
  notes: string | null;
  meta: Record<string, unknown>;
  /** Values of the workspace's own fields, by key: `meta.custom`. */
  custom: CustomValues;
  erasedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
  tags: TagRef[];
};

/** The columns of `LeadView`, of leads under the alias `l`. */
export const VIEW_COLUMNS = sql`
  l.id, l.external_id, l.first_name, l.last_name, l.full_name, l.email, l.phone, l.linkedin, l.company, l.job_title, l.website,
  l.source, l.source_label, l.status, l.time_zone, l.time_zone_source, l.region, l.country, l.notes, l.meta,
  coalesce(l.meta -> 'custom', '{}') as custom, l.erased_at,
  l.created_at, l.updated_at,
  coalesce((select json_agg(json_build_object('id', t.id, 'name', t.name) order by t.name_key)
    from lead_tags lt join tags t on t.id = lt.tag_id where lt.lead_id = l.id), '[]') as tags`;

export async function findLead(ctx: Context, id: string): Promise<LeadView | undefined> {
  const { rows } = await sql<LeadView>`
    select ${VIEW_COLUMNS} from leads l where l.workspace_id = ${ctx.workspace} and l.id = ${id}`.execute(ctx.db);
  return rows[0];
}

/** Leads by id in one statement, in no order; those that are gone are missing. */
export async function findLeads(ctx: Context, ids: readonly string[]): Promise<LeadView[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<LeadView>`
    select ${VIEW_COLUMNS} from leads l where l.workspace_id = ${ctx.workspace} and l.id = any(${[...ids]}::text[])`.execute(
    ctx.db,
  );
  return rows;
}

/** Where a lead lives: what a due time is reckoned by. */
export type LeadPlace = Pick<LeadView, "timeZone" | "country">;

/** Where leads live, by their ids, in one statement; those that are gone are missing. */
export async function listLeadPlaces(ctx: Context, ids: readonly string[]): Promise<Map<string, LeadPlace>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.db
    .selectFrom("leads")
    .select(["id", "timeZone", "country"])
    .where("workspaceId", "=", ctx.workspace)
    .where("id", "=", sql<string>`any(${[...ids]}::text[])`)
    .execute();
  return new Map(rows.map(({ id, ...place }) => [id, place]));
}

export type LockedLeads = {
  held: Set<string>;
  /** Somebody else holds them. Those in neither set do not exist. */
  busy: Set<string>;
};

/**
 * Keeps leads from being changed, and from being decided about by another sender, until the transaction ends. Rows are taken in
 * the order of their ids. Without `wait`, those that somebody else holds are passed over and told.
 */
export async function lockLeads(
  tx: Context,
  ids: readonly string[],
  { wait = false }: { wait?: boolean } = {},
): Promise<LockedLeads> {
  if (ids.length === 0) return { held: new Set(), busy: new Set() };
  const { rows } = await sql<{ id: string }>`
    select id from leads where workspace_id = ${tx.workspace} and id = any(${[...ids]}::text[])
    order by id for no key update ${wait ? sql`` : sql`skip locked`}`.execute(tx.db);
  const held = new Set(rows.map(({ id }) => id));
  const missing = ids.filter((id) => !held.has(id));
  if (wait || missing.length === 0) return { held, busy: new Set() };
  const others = await tx.db.selectFrom("leads").select("id").where("id", "in", missing).execute();
  return { held, busy: new Set(others.map(({ id }) => id)) };
}

/** Those of the leads whose people were erased. Ask when they are locked: until then an erasure may be under way. */
export async function findErased(ctx: Context, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await ctx.db
    .selectFrom("leads")
    .select("id")
    .where("workspaceId", "=", ctx.workspace)
    .where("id", "=", sql<string>`any(${[...ids]}::text[])`)
    .where("erasedAt", "is not", null)
    .execute();
  return new Set(rows.map(({ id }) => id));
}

/** Steps from one status to another for those of the leads that are in it. Rows are locked in the order of their ids. */
export async function moveStatuses(
  tx: Context,
  ids: readonly string[],
  moves: readonly { from: LeadStatus; to: LeadStatus }[],
): Promise<{ id: string; from: LeadStatus; to: LeadStatus }[]> {
  if (ids.length === 0 || moves.length === 0) return [];
  const { rows } = await sql<{ id: string; from: LeadStatus; to: LeadStatus }>`
    with moving as (
      select l.id, m."from", m."to" from leads l
      join jsonb_to_recordset(${JSON.stringify(moves)}::jsonb) as m("from" text, "to" text) on m."from" = l.status
      where l.workspace_id = ${tx.workspace} and l.id = any(${[...ids]}::text[])
      order by l.id for no key update of l
    )
    update leads l set status = moving."to", updated_at = greatest(${tx.now()}::timestamptz, l.updated_at + interval '1 millisecond') from moving where l.id = moving.id
    returning l.id, moving."from", moving."to"`.execute(tx.db);
  return rows;
}

/** The next ids that a filter finds, in their order. */
export async function nextLeadIds(
  ctx: Context,
  filter: LeadFilter,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from (${selectLeadIds(ctx, filter)}) as chosen where id > ${after ?? ""} order by id limit ${limit}`.execute(
    ctx.db,
  );
  return rows.map(({ id }) => id);
}

/** Those of the ids that are leads, in their order, behind `after`. */
export async function findExisting(
  ctx: Context,
  ids: readonly string[],
  after: string | null,
  limit: number,
): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom("leads")
    .select("id")
    .where("id", "=", sql<string>`any(${[...ids]}::text[])`)
    .where("id", ">", after ?? "")
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}
