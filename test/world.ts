import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import type { Pool } from "pg";
import { TestRunner, afterAll, inject, onTestFinished } from "vitest";
import { type App, createApp } from "#server/app.ts";
import { virtualClock } from "#platform/clock.ts";
import { type Config, readConfig } from "#platform/config.ts";
import type { Actor, Context } from "#platform/context.ts";
import { type Database, openDatabase } from "#platform/database/pool.ts";
import type { ResolveIdentity } from "#platform/http/request-context.ts";
import { newId } from "#platform/ids.ts";
import { type JobFailure, drainJobs, hasReadyJobs } from "#platform/job-worker.ts";
import { drainLoops } from "#platform/loops.ts";
import { ROLE_PERMISSIONS, type Role } from "#platform/permissions.ts";
import { type TestDatabase, cloneDatabase } from "./database.ts";

/** A Monday noon in UTC, in winter: no zone changes its clocks that day. */
const START = new Date("2026-03-02T12:00:00Z");
const TEST_KEY = Buffer.alloc(32, 7).toString("base64");

type FileDatabase = { clone: TestDatabase; pool: Database };
let fileDatabase: Promise<FileDatabase> | undefined;
const open = new Set<{ close(): Promise<void> }>();

async function openFileDatabase(): Promise<FileDatabase> {
  const clone = await cloneDatabase(inject("adminUrl"), inject("template"));
  const onError = () => undefined; // Connections that the drop at the end cuts off.
  return { clone, pool: openDatabase(clone.url, { max: 10, onError }) };
}

afterAll(async () => {
  for (const world of open) await world.close();
  if (!fileDatabase) return;
  const { clone, pool } = await fileDatabase;
  fileDatabase = undefined;
  await pool.close();
  await clone.drop();
});

export type Caller = Role | "anonymous";
export type RequestOptions = { body?: unknown; as?: Caller; headers?: Record<string, string> };
export type Reply = { status: number; headers: Record<string, unknown>; body: unknown; text: string };

export type WorldOptions = { start?: Date; env?: Record<string, string> };

export type World = Awaited<ReturnType<typeof testWorld>>;

export function testConfig(databaseUrl: string, env: Record<string, string> = {}): Config {
  return readConfig({
    NODE_ENV: "test",
    DATA_DIR: join(tmpdir(), "throughline-test"),
    DATABASE_URL: databaseUrl,
    SECRET_KEY: TEST_KEY,
    LOG_LEVEL: "silent",
    SANDBOX: "allowed",
    RATE_LIMIT_PER_KEY: "0",
    RATE_LIMIT_PER_USER: "0",
    RATE_LIMIT_PER_ADDRESS: "0",
    ...env,
  });
}

