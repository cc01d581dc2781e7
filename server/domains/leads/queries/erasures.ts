import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import { newId } from "#platform/ids.ts";
import type { IdentityKind } from "../rules.ts";

/** The certificate of an erasure. Nothing in it tells who it was. */
export type Erasure = {
  id: string;
  leadId: string;
  reason: string;
  actorKind: string;
  actorId: string | null;
  erasedAt: Date;
  /** Rows deleted or blanked, by table. */
  counts: Record<string, number>;
  addressKeys: { kind: IdentityKind; key: string }[];
};

const COLUMNS = ["id", "leadId", "reason", "actorKind", "actorId", "erasedAt", "counts", "addressKeys"] as const;

export async function insertErasure(
  tx: Context,
  certificate: Pick<Erasure, "leadId" | "reason" | "counts" | "addressKeys">,
  rowKeys: readonly string[],
): Promise<Erasure> {
  const { counts, addressKeys, ...plain } = certificate;
  return tx.db
    .insertInto("leadErasures")
    .values({
      id: newId("ers"),
      workspaceId: tx.workspace,
      ...plain,
      actorKind: tx.actor.kind,
      actorId: tx.actor.id,
      erasedAt: tx.now(),
      counts: sql`${JSON.stringify(counts)}::jsonb`,
      addressKeys: sql`${JSON.stringify(addressKeys)}::jsonb`,
      rowKeys: sql`${JSON.stringify(rowKeys)}::jsonb`,
    })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
}

export async function findErasure(
  ctx: Context,
  which: { id: string } | { leadId: string },
): Promise<Erasure | undefined> {
  const query = ctx.db.selectFrom("leadErasures").select(COLUMNS).where("workspaceId", "=", ctx.workspace);
  return (
    "id" in which ? query.where("id", "=", which.id) : query.where("leadId", "=", which.leadId)
  ).executeTakeFirst();
}

/** Newest first. */
export async function listErasures(ctx: Context, page: { limit: number; after?: Cursor }): Promise<Erasure[]> {
  let query = ctx.db
    .selectFrom("leadErasures")
    .select(COLUMNS)
    .where("workspaceId", "=", ctx.workspace)
    .orderBy("erasedAt", "desc")
    .orderBy("id", "desc")
    .limit(page.limit + 1);
  if (page.after) {
    const [at, id] = page.after;
    query = query.where((eb) => eb(eb.refTuple("erasedAt", "id"), "<", eb.tuple(new Date(at ?? 0), id)));
  }
  return query.execute();
}
