import { onTestFinished, expect, test } from "vitest";
import { z } from "zod";
import { type World, testWorld } from "#test/world.ts";
import { inTransaction } from "./context.ts";
import { tendLeases } from "./job-leases.ts";
import { drainJobs, startJobWorker } from "./job-worker.ts";
import { defineJob, enqueue, enqueueMany, handleJob } from "./jobs.ts";

const ran: string[] = [];
const greet = defineJob("test.greet-person", z.object({ name: z.string() }));
handleJob(greet, async (ctx, { name }) => {
  if (name === "Mallory") throw new Error("not you");
  ran.push(`${ctx.workspace} ${ctx.actor.id} ${name}`);
});

const greeted = (world: World) =>
  ran.filter((line) => line.startsWith(world.workspace)).map((line) => line.split(" ").at(-1));

test("a job runs in the workspace that asked for it, as our own work", async () => {
  const world = await testWorld();
  await enqueue(world.ctx, greet, { name: "Ada" });
  await world.drain();
  expect(ran).toContain(`${world.workspace} test.greet-person Ada`);
});

test("a job exists if and only if the change that asked for it was committed", async () => {
  const world = await testWorld();
  await inTransaction(world.ctx, async (tx) => {
    await enqueue(tx, greet, { name: "Nobody" });
    throw new Error("undone");
  }).catch(() => undefined);
  await inTransaction(world.ctx, (tx) => enqueueMany(tx, greet, [{ name: "Ada" }, { name: "Grace" }]));
  await world.drain();
  expect(new Set(greeted(world))).toEqual(new Set(["Ada", "Grace"]));
});

test("jobs of one key become one, and a key belongs to its workspace", async () => {
  const [here, there] = [await testWorld(), await testWorld()];
  for (const name of ["first", "second", "third"]) await enqueue(here.ctx, greet, { name }, { key: "k" });
  await enqueue(there.ctx, greet, { name: "other" }, { key: "k" });
  await here.drain();
  expect(greeted(here)).toEqual(["third"]);
  expect(greeted(there)).toEqual(["other"]);
});

test("a job that fails stays, can be seen and is tried again on request", async () => {
  const world = await testWorld();
  await enqueue(world.ctx, greet, { name: "Mallory" });
  const [failure] = await world.drain({ failures: "expected" });
  expect(failure).toMatchObject({ job: "test.greet-person" });
  const list = () => world.request("GET", "/jobs?state=retrying");
  const before = z
    .object({ data: z.array(z.object({ id: z.string(), lastError: z.string(), attempts: z.int() })) })
    .parse((await list()).body);
  expect(before.data).toMatchObject([{ attempts: 1, lastError: "not you" }]);
  const id = before.data[0]?.id ?? "";
  expect(await world.request("POST", `/jobs/${id}/retry`, { as: "MEMBER" })).toMatchObject({ status: 403 });
  expect(await world.request("POST", `/jobs/${id}/retry`)).toMatchObject({ status: 204 });
  expect(await world.drain({ failures: "expected" })).toHaveLength(1);
});

test("nobody sees or retries another workspace's jobs", async () => {
  const [here, there] = [await testWorld(), await testWorld()];
  await enqueue(here.ctx, greet, { name: "Mallory" });
  await drainJobs(here.runtime, here.app.ownerPool);
  const { data } = z
    .object({ data: z.array(z.object({ id: z.string() })) })
    .parse((await here.request("GET", "/jobs")).body);
  expect(await there.request("GET", "/jobs")).toMatchObject({ body: { data: [] } });
  expect(await there.request("POST", `/jobs/${data[0]?.id}/retry`)).toMatchObject({ status: 404 });
});

test("the list of jobs pages without gaps", async () => {
  const world = await testWorld();
  await enqueueMany(
    world.ctx,
    greet,
    ["a", "b", "c", "d", "e"].map((name) => ({ name })),
  );
  const page = z.object({
    data: z.array(z.object({ id: z.string(), state: z.string() })),
    next_cursor: z.string().nullable(),
  });
  const first = page.parse((await world.request("GET", "/jobs?limit=3")).body);
  const second = page.parse((await world.request("GET", `/jobs?limit=3&cursor=${first.next_cursor}`)).body);
  expect([...first.data, ...second.data]).toHaveLength(5);
  expect(new Set([...first.data, ...second.data].map((job) => job.id)).size).toBe(5);
  expect(second.next_cursor).toBeNull();
});

test("jobs in the hands of a process that was killed are free again after a minute, those of a living one are not", async () => {
  const world = await testWorld();
  const pool = world.app.ownerPool;
  await enqueueMany(
    world.ctx,
    greet,
    ["Ada", "Grace"].map((name) => ({ name })),
  );
  const hold = (owner: string, name: string) =>
    pool.query(
      `update graphile_worker._private_jobs set locked_by = $1, locked_at = now() - interval '2 minutes'
       where payload::text like '%' || $2 || '%' and payload::text like '%' || $3 || '%'`,
      [owner, name, world.workspace],
    );
  await hold("pool-dead", "Ada");
  await hold("pool-alive", "Grace");
  await world.drain();
  expect(greeted(world)).toEqual([]);
  await tendLeases(pool, ["pool-alive"]);
  await world.drain();
  expect(greeted(world)).toEqual(["Ada"]);
});

test("a worker takes up jobs by itself, and comes back when the database has cut it off", async () => {
  const world = await testWorld();
  const worker = startJobWorker(world.runtime, world.app.ownerPool, 2);
  onTestFinished(() => worker.stop());
  await enqueue(world.ctx, greet, { name: "Ada" });
  await expect.poll(() => greeted(world), { timeout: 10_000 }).toEqual(["Ada"]);
  await world.app.ownerPool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'throughline-owner' and pid <> pg_backend_pid()",
  );
  await enqueue(world.ctx, greet, { name: "Grace" });
  await expect.poll(() => greeted(world), { timeout: 20_000 }).toEqual(["Ada", "Grace"]);
});
