import { expect } from "vitest";
import { testDatabase } from "./world.ts";

/** Each text or JSON column of each table, of every workspace, that holds one of the words, in whatever case. */
export async function placesOf(words: readonly string[]): Promise<string[]> {
  const { owner } = await testDatabase();
  const { rows: columns } = await owner.query<{ schema: string; table: string; column: string }>(
    `select table_schema as schema, table_name as table, column_name as column from information_schema.columns
     join information_schema.tables using (table_schema, table_name)
     where table_schema in ('public', 'graphile_worker') and table_type = 'BASE TABLE'
       and (data_type in ('text', 'character varying', 'json', 'jsonb', 'ARRAY'))`,
  );
  expect(columns.length).toBeGreaterThan(150);
  const found: string[] = [];
  for (const { schema, table, column } of columns) {
    const { rows } = await owner.query<{ word: string }>(
      `select n.needle as word from unnest($1::text[]) as n(needle)
       where exists (select from "${schema}"."${table}" where position(n.needle in lower("${column}"::text)) > 0)`,
      [words],
    );
    found.push(...rows.map(({ word }) => `${table}.${column}: ${word}`));
  }
  return found;
}
