import { randomInt } from "node:crypto";
import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Client } from "pg";
import { expect, inject, test } from "vitest";
import { writeDurably } from "#platform/durable-file.ts";
import { newId } from "#platform/ids.ts";
import { testConfig } from "#test/world.ts";
import { readArguments, replayCommand } from "./arguments.ts";
import { simulateInvented } from "./invented.ts";
import { openScratch } from "./scratch.ts";

const server = () => ({
  databaseUrl: inject("adminUrl"),
  template: inject("template"),
  dataDir: testConfig(inject("adminUrl")).dataDir,
});
const SMALL = { leads: 20, days: 3, faults: true, check: "stop" } as const;

test("with a seed of the day, through faults of vendors and deaths of the process, no rule is broken and every row is settled", async () => {
  const seed = randomInt(2 ** 31);
  const run = await simulateInvented({ ...SMALL, seed }, server());
  expect(run.violations, `again: ${replayCommand({ ...SMALL, seed, seeds: 1 }, seed)}`).toEqual([]);
  expect(run.touches.length).toBeGreaterThan(0);
}, 120_000);

test("a seed replays exactly: the same hand-overs, answers and deaths at the same instants, and no rule is broken", async () => {
  const asked = { ...SMALL, seed: 10, start: new Date("2026-03-25T09:00Z") };
  const first = await simulateInvented(asked, server());
  const again = await simulateInvented(asked, server());
  expect(again.digest).toBe(first.digest);
  expect([again.stops, again.deaths, again.answers.length]).toEqual([first.stops, first.deaths, first.answers.length]);
  expect(first.deaths).toBeGreaterThan(0);
  expect([...first.violations, ...again.violations]).toEqual([]);
}, 120_000);

test("what the product keeps on its disk for people who are real is not touched by a run beside it", async () => {
  const beside = server();
  const kept = ["kept-requests", "clicks"].map((dir) => join(beside.dataDir, dir, `inb_0.${newId("ws")}.json`));
  for (const path of kept) await writeDurably(path, JSON.stringify({ kind: "unsubscribe", token: "a token" }));
  await simulateInvented({ ...SMALL, seed: 3, leads: 2, days: 1 }, beside);
  for (const path of kept) expect(await readdir(dirname(path))).toEqual([basename(path)]);
  expect(await readdir(beside.dataDir)).toEqual(["clicks", "kept-requests"]);
});

test("a broken rule is found, with its instant, its lead and what it was", async () => {
  const run = await simulateInvented(
    {
      ...SMALL,
      seed: 7,
      faults: false,
      leads: 10,
      days: 3,
      distort: (touch) => ({ ...touch, at: new Date("2026-03-08T03:30Z") }),
    },
    server(),
  );
  const [first] = run.violations;
  expect(first?.lead).toMatch(/^person \d+$/);
  expect(run.violations.map(({ what }) => what)).toContainEqual(expect.stringContaining("outside the window"));
});

test("what a killed simulation has left behind is dropped before the next, and one that is under way is not", async () => {
  const { databaseUrl, template } = server();
  const left = `throughline_simulation_${"0".repeat(12)}_${randomInt(2 ** 31).toString(16)}`;
  const admin = new Client({ connectionString: databaseUrl });
  await admin.connect();
  const names = async () =>
    (await admin.query<{ name: string }>("select datname as name from pg_database")).rows.map(({ name }) => name);
  try {
    await admin.query(`create database ${left}`);
    const first = await openScratch(databaseUrl, { template });
    const second = await openScratch(databaseUrl, { template });
    const now = await names();
    expect(now).not.toContain(left);
    for (const { url } of [first, second]) expect(now).toContain(new URL(url).pathname.slice(1));
    await first.drop();
    await second.drop();
    const after = await names();
    for (const { url } of [first, second]) expect(after).not.toContain(new URL(url).pathname.slice(1));
  } finally {
    await admin.end();
  }
});

test("a migrated database is kept between simulations, one for each state of the migrations", async () => {
  const { databaseUrl } = server();
  const admin = new Client({ connectionString: databaseUrl });
  await admin.connect();
  const kept = async () =>
    (
      await admin.query<{ name: string; id: string }>(
        "select datname as name, oid::text as id from pg_database where datname like 'throughline\\_simulation\\_template\\_%'",
      )
    ).rows;
  try {
    await admin.query("create database throughline_simulation_template_of_another_version");
    const both = await Promise.all([openScratch(databaseUrl), openScratch(databaseUrl)]);
    const bare = await openScratch(databaseUrl, { isBare: true });
    const names = (await kept()).map(({ name }) => name).toSorted();
    expect(names).toEqual([expect.stringMatching(/_[0-9a-f]{16}$/), expect.stringMatching(/_[0-9a-f]{16}_bare$/)]);
    const before = await kept();
    const third = await openScratch(databaseUrl);
    expect(await kept()).toEqual(before);
    for (const { url } of [...both, bare, third]) {
      const client = new Client({ connectionString: url });
      await client.connect();
      const { rows } = await client.query<{ there: boolean }>("select to_regclass('leads') is not null as there");
      await client.end();
      expect(rows).toEqual([{ there: true }]);
    }
    for (const scratch of [...both, bare, third]) await scratch.drop();
  } finally {
    await admin.end();
  }
});

test("an owner who may create no database is told so in one sentence", async () => {
  const admin = new Client({ connectionString: inject("adminUrl") });
  await admin.connect();
  const role = `poor_${randomInt(2 ** 31)}`;
  try {
    await admin.query(`create role ${role} login password 'poor'`);
    const url = new URL(inject("adminUrl"));
    [url.username, url.password] = [role, "poor"];
    await expect(openScratch(url.toString())).rejects.toThrow(
      /may not create one: grant it with ALTER ROLE … CREATEDB\.$/,
    );
  } finally {
    await admin.query(`drop role if exists ${role}`).finally(() => admin.end());
  }
});

test("the command line says what is wrong with it, and repeats a run", () => {
  expect(readArguments(["--help"])).toBe("help");
  expect(readArguments(["--seed", "7", "--leads", "10", "--faults"])).toMatchObject({
    seed: 7,
    leads: 10,
    days: 30,
    faults: true,
  });
  expect(() => readArguments(["--leads", "many"])).toThrow(/--leads/);
  expect(() => readArguments(["--laeds", "7"])).toThrow(/laeds/);
  const options = readArguments(["--seed", "7", "--seeds", "3", "--faults", "--start", "2026-03-04T15:00Z"]);
  if (options === "help") throw new Error("Nobody asked for help.");
  expect(replayCommand(options, 9)).toBe(
    "npm run simulate -- --seed 9 --leads 400 --days 30 --start 2026-03-04T15:00:00.000Z --faults",
  );
});
