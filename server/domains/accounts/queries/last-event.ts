import type { Context } from "#platform/context.ts";

export type LastEvent = { at: Date; actorKind: string; actorId: string | null; payload: Record<string, unknown> };

/** The newest event of these types about a row or a lead. */
export async function findLastEvent(
  ctx: Context,
  types: readonly string[],
  about: { subjectId: string } | { leadId: string },
): Promise<LastEvent | undefined> {
  const query = ctx.db
    .selectFrom("events")
    .select(["at", "actorKind", "actorId", "payload"])
    .where("workspaceId", "=", ctx.workspace)
    .where("type", "in", types)
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .limit(1);
  return "leadId" in about
    ? query.where("leadId", "=", about.leadId).executeTakeFirst()
    : query.where("subjectId", "=", about.subjectId).executeTakeFirst();
}
