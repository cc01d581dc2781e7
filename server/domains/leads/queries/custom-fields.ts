import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { laterThanBefore } from "#platform/database/later.ts";
import { newId } from "#platform/ids.ts";
import type { CustomField } from "../custom-fields.ts";

const ROW = ["id", "key", "label", "type", "options", "position", "archivedAt", "updatedAt"] as const;

export type CustomFieldRow = CustomField & { updatedAt: Date };

/** A workspace's own fields in their order, archived ones last and only where they are asked for. At most 200: no pages. */
export async function listFieldRows(ctx: Context, { archived = false } = {}): Promise<CustomFieldRow[]> {
  const query = ctx.db
    .selectFrom("customFields")
    .select(ROW)
    .where("workspaceId", "=", ctx.workspace)
    .orderBy(sql`archived_at is not null`)
    .orderBy("position")
    .orderBy("id");
  return archived ? query.execute() : query.where("archivedAt", "is", null).execute();
}

export const findField = (ctx: Context, id: string, { lock = false } = {}): Promise<CustomFieldRow | undefined> => {
  const query = ctx.db.selectFrom("customFields").select(ROW).where("id", "=", id);
  return (lock ? query.forUpdate() : query).executeTakeFirst();
};

/** Undefined: the workspace has a field of this key, archived or not. */
export async function insertField(
  tx: Context,
  field: Pick<CustomField, "key" | "label" | "type" | "options">,
): Promise<string | undefined> {
  const id = newId("cfld");
  const { rows } = await sql<{ id: string }>`
    insert into custom_fields (id, workspace_id, key, label, type, options, position, created_at, updated_at)
    select ${id}, ${tx.workspace}, ${field.key}, ${field.label}, ${field.type}, ${JSON.stringify(field.options)}::jsonb,
      coalesce(max(position) + 1, 0), ${tx.now()}, ${tx.now()}
    from custom_fields where workspace_id = ${tx.workspace}
    on conflict (workspace_id, key) do nothing returning id`.execute(tx.db);
  return rows[0]?.id;
}

export type FieldChange = Partial<Pick<CustomField, "label" | "type" | "options" | "archivedAt">>;

export async function updateField(tx: Context, id: string, { options, ...change }: FieldChange): Promise<void> {
  await tx.db
    .updateTable("customFields")
    .set({
      ...change,
      ...(options && { options: sql<string[]>`${JSON.stringify(options)}::jsonb` }),
      updatedAt: laterThanBefore(tx),
    })
    .where("id", "=", id)
    .execute();
}

/** Puts fields in the order of the ids; those that are not named come behind them, in the order they had. */
export async function orderFields(tx: Context, ids: readonly string[]): Promise<void> {
  await sql`
    update custom_fields f set position = placed.place from (
      select id, row_number() over (order by array_position(${[...ids]}::text[], id), position, id) as place
      from custom_fields where workspace_id = ${tx.workspace}) as placed
    where f.id = placed.id`.execute(tx.db);
}

/** How many leads hold a value, counted up to the bound; of one value, where it is given. */
export async function countHolders(ctx: Context, key: string, bound: number, value?: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from lead_field_values v where v.workspace_id = ${ctx.workspace} and v.key = ${key}
        ${value === undefined ? sql`` : sql`and v.value = left(lower(${value}::text), 200)`} limit ${bound}) as bounded`.execute(
    ctx.db,
  );
  return rows[0]?.count ?? 0;
}
