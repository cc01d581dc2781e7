import { inject, onTestFinished, describe, expect, test } from "vitest";
import { z } from "zod";
import { openDatabase, openOwnerPool } from "#platform/database/pool.ts";
import { defineJob, handleJob } from "#platform/jobs.ts";
import { cloneDatabase } from "#test/database.ts";
import { testConfig } from "#test/world.ts";
import { createApp } from "./app.ts";
import { BootError, checkCode, checkMigrations, checkSecretKey, checkTenancy } from "./boot-checks.ts";
import { testContract } from "./platform/http/test-operations.ts";

const ignore = () => undefined;

/** A database that the test may spoil. */
async function ownDatabase() {
  const clone = await cloneDatabase(inject("adminUrl"), inject("template"));
  const owner = openOwnerPool(clone.url, { max: 2, onError: ignore });
  const database = openDatabase(clone.url, { max: 2, onError: ignore });
  onTestFinished(async () => {
    await database.close();
    await owner.end();
    await clone.drop();
  });
  return { url: clone.url, owner, database };
}

describe("tenancy", () => {
  test("the migrated database keeps workspaces apart, with rows in it", async () => {
    const { owner, database } = await ownDatabase();
    await owner.query("insert into workspaces (id, name) values ('ws_1', 'One')");
    await owner.query("insert into tags (id, workspace_id, name, name_key) values ('tag_1', 'ws_1', 'A', 'a')");
    expect(await checkTenancy(owner, database)).toEqual([]);
    expect(await database.forWorkspace("").selectFrom("tags").selectAll().execute()).toEqual([]);
    expect(await database.forWorkspace("ws_2").selectFrom("tags").selectAll().execute()).toEqual([]);
    expect(await database.forWorkspace("ws_1").selectFrom("tags").selectAll().execute()).toHaveLength(1);
  });

  test("a table without forced row-level security stops the start", async () => {
    const { owner, database } = await ownDatabase();
    await owner.query("alter table tags no force row level security");
    await owner.query("create table notes (id text primary key, workspace_id text not null)");
    expect(await checkTenancy(owner, database)).toEqual([
      "The table notes does not force row-level security.",
      "The table tags does not force row-level security.",
    ]);
  });

  test("a table that forgot its workspace stops the start", async () => {
    const { owner, database } = await ownDatabase();
    await owner.query("create table notes (id text primary key)");
    expect(await checkTenancy(owner, database)).toContain("The table notes has no workspace_id.");
  });

  test("a policy that lets everybody in is found by looking, not by reading it", async () => {
    const { owner, database } = await ownDatabase();
    await owner.query("insert into tags (id, workspace_id, name, name_key) values ('tag_1', 'ws_1', 'A', 'a')");
    await owner.query("create policy everybody on tags to throughline_runtime using (true)");
    expect(await checkTenancy(owner, database)).toEqual(["Rows of tags are visible without a workspace."]);
  });
});

describe("migrations", () => {
  test("a migrated database has none pending; one behind names what is missing", async () => {
    const { owner } = await ownDatabase();
    expect(await checkMigrations(owner)).toEqual([]);
    await owner.query("delete from schema_migrations where name like '0002%'");
    expect(await checkMigrations(owner)).toEqual(["The migration 0002_rules is not applied. Run npm run db:migrate."]);
    await owner.query("drop table schema_migrations");
    expect(await checkMigrations(owner)).toEqual(["The database is empty. Run npm run db:migrate."]);
  });

  test("a process that finds one pending does not start", async () => {
    const { url, owner } = await ownDatabase();
    await owner.query("delete from schema_migrations where name like '0002%'");
    const app = await createApp({ config: testConfig(url), databaseUrl: url });
    onTestFinished(() => app.stop());
    await expect(app.start()).rejects.toThrow(/0002_rules is not applied/);
  });
});

describe("code", () => {
  test("a job without a handler stops the start, and two handlers are refused at once", () => {
    const job = defineJob("test.forgotten-job", z.object({}));
    expect(checkCode([])).toEqual(["The job test.forgotten-job has no handler."]);
    handleJob(job, async () => undefined);
    expect(checkCode([])).toEqual([]);
    expect(() => handleJob(job, async () => undefined)).toThrow("two handlers");
    expect(() => defineJob("test.forgotten-job", z.object({}))).toThrow("defined twice");
  });

  test("two loops of one name are refused", () => {
    expect(checkCode([{ name: "a" }, { name: "a" }])).toEqual(["Two loops are called a."]);
  });

  test("an operation without an implementation stops the start", async () => {
    const { url } = await ownDatabase();
    const started = createApp({ config: testConfig(url), databaseUrl: url, contract: testContract, modules: [] });
    await expect(started).rejects.toThrow(BootError);
    await expect(started).rejects.toThrow("things.make has no implementation");
  });
});

describe("the secret key", () => {
  const [former, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];

  test("may be changed as long as nobody was erased", async () => {
    const { owner } = await ownDatabase();
    for (const key of [former, former, other, former]) expect(await checkSecretKey(owner, key)).toEqual([]);
  });

  test("that is another than the one under which people were erased stops the start, with one sentence", async () => {
    const { owner } = await ownDatabase();
    expect(await checkSecretKey(owner, former)).toEqual([]);
    await owner.query(
      "insert into lead_erasures (id, workspace_id, lead_id, reason, actor_kind, erased_at) values ('ers_1', 'ws_1', 'lead_1', 'asked', 'user', now())",
    );
    expect(await checkSecretKey(owner, former)).toEqual([]);
    expect(await checkSecretKey(owner, other)).toEqual([
      "SECRET_KEY is not the one that this database was used with: under another key the 1 erased person could be written to again. Start with the former key.",
    ]);
    expect(await checkSecretKey(owner, former)).toEqual([]);
  });
});
