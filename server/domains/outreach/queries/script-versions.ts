import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { newId } from "#platform/ids.ts";
import type { BodyFormat } from "../render/sets.ts";
import type { ScriptType } from "../states.ts";

/** What a version keeps of a script: its words, not what it is called today or whether it is the default. */
export type VersionTexts = {
  type: ScriptType;
  subject: string | null;
  preheader: string | null;
  content: string | null;
  format: BodyFormat;
  vapiConfig: Record<string, unknown> | null;
};

export type VersionRow = VersionTexts & {
  id: string;
  /** Null once the script is deleted. */
  scriptId: string | null;
  number: number;
  /** The script's name when the version was made. */
  name: string;
  restoredFrom: number | null;
  actorKind: string;
  actorId: string | null;
  actorName: string | null;
  createdAt: Date;
};

/** A version without its words. */
export type VersionHead = Omit<VersionRow, keyof VersionTexts>;

const HEAD = [
  "id",
  "scriptId",
  "number",
  "name",
  "restoredFrom",
  "actorKind",
  "actorId",
  "actorName",
  "createdAt",
] as const;
const TEXTS = ["type", "subject", "preheader", "content", "format", "vapiConfig"] as const;

/** Keeps the words of a script as its next version and makes that the one that is sent. Call while the script is locked or new. Returns its number. */
export async function insertVersion(
  tx: Context,
  scriptId: string,
  texts: VersionTexts & { name: string },
  restoredFrom: number | null = null,
): Promise<number> {
  const { name, type, subject, preheader, content, format, vapiConfig } = texts;
  const { actor } = tx;
  const id = newId("scrv");
  const { rows } = await sql<{ number: number }>`
    insert into script_versions (id, workspace_id, script_id, number, name, type, subject, preheader, content, format, vapi_config, restored_from,
      actor_kind, actor_id, actor_name, created_at)
    select ${id}, ${tx.workspace}, ${scriptId}, coalesce(max(number), 0) + 1, ${name}, ${type}, ${subject}, ${preheader}, ${content}, ${format},
      ${vapiConfig === null ? null : JSON.stringify(vapiConfig)}::jsonb, ${restoredFrom}::int, ${actor.kind}, ${actor.id},
      ${"name" in actor ? actor.name : null}, ${tx.now()}
    from script_versions where script_id = ${scriptId}
    returning number`.execute(tx.db);
  await tx.db.updateTable("scripts").set({ versionId: id }).where("id", "=", scriptId).execute();
  return rows[0]?.number ?? 1;
}

/** Versions of a script, latest first, from below the number `before`; one more than asked when there are more. */
export async function listVersions(
  ctx: Context,
  scriptId: string,
  page: { limit: number; before?: number },
): Promise<VersionHead[]> {
  let query = ctx.db
    .selectFrom("scriptVersions")
    .select(HEAD)
    .where("scriptId", "=", scriptId)
    .orderBy("number", "desc")
    .limit(page.limit + 1);
  if (page.before !== undefined) query = query.where("number", "<", page.before);
  return query.execute();
}

/** A script's versions of these numbers; those that are not there are missing. */
export async function findVersionsByNumber(
  ctx: Context,
  scriptId: string,
  numbers: readonly number[],
): Promise<Map<number, VersionRow>> {
  const rows = await ctx.db
    .selectFrom("scriptVersions")
    .select([...HEAD, ...TEXTS])
    .where("scriptId", "=", scriptId)
    .where("number", "in", numbers)
    .execute();
  return new Map(rows.map((row) => [row.number, row]));
}

export async function findVersion(ctx: Context, id: string): Promise<VersionRow | undefined> {
  return ctx.db
    .selectFrom("scriptVersions")
    .select([...HEAD, ...TEXTS])
    .where("id", "=", id)
    .executeTakeFirst();
}
