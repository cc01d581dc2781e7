import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { ScriptSource } from "../render/compile-script.ts";

/** A script as the engine renders it. */
export type TouchScript = ScriptSource & {
  id: string;
  name: string;
  campaignId: string | null;
  /** The version of these very words. */
  versionId: string | null;
};

export async function loadScripts(ctx: Context, ids: readonly string[]): Promise<Map<string, TouchScript>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.db
    .selectFrom("scripts")
    .select([
      "id",
      "name",
      "type",
      "content",
      "subject",
      "preheader",
      "format",
      "vapiConfig",
      "campaignId",
      "versionId",
    ])
    .where("workspaceId", "=", ctx.workspace)
    .where("id", "=", sql<string>`any(${ids})`)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}
