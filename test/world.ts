import { join } from "node:path";
import type { Pool } from "pg";
import { TestRunner, inject, onTestFinished } from "vitest";
import { createWorkspaceWithOwner } from "#domains/accounts/index.ts";
import { virtualClock } from "#platform/clock.ts";
import { type Config, readConfig } from "#platform/config.ts";
import { type Database, openDatabase, openOwnerPool } from "#platform/database/pool.ts";
import type { Dns } from "#platform/dns.ts";
import { newToken } from "#platform/ids.ts";
import type { JobFailure } from "#platform/job-worker.ts";
import type { Role } from "#platform/permissions.ts";
import { nextDue, workUntilIdle } from "#platform/virtual-time.ts";
import { type App, type AppOptions, createApp } from "#server/app.ts";
import { type TestDatabase, cloneDatabase, forgetWorkspace } from "./database.ts";
import { makersFor } from "./make.ts";
import { actingAs, insertMember, type Person, signIn } from "./people.ts";
import { sandboxOf } from "./sandbox.ts";

/** A Monday noon in UTC, in winter: no zone changes its clocks that day. */
const START = new Date("2026-03-02T12:00:00Z");
const TEST_KEY = Buffer.alloc(32, 7).toString("base64");

type FileDatabase = { clone: TestDatabase; pool: Database; owner: Pool };
let fileDatabase: Promise<FileDatabase> | undefined;
const open = new Set<{ close(): Promise<void> }>();

/** Connections that the drop at the end cuts off. */
const ignore = () => undefined;

async function openFileDatabase(): Promise<FileDatabase> {
  const clone = await cloneDatabase(inject("adminUrl"), inject("template"));
  const owner = openOwnerPool(clone.url, { max: 10, onError: ignore });
  return { clone, owner, pool: openDatabase(clone.url, { max: 10, onError: ignore }) };
}

/** Closes what a test file has left open, and drops its database. */
export async function closeFile(): Promise<void> {
  const opened = fileDatabase;
  const worlds = [...open];
  // Files share this module: whatever becomes of this one's, the next begins with nothing.
  fileDatabase = undefined;
  open.clear();
  for (const world of worlds) await world.close();
  if (!opened) return;
  const { clone, pool, owner } = await opened;
  await pool.close();
  await owner.end();
  await clone.drop();
}

/**
 * The environment of a test: quiet, with the sandbox and without rate limits unless `env` says otherwise. Its data directory is its own: what one
 * keeps there another would take for what a process before it has left.
 */