/** A fresh workspace on the real server and database, with a clock of its own and sandbox vendors. Closes itself when the test ends. */
export async function testWorld(options: WorldOptions = {}) {
  const { clone, pool } = await (fileDatabase ??= openFileDatabase());
  const clock = virtualClock(options.start ?? START);
  const workspace = newId("ws");
  const roleOf = (role: Role): Actor => ({
    kind: "user",
    id: `user_${role.toLowerCase()}`,
    name: role,
    permissions: new Set(ROLE_PERMISSIONS[role]),
  });
  const resolveIdentity: ResolveIdentity = async (_runtime, headers) => {
    const role = headers.get("x-test-role");
    if (role !== "OWNER" && role !== "ADMIN" && role !== "MEMBER" && role !== "VIEWER") return null;
    const actor = roleOf(role);
    return { identity: { userId: actor.id, sessionId: "sess_test", apiKeyId: null, workspaceId: workspace }, actor };
  };
  const app: App = await createApp({
    config: testConfig(clone.url, options.env),
    databaseUrl: clone.url,
    clock,
    database: pool,
    resolveIdentity,
  });
  const { runtime, server } = app;
  const ctx: Context = runtime.contextFor(workspace, roleOf("OWNER"));
  await runtime.database.forWorkspace("").insertInto("workspaces").values({ id: workspace, name: "Test" }).execute();

  /** Turns loops and jobs until neither finds anything (jobs wake loops, loops queue jobs). Returns the jobs that failed. */
  const drainAll = async (): Promise<JobFailure[]> => {
    const failures: JobFailure[] = [];
    for (;;) {
      await drainLoops(runtime, app.loops);
      if (!(await hasReadyJobs(app.ownerPool))) return failures;
      failures.push(...(await drainJobs(runtime, app.ownerPool)));
    }
  };

  /** A failed job fails the test, unless the test says that it expects failures. */
  const drain = async (options: { failures?: "expected" } = {}): Promise<JobFailure[]> => {
    const failures = await drainAll();
    const [first] = failures;
    if (first && options.failures !== "expected")
      throw new Error(`The job ${first.job} failed: ${String(first.error)}`, { cause: first.error });
    return failures;
  };

  const nextDue = async (): Promise<Date | null> => {
    const { rows } = await sql<{ due: Date | null }>`select app_next_due() as due`.execute(ctx.db);
    return rows[0]?.due ?? null;
  };

  let closed = false;
  const world = {
    app,
    runtime,
    clock,
    ctx,
    workspace,
    drain,

    /** Lets time pass, stopping at each instant at which something is due, until `minutes` are over or the instant `to` has come. */
    async advance(by: number | { to: Date }): Promise<void> {
      const target = typeof by === "number" ? new Date(clock.now().getTime() + by * 60_000) : by.to;
      await drain();
      for (;;) {
        const due = await nextDue();
        if (!due || due > target) break;
        const now = clock.now();
        if (due > now) clock.set(due);
        await drain();
        const after = await nextDue();
        // What is due and stays due (a paused vendor, a cap) must not hold the clock.
        if (after && after <= clock.now()) break;
      }
      clock.set(target);
      await drain();
    },

    /** One HTTP request through the whole server, signed in as a role of this workspace (OWNER unless told). */
    async request(
      method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
      path: string,
      { body, as = "OWNER", headers = {} }: RequestOptions = {},
    ): Promise<Reply> {
      const url = path.startsWith("/api") || path.startsWith("/health") ? path : `/api/v1${path}`;
      const signedIn: Record<string, string> = as === "anonymous" ? {} : { "x-test-role": as };
      const json: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
      const payload = body === undefined ? undefined : JSON.stringify(body);
      const response = await server.inject({ method, url, headers: { ...json, ...signedIn, ...headers }, payload });
      const isJson = String(response.headers["content-type"] ?? "").includes("json");
      const parsed: unknown = isJson && response.body !== "" ? JSON.parse(response.body) : response.body;
      return { status: response.statusCode, headers: response.headers, body: parsed, text: response.body };
    },

    async close(): Promise<void> {
      if (closed) return;
      closed = true;
      open.delete(world);
      await forgetWorkspace(app.ownerPool, workspace);
      await app.stop();
    },
  };
  open.add(world);
  if (TestRunner.getCurrentTest()) onTestFinished(() => world.close());
  return world;
}

/** Other tests of the same file share the database: what this one left must not come due in theirs. */
async function forgetWorkspace(pool: Pool, workspace: string): Promise<void> {
  const { rows } = await pool.query<{ table: string }>(
    `select c.table_name as table from information_schema.columns c
     join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'public' and c.column_name = 'workspace_id' and t.table_type = 'BASE TABLE'`,
  );
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query("set local session_replication_role = replica");
    for (const { table } of rows) await client.query(`delete from "${table}" where workspace_id = $1`, [workspace]);
    await client.query("delete from workspaces where id = $1", [workspace]);
    await client.query("delete from graphile_worker._private_jobs where payload->>'workspaceId' = $1", [workspace]);
    await client.query("commit");
  } finally {
    client.release();
  }
}
