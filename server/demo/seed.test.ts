import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, type QueryResultRow } from "pg";
import { expect, inject, onTestFinished, test } from "vitest";
import { virtualClock } from "#platform/clock.ts";
import { createApp } from "#server/app.ts";
import { cloneDatabase } from "#test/database.ts";
import { testConfig } from "#test/world.ts";
import { seedDemo } from "./seed.ts";

/** An empty database, and the eyes of its owner, who sees the one workspace that comes to be in it. */
async function emptyDatabase() {
  const clone = await cloneDatabase(inject("adminUrl"), inject("template"));
  const { url } = clone;
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(async () => {
    await client.end();
    await clone.drop();
  });
  const read = async <Row extends QueryResultRow>(query: string): Promise<Row[]> => {
    await client.query("select set_config('app.workspace_id', coalesce((select min(id) from workspaces), ''), false)");
    return (await client.query<Row>(query)).rows;
  };
  const count = async (from: string): Promise<number> => {
    const [row] = await read<{ n: number }>(`select count(*)::int as n from ${from}`);
    return row?.n ?? 0;
  };
  const values = async (query: string): Promise<string[]> =>
    (await read<Record<string, string>>(query)).map((row) => Object.values(row).join(" "));
  return { url, config: testConfig(url), read, count, values };
}

/** A whole demo, whatever the hour at which it was made. */
async function expectWhole({ count, values }: Awaited<ReturnType<typeof emptyDatabase>>) {
  expect(await count("workspaces")).toBe(1);
  expect(await count("leads")).toBe(20);
  expect(await values("select name from campaigns order by name")).toEqual([
    "Holiday",
    "Re-engagement",
    "Spring Outreach",
  ]);
  expect(await values("select distinct type from scripts order by 1")).toEqual(["CALL", "EMAIL", "SMS"]);
  expect(await count("contact_attempts")).toBeGreaterThanOrEqual(16);
  expect(await values("select provider from integration_configs order by 1")).toEqual(["sandbox-sms", "sandbox-voice"]);
  expect(await count("memberships")).toBe(2);
}

test("at any hour of any day the demo has people, touches and answers of every kind, and nothing that leaves the machine", async () => {
  for (const now of ["2026-03-11T15:00:00Z", "2026-11-01T06:30:00Z"]) {
    const database = await emptyDatabase();
    const { url: databaseUrl, config, count, values } = database;
    const present = virtualClock(new Date(now));
    expect(await seedDemo({ config, databaseUrl, clock: present })).toMatchObject({
      email: "demo@throughline.example",
    });
    await expectWhole(database);

    expect(await values("select distinct status from leads order by 1")).toEqual([
      "CONTACTED",
      "CONVERTED",
      "IN_PROGRESS",
      "LOST",
      "NEW",
    ]);
    expect(await values("select distinct source from leads order by 1")).toEqual(["API", "MANUAL", "META"]);
    expect(await values("select distinct status from contact_attempts order by 1")).toEqual([
      "FAILED",
      "NO_ANSWER",
      "SUCCESS",
      "UNKNOWN",
    ]);
    expect(await values("select distinct status from sequence_enrollments order by 1")).toEqual([
      "ACTIVE",
      "CANCELLED",
      "COMPLETED",
      "CONVERTED",
      "PAUSED",
    ]);
    expect(await values("select distinct reason from suppressions order by 1")).toEqual([
      "HARD_BOUNCE",
      "MANUAL",
      "STOP_REPLY",
    ]);
    expect(await values("select status, faulty_count from import_jobs")).toEqual(["COMPLETED 2"]);
    expect(await values("select status from merge_proposals")).toEqual(["OPEN"]);
    expect(await values("select type from custom_fields order by 1")).toEqual(["date", "number", "select"]);
    expect(await count("lead_field_values")).toBeGreaterThan(3);
    expect(await values("select name, submitted_count, created_count from intake_sources")).toEqual([
      "Website form 2 1",
    ]);
    expect(await count("consent_records")).toBeGreaterThan(0);
    expect(await values("select status from simulations")).toEqual(["QUEUED"]);
    expect(await count("invitations where accepted_at is null")).toBe(1);
    expect(await count("contact_attempts where transcript is not null")).toBe(1);
    expect(await count("messages where direction = 'inbound'")).toBeGreaterThanOrEqual(5);
    expect(await count("lead_tags")).toBeGreaterThan(2);

    expect(await values("select distinct provider from messages where provider not like 'sandbox-%'")).toEqual([]);
    expect(await count(`messages where created_at > '${now}' or sent_at > '${now}'`)).toBe(0);
    expect(await count("(select distinct sent_at::date from messages where direction = 'outbound') d")).toBeGreaterThan(
      5,
    );
    const nextWeek = `between '${now}' and '${now}'::timestamptz + interval '7 days'`;
    expect(
      await count(`sequence_step_executions where status = 'SCHEDULED' and scheduled_at ${nextWeek}`),
    ).toBeGreaterThan(2);
    expect(await count(`messages where sent_at > '${now}'::timestamptz - interval '30 minutes'`)).toBeGreaterThan(1);
    expect(await count("graphile_worker._private_jobs")).toBe(0);
  }
}, 240_000);

test("a second start changes nothing, and the login that is told works", async () => {
  const { url: databaseUrl, config, count } = await emptyDatabase();
  const login = await seedDemo({ config, databaseUrl });
  const events = await count("events");
  expect(await seedDemo({ config, databaseUrl })).toBeNull();
  expect(await count("events")).toBe(events);

  const app = await createApp({ config, databaseUrl });
  onTestFinished(() => app.stop());
  const { host, origin } = new URL(config.publicUrl);
  const answer = await app.server.inject({
    method: "POST",
    url: "/api/auth/sign-in/email",
    headers: { host, origin, "content-type": "application/json" },
    payload: JSON.stringify(login),
  });
  expect(answer.statusCode, answer.body).toBe(200);
});

test("a demo whose process was killed is made anew at the next start, and two starts at once make one", async () => {
  const database = await emptyDatabase();
  const { url: databaseUrl, config, count } = database;
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, "test-process.ts"), databaseUrl, config.dataDir, config.secretKey.toString("base64")],
    { stdio: "inherit" },
  );
  const ended = once(child, "exit");
  while (child.exitCode === null && (await count("messages where direction = 'inbound'")) === 0) await sleep(5);
  child.kill("SIGKILL");
  await ended;
  expect(await count("leads")).toBeGreaterThan(0);
  expect(await count("accounts where password is null")).toBe(1);

  const logins = await Promise.all([seedDemo({ config, databaseUrl }), seedDemo({ config, databaseUrl })]);
  expect(logins.filter((login) => login !== null)).toHaveLength(1);
  await expectWhole(database);
  expect(await count("users")).toBe(2);
});

test("without a sandbox there is no demo: its messages would have nowhere to go", async () => {
  const { url: databaseUrl, count } = await emptyDatabase();
  expect(await seedDemo({ config: testConfig(databaseUrl, { SANDBOX: "off" }), databaseUrl })).toBeNull();
  expect(await count("workspaces")).toBe(0);
});
