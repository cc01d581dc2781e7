import type { FastifyInstance, FastifyRequest } from "fastify";
import { sql } from "kysely";
import type { Pool } from "pg";
import { isSameText } from "../crypto.ts";
import { readMigrations } from "../database/migrate.ts";
import type { JobWorker } from "../job-worker.ts";
import type { LoopStatus } from "../loops.ts";
import { keeperOf } from "../kept-requests.ts";
import { keptRequests, metrics, oldestDueAge, queueDepth } from "../metrics.ts";
import { NotFound } from "../problems.ts";
import type { Runtime } from "../runtime.ts";

/** A loop that is this late is stuck: its turns are bounded batches of a second or so. */
const STUCK_AFTER_MS = 60_000;
const DATABASE_TIMEOUT_MS = 2_000;

/** What this process works on beside requests; undefined where its role does not. */
export type WorkStatus = { worker: JobWorker | undefined; loops: LoopStatus[] };

type Check = { ok: boolean; detail?: string };

async function checkDatabase(pool: Pool): Promise<Check> {
  const timeout = new Promise<Check>((done) => {
    setTimeout(() => done({ ok: false, detail: "does not answer" }), DATABASE_TIMEOUT_MS).unref();
  });
  const asked = pool.query("select 1").then(
    (): Check => ({ ok: true }),
    (): Check => ({ ok: false, detail: "cannot be reached" }),
  );
  return Promise.race([asked, timeout]);
}

async function checkMigrations(pool: Pool): Promise<Check> {
  const wanted = await readMigrations();
  const { rows } = await pool.query<{ name: string }>("select name from schema_migrations");
  const done = new Set(rows.map((row) => row.name));
  const missing = wanted.filter((migration) => !done.has(migration.name));
  return missing.length === 0 ? { ok: true } : { ok: false, detail: `${missing.length} not applied` };
}

export function checkLoops(now: Date, { worker, loops }: WorkStatus): Check {
  const stuck = loops.filter(
    ({ lastTurnAt, everyMs }) => lastTurnAt !== null && now.getTime() - lastTurnAt.getTime() > everyMs + STUCK_AFTER_MS,
  );
  if (stuck.length > 0) return { ok: false, detail: `stuck: ${stuck.map((loop) => loop.name).join(", ")}` };
  return worker && !worker.isAlive() ? { ok: false, detail: "the job worker is not running" } : { ok: true };
}

/** What is set aside waits for a person and is told here; the process serves all the same. */
async function tellKept(runtime: Runtime): Promise<Check> {
  const count = await keeperOf(runtime).count();
  if (!count) return { ok: false, detail: "what is kept cannot be listed, and nothing is sent until it can" };
  const told = [
    ...(count.waiting > 0 ? [`${count.waiting} wait to be done`] : []),
    ...(count.setAside > 0 ? [`${count.setAside} could not be done and are set aside: the log says why`] : []),
  ];
  return told.length === 0 ? { ok: true } : { ok: true, detail: told.join("; ") };
}

/** `/health/live`: the process answers. `/health/ready`: send it work. `/metrics`: figures for Prometheus. */
export function serveHealth(server: FastifyInstance, runtime: Runtime, ownerPool: Pool, work: () => WorkStatus): void {
  server.get("/health/live", async () => ({ status: "ok" }));
  server.get("/health/ready", async (_request, reply) => {
    const database = await checkDatabase(ownerPool);
    const migrations = database.ok ? await checkMigrations(ownerPool) : { ok: false, detail: "not known" };
    const checks = {
      database,
      migrations,
      work: checkLoops(runtime.clock.now(), work()),
      kept: await tellKept(runtime),
    };
    const ready = Object.values(checks).every((check) => check.ok);
    return reply.status(ready ? 200 : 503).send({ status: ready ? "ok" : "unavailable", checks });
  });
  server.get("/metrics", async (request, reply) => {
    refuseStranger(request, runtime.config.metricsToken);
    await readGauges(runtime, ownerPool);
    return reply.type(metrics.contentType).send(await metrics.metrics());
  });
}

/** Figures are for the operator: with the token, or without one from this machine itself (a proxy on it betrays itself by its header). */
function refuseStranger(request: FastifyRequest, token: string | undefined): void {
  const isLocal =
    ["127.0.0.1", "::1", "::ffff:127.0.0.1"].includes(request.ip) && request.headers["x-forwarded-for"] === undefined;
  const allowed = token ? isSameText(request.headers.authorization ?? "", `Bearer ${token}`) : isLocal;
  if (!allowed) throw NotFound("There is no such address here.");
}

async function readGauges(runtime: Runtime, pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ state: string; jobs: number }>(
    `select state, count(*)::int as jobs from (
       select case when locked_at is not null then 'running' when attempts >= max_attempts then 'failed'
                   when last_error is not null then 'retrying' else 'ready' end as state
       from graphile_worker._private_jobs) as job group by state`,
  );
  const kept = await keeperOf(runtime).count();
  keptRequests.set({ state: "waiting" }, kept?.waiting ?? 0);
  keptRequests.set({ state: "set_aside" }, kept?.setAside ?? 0);
  const counts = new Map(rows.map((row) => [row.state, row.jobs]));
  for (const state of ["ready", "running", "retrying", "failed"]) queueDepth.set({ state }, counts.get(state) ?? 0);
  const due = await sql<{ due: Date | null }>`select app_next_due() as due`.execute(runtime.database.forWorkspace(""));
  const oldest = due.rows[0]?.due;
  oldestDueAge.set(oldest ? Math.max(0, (runtime.clock.now().getTime() - oldest.getTime()) / 1_000) : 0);
}