export function testConfig(databaseUrl: string, env: Record<string, string> = {}): Config {
  return readConfig({
    NODE_ENV: "test",
    DATA_DIR: join(inject("filesDir"), newToken(9)),
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

/** The database of this test file, a copy of the migrated template: for tests that need no world. */
export async function testDatabase(): Promise<{ url: string; database: Database; owner: Pool }> {
  const opened = (fileDatabase ??= openFileDatabase());
  // A copy that could not be made is tried anew by whoever asks next.
  opened.catch(() => {
    if (fileDatabase === opened) fileDatabase = undefined;
  });
  const { clone, pool, owner } = await opened;
  return { url: clone.url, database: pool, owner };
}

/** No test asks the network's name servers. */
const NO_DNS: Dns = {
  txt: async () => ({ kind: "failed", detail: "no answer in time" }),
  mx: async () => ({ kind: "failed", detail: "no answer in time" }),
  cname: async () => ({ kind: "failed", detail: "no answer in time" }),
};

export type Caller = Role | "anonymous" | { apiKey: string };
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type RequestOptions = { body?: unknown; as?: Caller; headers?: Record<string, string> };
/** `body` is parsed JSON where the answer is JSON, else its text. */
export type Reply = { status: number; headers: Record<string, unknown>; body: unknown; text: string };

export type WorldOptions = Pick<AppOptions, "contract" | "dns" | "modules" | "providers" | "resolveIdentity"> & {
  start?: Date;
  /** Serves the built pages too: for browsers. */
  pages?: boolean;
  /** Lets the sandbox report by itself what it has delivered; else a test says what is reported. */
  receipts?: boolean;
  /** Settings over those of `testConfig`, by the names of the environment. */
  env?: Record<string, string>;
};

export type World = Awaited<ReturnType<typeof testWorld>>;

/** A fresh workspace on the real server and database, with a clock of its own and sandbox vendors. Closes itself when the test ends. */
export async function testWorld({ start = START, env, receipts = false, pages = false, ...parts }: WorldOptions = {}) {
  const { url, database, owner } = await testDatabase();
  const clock = virtualClock(start);
  const app: App = await createApp({
    config: testConfig(url, env),
    databaseUrl: url,
    clock,
    database,
    ownerPool: owner,
    dns: NO_DNS,
    // Each file of the pages is a route: a world that nobody looks at does without.
    ...(pages ? {} : { webDir: join(inject("filesDir"), "no-pages") }),
    ...parts,
  });
  const { runtime, server } = app;
  const loops = app.loops.filter(({ name }) => receipts || name !== "messaging.play-sandbox");
  const email = `owner-${newToken(9)}@example.test`.toLowerCase();
  const owned = await createWorkspaceWithOwner(runtime, {
    workspaceName: "Test workspace",
    name: "Olive Owner",
    email,
  });
  const { ctx, workspaceId: workspace } = owned;

  const people = new Map<Role, Promise<Person>>([["OWNER", Promise.resolve(owned.owner)]]);
  const personOf = (role: Role): Promise<Person> => {
    const known = people.get(role) ?? insertMember(ctx, role);
    people.set(role, known);
    return known;
  };
  const cookies = new Map<Role, Promise<string>>();
  const cookieOf = (role: Role): Promise<string> => {
    const known = cookies.get(role) ?? personOf(role).then((person) => signIn(runtime, workspace, person.id));
    cookies.set(role, known);
    return known;
  };
  const credentialsOf = async (as: Caller): Promise<Record<string, string>> => {
    if (as === "anonymous") return {};
    return typeof as === "object" ? { "x-api-key": as.apiKey } : { cookie: await cookieOf(as) };
  };

  /** Does all the work that is due. A failed job fails the test, unless it says that it expects failures, which are then returned. */
  const drain = async (options: { failures?: "expected" } = {}): Promise<JobFailure[]> => {
    const failures = await workUntilIdle(runtime, app.ownerPool, loops);
    const [first] = failures;
    if (first && options.failures !== "expected")
      throw new Error(`The job ${first.job} failed: ${String(first.error)}`, { cause: first.error });
    return failures;
  };

  let closed = false;
  const world = {
    app,
    runtime,
    clock,
    /** Acts as the workspace's owner. */
    ctx,
    workspace,
    owner: owned.owner,
    make: makersFor(ctx),
    sandbox: sandboxOf(ctx),
    drain,

    /** A context that acts as a member of that role. */
    as: async (role: Role) => actingAs(ctx, await personOf(role), role),

    /** The Cookie header of a member of that role, for servers that listen. */
    cookieOf,

    /** Lets time pass, stopping at each instant at which something is due, until `minutes` are over or the instant `to` has come. */
    advance: async (by: number | { to: Date }): Promise<void> => {
      const target = typeof by === "number" ? new Date(clock.now().getTime() + by * 60_000) : by.to;
      await drain();
      for (let due = await nextDue(ctx); due && due <= target; due = await nextDue(ctx)) {
        // What is due and stays due (a paused vendor, a used-up budget) must not hold the clock: look again a minute later.
        const next = Math.max(due.getTime(), clock.now().getTime() + (due <= clock.now() ? 60_000 : 0));
        if (next > target.getTime()) break;
        clock.set(new Date(next));
        await drain();
      }
      clock.set(target);
      await drain();
    },

    /** One HTTP request through the whole server, signed in as a role of this workspace (OWNER unless told). `/leads` means `/api/v1/leads`. */
    request: async (
      method: Method,
      path: string,
      { body, as = "OWNER", headers = {} }: RequestOptions = {},
    ): Promise<Reply> => {
      const isPlain = /^\/(api|health|problems|metrics|webhooks|u|l|o)(\/|$)/.test(path);
      const json: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
      const response = await server.inject({
        method,
        url: isPlain ? path : `/api/v1${path}`,
        headers: { ...json, ...(await credentialsOf(as)), ...headers },
        payload: body === undefined ? undefined : JSON.stringify(body),
      });
      const isJson = response.headers["content-type"]?.includes("json") ?? false;
      const parsed: unknown = isJson && response.body !== "" ? JSON.parse(response.body) : response.body;
      return { status: response.statusCode, headers: response.headers, body: parsed, text: response.body };
    },

    /** Listens on a port of its own and returns the address: for browsers and streams. */
    listen: (): Promise<string> => server.listen({ host: "127.0.0.1", port: 0 }),

    close: async (): Promise<void> => {
      if (closed) return;
      closed = true;
      open.delete(world);
      // First what may still be working on its rows.
      await app.stop();
      await forgetWorkspace(owner, workspace);
    },
  };
  open.add(world);
  if (TestRunner.getCurrentTest()) onTestFinished(() => world.close());
  return world;
}
