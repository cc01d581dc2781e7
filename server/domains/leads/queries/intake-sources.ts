import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { laterThanBefore } from "#platform/database/later.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import { newId, newToken } from "#platform/ids.ts";
import { type SourceSettings, sourceSettingsSchema } from "../intake/source-settings.ts";
import type { IntakeKind } from "../sets.ts";

export type IntakeSource = {
  id: string;
  kind: IntakeKind;
  name: string;
  token: string;
  isActive: boolean;
  settings: SourceSettings;
  campaignId: string | null;
  submittedCount: number;
  createdCount: number;
  lastUsedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
};

const COLUMNS = [
  "id",
  "kind",
  "name",
  "token",
  "isActive",
  "settings",
  "campaignId",
  "submittedCount",
  "createdCount",
  "lastUsedAt",
  "createdAt",
  "updatedAt",
] as const;

/** What was stored before a setting existed has its default. */
const read = <Row extends { settings: unknown }>(row: Row) => ({
  ...row,
  settings: sourceSettingsSchema.parse(row.settings),
});
const json = (settings: SourceSettings) => sql`${JSON.stringify(settings)}::jsonb`;

const sources = (ctx: Context) =>
  ctx.db.selectFrom("intakeSources").select(COLUMNS).where("workspaceId", "=", ctx.workspace);

/** Newest first. */
export async function listIntakeSources(
  ctx: Context,
  page: { limit: number; after?: Cursor },
): Promise<IntakeSource[]> {
  let query = sources(ctx)
    .orderBy("createdAt", "desc")
    .orderBy("id", "desc")
    .limit(page.limit + 1);
  if (page.after) {
    const [at, id] = page.after;
    query = query.where((eb) => eb(eb.refTuple("createdAt", "id"), "<", eb.tuple(new Date(at ?? 0), id)));
  }
  return (await query.execute()).map(read);
}

export async function findIntakeSource(ctx: Context, id: string): Promise<IntakeSource | undefined> {
  const row = await sources(ctx).where("id", "=", id).executeTakeFirst();
  return row && read(row);
}

export async function findIntakeSources(ctx: Context, ids: readonly string[]): Promise<Map<string, IntakeSource>> {
  if (ids.length === 0) return new Map();
  const rows = await sources(ctx)
    .where("id", "=", sql<string>`any(${[...ids]}::text[])`)
    .execute();
  return new Map(rows.map((row) => [row.id, read(row)]));
}

/** Whose source it is: asked before there is a workspace. */
export async function workspaceOfToken(ctx: Pick<Context, "db">, token: string): Promise<string | null> {
  const { rows } = await sql<{ id: string | null }>`select app_intake_workspace(${token}) as id`.execute(ctx.db);
  return rows[0]?.id ?? null;
}

export async function findSourceByToken(ctx: Context, token: string): Promise<IntakeSource | undefined> {
  const row = await sources(ctx).where("token", "=", token).executeTakeFirst();
  return row && read(row);
}

/** Whether the workspace has such a campaign: the foreign key would take another workspace's too. */
export async function hasCampaign(ctx: Context, campaignId: string): Promise<boolean> {
  const { rows } = await sql`
    select from campaigns where workspace_id = ${ctx.workspace} and id = ${campaignId}`.execute(ctx.db);
  return rows.length > 0;
}

/** Undefined: another source has the name. */
export async function insertIntakeSource(
  tx: Context,
  source: Pick<IntakeSource, "kind" | "name" | "settings" | "campaignId">,
): Promise<IntakeSource | undefined> {
  const row = await tx.db
    .insertInto("intakeSources")
    .values({
      ...source,
      id: newId("isrc"),
      workspaceId: tx.workspace,
      token: newToken(18),
      settings: json(source.settings),
      createdBy: tx.actor.id,
      createdAt: tx.now(),
      updatedAt: tx.now(),
    })
    .onConflict((conflict) => conflict.columns(["workspaceId", "name"]).doNothing())
    .returning(COLUMNS)
    .executeTakeFirst();
  return row && read(row);
}

export async function updateIntakeSourceRow(
  tx: Context,
  id: string,
  change: Partial<Pick<IntakeSource, "name" | "isActive" | "campaignId" | "token" | "settings">>,
): Promise<void> {
  const { settings, ...plain } = change;
  await tx.db
    .updateTable("intakeSources")
    .set({ ...plain, ...(settings ? { settings: json(settings) } : {}), updatedAt: laterThanBefore(tx) })
    .where("workspaceId", "=", tx.workspace)
    .where("id", "=", id)
    .execute();
}

export async function isNameTaken(tx: Context, name: string, butBy: string): Promise<boolean> {
  const row = await tx.db
    .selectFrom("intakeSources")
    .select("id")
    .where("workspaceId", "=", tx.workspace)
    .where("name", "=", name)
    .where("id", "<>", butBy)
    .executeTakeFirst();
  return row !== undefined;
}

/** Keeps a source from being changed until the transaction ends. */
export async function lockIntakeSource(tx: Context, id: string): Promise<IntakeSource | undefined> {
  const row = await sources(tx).where("id", "=", id).forUpdate().executeTakeFirst();
  return row && read(row);
}

export async function deleteIntakeSourceRow(tx: Context, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.db
    .deleteFrom("intakeSources")
    .where("workspaceId", "=", tx.workspace)
    .where("id", "=", id)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Counts what was taken in, in the order of the ids so that nobody waits in a circle. */
export async function countSubmitted(
  tx: Context,
  counts: ReadonlyMap<string, { submitted: number; created: number }>,
): Promise<void> {
  if (counts.size === 0) return;
  const rows = [...counts].map(([id, count]) => ({ id, ...count }));
  await sql`
    with held as (select id from intake_sources where id = any(${[...counts.keys()]}::text[]) order by id for update)
    update intake_sources s set submitted_count = s.submitted_count + r.submitted, created_count = s.created_count + r.created,
      last_used_at = ${tx.now()}
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(id text, submitted int, created int), held
    where s.id = r.id and held.id = r.id`.execute(tx.db);
}
