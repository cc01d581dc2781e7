import { type RawBuilder, sql } from "kysely";
import type { Context } from "../context.ts";

/**
 * Writes rows back as `to_jsonb` once told them. Columns that were added since get their defaults, those that are gone are left out, and a row
 * whose key has been taken meanwhile stays away; so does one of which `standing` (over the alias `r`) is not true, as where what it points
 * at was deleted. `table` is a name of ours, never a caller's.
 */
export async function putBack(
  tx: Context,
  table: string,
  rows: readonly Record<string, unknown>[],
  standing: RawBuilder<unknown> = sql`true`,
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const { rows: known } = await sql<{ name: string }>`
    select attname as name from pg_attribute where attrelid = ${table}::regclass and attnum > 0 and not attisdropped`.execute(
    tx.db,
  );
  const columns = sql.join(known.filter(({ name }) => name in first).map(({ name }) => sql.id(name)));
  await sql`
    insert into ${sql.table(table)} (${columns}) select ${columns}
    from jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::jsonb) r
    where ${standing} on conflict do nothing`.execute(tx.db);
}
