import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { laterThanBefore } from "#platform/database/later.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import { newId } from "#platform/ids.ts";
import type { BodyFormat } from "../render/sets.ts";
import type { ScriptType, SequenceStatus } from "../states.ts";
import { nameHas, olderThan } from "./newest-first.ts";
import { insertVersion } from "./script-versions.ts";

export type ScriptRow = {
  id: string;
  name: string;
  type: ScriptType;
  content: string | null;
  subject: string | null;
  preheader: string | null;
  format: BodyFormat;
  vapiConfig: Record<string, unknown> | null;
  campaignId: string | null;
  isDefault: boolean;
  /** Of the text as it stands. Null only for rows that no command wrote. */
  versionId: string | null;
  createdAt: Date;
  updatedAt: Date;
};

const COLUMNS = [
  "id",
  "name",
  "type",
  "content",
  "subject",
  "preheader",
  "format",
  "vapiConfig",
  "campaignId",
  "isDefault",
  "versionId",
  "createdAt",
  "updatedAt",
] as const;

export type ScriptFields = Omit<ScriptRow, "id" | "isDefault" | "versionId" | "createdAt" | "updatedAt">;

export async function findScript(ctx: Context, id: string): Promise<ScriptRow | undefined> {
  return ctx.db.selectFrom("scripts").select(COLUMNS).where("id", "=", id).executeTakeFirst();
}

export async function lockScript(tx: Context, id: string): Promise<ScriptRow | undefined> {
  return tx.db.selectFrom("scripts").select(COLUMNS).where("id", "=", id).forUpdate().executeTakeFirst();
}

/** Newest first; one row more than asked when there are more. */
export async function listScriptRows(
  ctx: Context,
  page: { type?: ScriptType; campaignId?: string; search?: string; limit: number; after?: Cursor },
): Promise<ScriptRow[]> {
  let query = ctx.db
    .selectFrom("scripts")
    .select(COLUMNS)
    .where("workspaceId", "=", ctx.workspace)
    .orderBy("createdAt", "desc")
    .orderBy("id", "desc")
    .limit(page.limit + 1);
  if (page.type) query = query.where("type", "=", page.type);
  if (page.campaignId) query = query.where("campaignId", "=", page.campaignId);
  if (page.search) query = query.where(nameHas(page.search));
  if (page.after) query = query.where(olderThan(page.after));
  return query.execute();
}

/** Writes a script with its first version, and returns its id. */
export async function insertScript(tx: Context, fields: ScriptFields): Promise<string> {
  const id = newId("scr");
  const now = tx.now();
  await tx.db
    .insertInto("scripts")
    .values({ ...fields, id, workspaceId: tx.workspace, createdAt: now, updatedAt: now })
    .execute();
  await insertVersion(tx, id, fields);
  return id;
}

export async function updateScriptRow(tx: Context, id: string, change: Partial<ScriptFields>): Promise<void> {
  await tx.db
    .updateTable("scripts")
    .set({ ...change, updatedAt: laterThanBefore(tx) })
    .where("id", "=", id)
    .execute();
}

export async function deleteScriptRow(tx: Context, id: string): Promise<void> {
  await tx.db.deleteFrom("scripts").where("id", "=", id).execute();
}

/** One default of a type at most. Scripts of the type are locked in one order, so that two who choose at once take turns. */
export async function makeDefault(tx: Context, script: { id: string; type: ScriptType }): Promise<void> {
  await tx.db.selectFrom("scripts").select("id").where("type", "=", script.type).orderBy("id").forUpdate().execute();
  await tx.db
    .updateTable("scripts")
    .set({ isDefault: false })
    .where("type", "=", script.type)
    .where("isDefault", "=", true)
    .execute();
  await tx.db
    .updateTable("scripts")
    .set({ isDefault: true, updatedAt: laterThanBefore(tx) })
    .where("id", "=", script.id)
    .execute();
}

/** Versions under the alias `v` that somebody goes through, or will: the newest of its sequence, and those with people inside. */
const IN_USE = sql`(
  not exists (select from sequence_versions w where w.sequence_id = v.sequence_id and w.number > v.number)
  or exists (select from sequence_enrollments n where n.version_id = v.id and n.status in ('ACTIVE', 'PAUSED')))`;

/**
 * Sequences under way of which a version in use has the script in an active step. Ask while the script is locked: who activates or publishes
 * share-locks it.
 */
export async function listSequencesWithScript(
  tx: Context,
  scriptId: string,
): Promise<{ name: string; status: "ACTIVE" | "PAUSED" }[]> {
  const { rows } = await sql<{ name: string; status: "ACTIVE" | "PAUSED" }>`
    select s.name, s.status from retention_sequences s
    where s.workspace_id = ${tx.workspace} and s.status in ('ACTIVE', 'PAUSED')
      and s.id in (
        select v.sequence_id from sequence_version_steps st join sequence_versions v on v.id = st.version_id
        where st.script_id = ${scriptId} and st.is_active and ${IN_USE})
    order by s.name`.execute(tx.db);
  return rows;
}

/** Sequences with the script in an active step of their draft or of a version in use, those under way first; at most 100. */
export async function listUsesOfScript(
  ctx: Context,
  scriptId: string,
): Promise<{ id: string; name: string; status: SequenceStatus }[]> {
  const { rows } = await sql<{ id: string; name: string; status: SequenceStatus }>`
    select s.id, s.name, s.status from retention_sequences s
    where s.workspace_id = ${ctx.workspace}
      and (s.id in (select st.sequence_id from sequence_steps st where st.script_id = ${scriptId} and st.is_active)
        or s.id in (
          select v.sequence_id from sequence_version_steps st join sequence_versions v on v.id = st.version_id
          where st.script_id = ${scriptId} and st.is_active and ${IN_USE}))
    order by array_position(array['ACTIVE', 'PAUSED', 'DRAFT'], s.status), s.name, s.id limit 100`.execute(ctx.db);
  return rows;
}

/** Scripts by id, kept from being changed or deleted until the transaction ends; those that are gone are missing. */
export async function shareScripts(tx: Context, ids: readonly string[]): Promise<ScriptRow[]> {
  if (ids.length === 0) return [];
  return tx.db.selectFrom("scripts").select(COLUMNS).where("id", "in", ids).orderBy("id").forShare().execute();
}

/** Those of the ids that are scripts. */
export async function listKnownScripts(ctx: Context, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await ctx.db.selectFrom("scripts").select("id").where("id", "in", ids).execute();
  return new Set(rows.map(({ id }) => id));
}
