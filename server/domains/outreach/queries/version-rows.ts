import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { newId } from "#platform/ids.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import type { Channel } from "#domains/messaging/index.ts";
import type { StepRow } from "./step-rows.ts";

export type VersionRow = {
  id: string;
  sequenceId: string;
  /** From 1. */
  number: number;
  note: string | null;
  publishedAt: Date;
  publishedByKind: string;
  publishedBy: string | null;
  publishedByName: string | null;
};

/** A step as a version holds it: `id` is that of the step it is a copy of. */
export type VersionStep = StepRow & { scriptName: string | null };

const COLUMNS = [
  "id",
  "sequenceId",
  "number",
  "note",
  "publishedAt",
  "publishedByKind",
  "publishedBy",
  "publishedByName",
] as const;

/** What whoever comes in now goes through; undefined before the sequence was first activated. */
export function findNewestVersion(ctx: Context, sequenceId: string): Promise<VersionRow | undefined> {
  return ctx.db
    .selectFrom("sequenceVersions")
    .select(COLUMNS)
    .where("workspaceId", "=", ctx.workspace)
    .where("sequenceId", "=", sequenceId)
    .orderBy("number", "desc")
    .limit(1)
    .executeTakeFirst();
}

/** The ids of what whoever comes in now goes through, by sequence; those never activated are missing. */
export async function listNewestVersions(ctx: Context, sequenceIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; sequenceId: string }>`
    select v.id, v.sequence_id from unnest(${[...sequenceIds]}::text[]) as s(id)
    cross join lateral (
      select v.id, v.sequence_id from sequence_versions v where v.sequence_id = s.id order by v.number desc limit 1
    ) v`.execute(ctx.db);
  return new Map(rows.map(({ id, sequenceId }) => [sequenceId, id]));
}

export function findVersion(ctx: Context, sequenceId: string, number: number): Promise<VersionRow | undefined> {
  return ctx.db
    .selectFrom("sequenceVersions")
    .select(COLUMNS)
    .where("workspaceId", "=", ctx.workspace)
    .where("sequenceId", "=", sequenceId)
    .where("number", "=", number)
    .executeTakeFirst();
}

/** Newest first; one row more than asked when there are more. The cursor holds the number. */
export function listVersionRows(
  ctx: Context,
  sequenceId: string,
  page: { limit: number; after?: Cursor },
): Promise<VersionRow[]> {
  let query = ctx.db
    .selectFrom("sequenceVersions")
    .select(COLUMNS)
    .where("workspaceId", "=", ctx.workspace)
    .where("sequenceId", "=", sequenceId)
    .orderBy("number", "desc")
    .limit(page.limit + 1);
  if (page.after) query = query.where("number", "<", Number(page.after[0] ?? 0));
  return query.execute();
}

/** The steps of versions in their order, by version: one statement. Scripts are named as they are called today; one that is gone has no name. */
export async function listVersionSteps(
  ctx: Context,
  versionIds: readonly string[],
): Promise<Map<string, VersionStep[]>> {
  const byVersion = new Map<string, VersionStep[]>(versionIds.map((id) => [id, []]));
  if (versionIds.length === 0) return byVersion;
  const rows = await ctx.db
    .selectFrom("sequenceVersionSteps as st")
    .leftJoin("scripts as sc", "sc.id", "st.scriptId")
    .select([
      "st.versionId",
      "st.stepId as id",
      "st.stepOrder",
      "st.channel",
      "st.scriptId",
      "sc.name as scriptName",
      "st.delayValue",
      "st.delayUnit",
      "st.conditions",
      "st.isActive",
    ])
    .where("st.workspaceId", "=", ctx.workspace)
    .where("st.versionId", "=", sql<string>`any(${[...versionIds]}::text[])`)
    .orderBy("st.stepOrder")
    .execute();
  for (const { versionId, ...step } of rows) byVersion.get(versionId)?.push(step);
  return byVersion;
}

/** Copies the draft as the sequence's next version. The caller holds the sequence. */
export async function insertVersion(tx: Context, sequenceId: string, note: string | null): Promise<VersionRow> {
  const { actor } = tx;
  const id = newId("ver");
  const { rows } = await sql<VersionRow>`
    insert into sequence_versions (id, workspace_id, sequence_id, number, note, published_at, published_by_kind, published_by,
      published_by_name)
    select ${id}, ${tx.workspace}, ${sequenceId}, coalesce(max(v.number), 0) + 1, ${note}, ${tx.now()}, ${actor.kind}, ${actor.id},
      ${"name" in actor ? actor.name : null}
    from sequence_versions v where v.sequence_id = ${sequenceId}
    returning id, sequence_id, number, note, published_at, published_by_kind, published_by, published_by_name`.execute(
    tx.db,
  );
  await sql`
    insert into sequence_version_steps (version_id, step_id, workspace_id, step_order, channel, script_id, delay_value, delay_unit, conditions, is_active)
    select ${id}, st.id, st.workspace_id, st.step_order, st.channel, st.script_id, st.delay_value, st.delay_unit, st.conditions, st.is_active
    from sequence_steps st where st.workspace_id = ${tx.workspace} and st.sequence_id = ${sequenceId}`.execute(tx.db);
  const [row] = rows;
  if (!row) throw new Error("A new version was not written.");
  return row;
}

/** How many people are under way in each version of a sequence; versions with nobody are missing. */
export async function countInside(ctx: Context, sequenceId: string): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; count: number }>`
    select v.id, x.count from sequence_versions v
    cross join lateral (
      select count(*)::int as count from sequence_enrollments n where n.version_id = v.id and n.status in ('ACTIVE', 'PAUSED')
    ) x
    where v.workspace_id = ${ctx.workspace} and v.sequence_id = ${sequenceId} and x.count > 0`.execute(ctx.db);
  return new Map(rows.map(({ id, count }) => [id, count]));
}

/** A step of a version as the engine plans by it. */
export type PlanStep = {
  id: string;
  stepOrder: number;
  channel: Channel;
  delayValue: number;
  delayUnit: StepRow["delayUnit"];
};

/**
 * The version of each enrollment. Locked, so that who plans the next step and who moves people to another version come one after the other, and
 * read anew: what was read with an execution may be older than its lock.
 */
export async function lockVersionsOf(tx: Context, enrollmentIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; versionId: string }>`
    select n.id, n.version_id from sequence_enrollments n where n.id = any(${[...enrollmentIds]}::text[]) order by n.id for no key update`.execute(
    tx.db,
  );
  return new Map(rows.map(({ id, versionId }) => [id, versionId]));
}

/** Steps of these versions that are in use, in order. */
export async function loadSteps(ctx: Context, versionIds: readonly string[]): Promise<Map<string, PlanStep[]>> {
  const rows = await ctx.db
    .selectFrom("sequenceVersionSteps")
    .select(["versionId", "stepId as id", "stepOrder", "channel", "delayValue", "delayUnit"])
    .where("workspaceId", "=", ctx.workspace)
    .where("versionId", "=", sql<string>`any(${[...versionIds]}::text[])`)
    .where("isActive", "=", true)
    .orderBy("stepOrder")
    .execute();
  const byVersion = new Map<string, PlanStep[]>();
  for (const { versionId, ...step } of rows) byVersion.set(versionId, [...(byVersion.get(versionId) ?? []), step]);
  return byVersion;
}
