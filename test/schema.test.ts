import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { cloneDatabase } from "./database.ts";
import { readModels, schemaFiles } from "./prisma-schema.ts";
import { diffSchemas } from "../scripts/draft-migration.ts";

type Row = Record<string, unknown>;
const columnOf = (row: Row, name: string) => String(row[name]);

const COLUMNS = `
  select c.relname || '.' || a.attname as name,
         format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required, pg_get_expr(d.adbin, d.adrelid) as fallback
  from pg_attribute a join pg_class c on c.oid = a.attrelid
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
    and c.relname <> 'schema_migrations'
  order by 1`;

const KEYS = `
  select c.relname || ': ' || pg_get_constraintdef(k.oid) as name
  from pg_constraint k join pg_class c on c.oid = k.conrelid
  where k.connamespace = 'public'::regnamespace and k.contype = any ($1::"char"[]) and c.relname <> 'schema_migrations'
  order by 1`;

/** An index as what it does: table, uniqueness, method, columns, condition; never by its name. */
const INDEXES = `
  select t.relname || ': ' || case when i.indisunique then 'unique ' else '' end
         || regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING ', '') as name,
         i.indpred is not null as partial, m.amname as method, not i.indimmediate as deferrable, i.indexprs is not null as computed
  from pg_index i join pg_class t on t.oid = i.indrelid join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam
  where t.relnamespace = 'public'::regnamespace and t.relname <> 'schema_migrations' and not i.indisprimary
  order by 1`;

let drawn: Client;
let migrated: Client;
const closing: (() => Promise<void>)[] = [];

/** Two databases: one made of the Prisma schema as it stands, one that went through every migration. */
beforeAll(async () => {
  const connect = async (template: string): Promise<Client> => {
    const clone = await cloneDatabase(inject("adminUrl"), template);
    const client = new Client({ connectionString: clone.url });
    await client.connect();
    closing.push(async () => {
      await client.end();
      await clone.drop();
    });
    return client;
  };
  drawn = await connect("template1");
  migrated = await connect(inject("template"));
  await drawn.query(await diffSchemas([], schemaFiles()));
});
afterAll(async () => {
  for (const close of closing) await close();
});

const both = async (query: string, values: unknown[] = []): Promise<[Row[], Row[]]> => [
  (await drawn.query<Row>(query, values)).rows,
  (await migrated.query<Row>(query, values)).rows,
];

describe("the migrated database is what the Prisma schema says", () => {
  test("table by table and column by column: type, whether it may be empty, what it is otherwise", async () => {
    const [wanted, found] = await both(COLUMNS);
    expect(wanted.length).toBeGreaterThan(100);
    expect(found).toEqual(wanted);
  });

  test("primary keys, and foreign keys with what happens when the other row goes", async () => {
    const [wanted, found] = await both(KEYS, [["p", "f"]]);
    expect(found).toEqual(wanted);
  });

  test("every index and unique key is there; what is there beyond them, Prisma cannot say", async () => {
    const [wanted, found] = await both(INDEXES);
    const drawnNames = wanted.map((row) => columnOf(row, "name"));
    const foundNames = new Set(found.map((row) => columnOf(row, "name")));
    expect(drawnNames.filter((name) => !foundNames.has(name))).toEqual([]);
    const beyond = found.filter((row) => !drawnNames.includes(columnOf(row, "name")));
    const isPlain = (row: Row) =>
      row["method"] === "btree" && !row["partial"] && !row["deferrable"] && !row["computed"];
    const sayable = beyond.filter(isPlain);
    expect(sayable.map((row) => columnOf(row, "name"))).toEqual([]);
  });
});

describe("closed sets", () => {
  const sets = [...readModels().values()].flatMap((model) =>
    model.fields.flatMap((field) =>
      field.members ? [{ name: `${model.table}.${field.column}`, members: field.members.toSorted() }] : [],
    ),
  );

  test("each set of the schema is a CHECK of the database with the same members, and each such CHECK is a set of the schema", async () => {
    const { rows } = await migrated.query<{ table: string; definition: string }>(
      `select c.relname as table, pg_get_constraintdef(k.oid) as definition
       from pg_constraint k join pg_class c on c.oid = k.conrelid where k.contype = 'c' and k.connamespace = 'public'::regnamespace`,
    );
    const checks = rows.flatMap(({ table, definition }) => {
      const [, column, list] =
        /^CHECK \(\(\(?"?(\w+)"?\)? = ANY \(\(?ARRAY\[(.*)\]\)?(?:::text\[\])?\)\)\)$/.exec(definition) ?? [];
      if (!column || !list) return [];
      return [
        {
          name: `${table}.${column}`,
          members: [...list.matchAll(/'([^']*)'/g)].map(([, member = ""]) => member).toSorted(),
        },
      ];
    });
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(sets.length).toBeGreaterThan(20);
    expect(checks.toSorted(byName)).toEqual(sets.toSorted(byName));
  });
});
