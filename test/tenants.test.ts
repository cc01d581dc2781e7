import { expect, inject, onTestFinished, test } from "vitest";
import { sql } from "kysely";
import { MOST_WORKSPACES, openDatabase, openOwnerPool } from "#platform/database/pool.ts";
import { cloneDatabase } from "./database.ts";

/** Connections that the drop at the end cuts off. */
const ignore = () => undefined;

const [HERE, THERE] = ["ws_here", "ws_there"];
/** They say who somebody is before a workspace is chosen, and are read by accounts alone, which names the workspace in each statement. */
const READ_BEFORE_A_WORKSPACE = ["api_keys", "invitations", "memberships"];
/** A value of each type that columns have, different for each workspace. */
const VALUES: Record<string, (workspace: string) => string> = {
  text: (workspace) => `'${workspace}'`,
  timestamptz: () => "now()",
  date: () => "now()",
  jsonb: () => "'{}'",
  bool: () => "false",
  int4: () => "1",
  int8: () => "1",
  float8: () => "1",
  numeric: () => "1",
  _text: () => "'{}'",
  bytea: () => "''",
};

type Column = { table: string; column: string; type: string; mayBeEmpty: boolean };

/** A database of its own with one row of each workspace in every table that has a `workspace_id`. */
async function filledDatabase() {
  const clone = await cloneDatabase(inject("adminUrl"), inject("template"));
  const owner = openOwnerPool(clone.url, { max: 1, onError: ignore });
  const database = openDatabase(clone.url, { max: 1, onError: ignore });
  onTestFinished(async () => {
    await database.close();
    await owner.end();
    await clone.drop();
  });
  const { rows: columns } = await owner.query<Column>(
    `select c.relname as table, a.attname as column, t.typname as type, not a.attnotnull or a.atthasdef as "mayBeEmpty"
     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped
       and a.attgenerated = '' and exists (select from pg_attribute w where w.attrelid = c.oid and w.attname = 'workspace_id')
     order by c.relname, a.attnum`,
  );
  // The rows need only be there: what they may hold and point at is not asked.
  const { rows: checks } = await owner.query<{ table: string; name: string }>(
    `select conrelid::regclass::text as table, conname as name from pg_constraint where contype = 'c' and connamespace = 'public'::regnamespace and conrelid <> 0`,
  );
  for (const { table, name } of checks) await owner.query(`alter table ${table} drop constraint "${name}"`);
  await owner.query("set session_replication_role = replica");
  const tables = [...Map.groupBy(columns, ({ table }) => table)];
  for (const workspace of [HERE, THERE]) {
    await owner.query("insert into workspaces (id, name) values ($1, $1)", [workspace]);
    for (const [table, all] of tables) {
      const needed = all.filter(({ mayBeEmpty, column }) => !mayBeEmpty || column === "workspace_id");
      const values = needed.map(({ column, type }) => {
        const value = VALUES[type];
        if (!value) throw new Error(`No value is known for ${table}.${column} of type ${type}.`);
        return column === "workspace_id" ? `'${workspace}'` : value(workspace);
      });
      const names = needed.map(({ column }) => `"${column}"`);
      await owner.query(`insert into "${table}" (${names.join(", ")}) values (${values.join(", ")})`);
    }
  }
  await owner.query("reset session_replication_role");
  const names = tables.map(([table]) => table);
  expect(names).toEqual(expect.arrayContaining(READ_BEFORE_A_WORKSPACE));
  return { database, tables: names.filter((table) => !READ_BEFORE_A_WORKSPACE.includes(table)) };
}

test("every table with rows of two workspaces shows none without a workspace, and each workspace its own alone", async () => {
  const { database, tables } = await filledDatabase();
  expect(tables.length).toBeGreaterThan(25);
  const seen = async (workspace: string, table: string) => {
    const db = database.forWorkspace(workspace).withoutPlugins();
    const { rows } = await sql<{ workspace_id: string }>`select workspace_id from ${sql.table(table)}`.execute(db);
    return rows.map(({ workspace_id }) => workspace_id);
  };
  for (const table of tables) {
    expect(await seen("", table), `${table} without a workspace`).toEqual([]);
    expect(await seen("ws_nobody", table), `${table} of nobody`).toEqual([]);
    expect(await seen(HERE, table), table).toEqual([HERE]);
    expect(await seen(THERE, table), table).toEqual([THERE]);
  }
});

test("no statement of one workspace changes, takes or adds a row of another, in any table", async () => {
  const { database, tables } = await filledDatabase();
  const db = database.forWorkspace(HERE).withoutPlugins();
  const there = database.forWorkspace(THERE).withoutPlugins();
  for (const table of tables) {
    const name = sql.table(table);
    const attempts = [
      sql`update ${name} set workspace_id = workspace_id where workspace_id = ${THERE}`,
      sql`delete from ${name} where workspace_id = ${THERE}`,
    ];
    for (const attempt of attempts) {
      // A table may be closed to a whole kind of statement: that is as good.
      const touched = await attempt.execute(db).then(
        ({ numAffectedRows }) => Number(numAffectedRows ?? 0),
        (error: unknown) =>
          String(error).includes("permission denied") ? 0 : expect.fail(`${table}: ${String(error)}`),
      );
      expect(touched, table).toBe(0);
    }
    const smuggled = sql`update ${name} set workspace_id = ${THERE}`.execute(db);
    await expect(smuggled, table).rejects.toThrow(/row-level security|permission denied/);
    const { rows } = await sql`select from ${name}`.execute(there);
    expect(rows, table).toHaveLength(1);
  }
});

test("however many workspaces are named, a bounded number of views of the database is kept, and one that made room is made again", async () => {
  const { database } = await filledDatabase();
  const here = database.forWorkspace(HERE);
  expect(database.forWorkspace(HERE)).toBe(here);
  for (let count = 0; count < MOST_WORKSPACES; count += 1) database.forWorkspace(`ws_${count}`);
  const again = database.forWorkspace(HERE);
  expect(again).not.toBe(here);
  const rows = await again.selectFrom("tags").select("workspaceId").execute();
  expect([...new Set(rows.map(({ workspaceId }) => workspaceId))]).toEqual([HERE]);
});
