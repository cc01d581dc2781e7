import { Client } from "pg";
import { expect, inject, onTestFinished, test } from "vitest";
import { cloneDatabase } from "#test/database.ts";
import { sha256 } from "../ids.ts";
import { type Migration, MigrationError, migrate, readMigrations } from "./migrate.ts";

const migration = (name: string, sql: string): Migration => ({ name, sql, hash: sha256(sql) });
const FIRST = migration("0001_notes", "create table notes (id text primary key)");
const SECOND = migration(
  "0002_more",
  "alter table notes add column text text not null default ''; insert into notes values ('a', 'b')",
);

async function emptyDatabase() {
  const clone = await cloneDatabase(inject("adminUrl"), "template1");
  const client = new Client({ connectionString: clone.url });
  await client.connect();
  onTestFinished(async () => {
    await client.end();
    await clone.drop();
  });
  return { url: clone.url, client };
}

test("migrations are applied once each, in order, and data written in between is kept", async () => {
  const { url, client } = await emptyDatabase();
  expect(await migrate(url, [FIRST])).toEqual(["0001_notes"]);
  await client.query("insert into notes values ('old')");
  expect(await migrate(url, [FIRST, SECOND])).toEqual(["0002_more"]);
  expect(await migrate(url, [FIRST, SECOND])).toEqual([]);
  expect((await client.query("select id, text from notes order by id")).rows).toEqual([
    { id: "a", text: "b" },
    { id: "old", text: "" },
  ]);
});

test("of ten processes that start at once one migrates, and all go on", async () => {
  const { url } = await emptyDatabase();
  const applied = await Promise.all(Array.from({ length: 10 }, () => migrate(url, [FIRST, SECOND])));
  expect(applied.flat()).toEqual(["0001_notes", "0002_more"]);
});

test("a migration that fails leaves nothing behind and says which it was", async () => {
  const { url, client } = await emptyDatabase();
  const broken = migration("0002_broken", "create table half (id text); select no_such_function()");
  await expect(migrate(url, [FIRST, broken])).rejects.toThrow(
    /^Migration 0002_broken failed and was rolled back: function no_such_function/,
  );
  expect((await client.query("select to_regclass('half') as half, to_regclass('notes') as notes")).rows).toEqual([
    { half: null, notes: "notes" },
  ]);
  expect(await migrate(url, [FIRST, SECOND])).toEqual(["0002_more"]);
});

test("a database of a newer version, or of a file that was edited since, is refused", async () => {
  const { url } = await emptyDatabase();
  await migrate(url, [FIRST, SECOND]);
  await expect(migrate(url, [FIRST])).rejects.toThrow(MigrationError);
  await expect(migrate(url, [FIRST])).rejects.toThrow("holds migration 0002_more, which this version does not know");
  await expect(migrate(url, [FIRST, migration("0002_more", "select 1")])).rejects.toThrow(
    "has changed since it was applied",
  );
});

test("the migrations of this version are numbered without a gap", async () => {
  const names = (await readMigrations()).map(({ name }) => name);
  expect(names.length).toBeGreaterThan(1);
  expect(names.map((name) => Number(name.slice(0, 4)))).toEqual(names.map((_name, at) => at + 1));
});
