import { once } from "node:events";
import { expect, test } from "vitest";
import { z } from "zod";
import { LEASE_MS } from "#domains/messaging/index.ts";
import { seedDueSms } from "#test/due-sms.ts";
import { freePort, start, startWorker, temporaryDir } from "#test/processes.ts";
import { executionsOf, messagesOf, readyWorld } from "#test/sequences.ts";
import { connectTwilio, until } from "#test/vendors.ts";
import { testDatabase } from "#test/world.ts";

test("four processors in two processes send 500 due steps with exactly 500 requests, 500 attempts and 500 next executions", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  const workers = await Promise.all([startWorker(world, { processors: 2 }), startWorker(world, { processors: 2 })]);
  const at = world.clock.now();
  await seedDueSms(world.app.ownerPool, { workspace: world.workspace, count: 500, at, hasNext: true });
  await until(async () => (await executionsOf(world)).filter(({ status }) => status === "SENT").length === 500);
  for (const worker of workers) worker.kill("SIGKILL");
  await world.drain();

  expect(vendor.taken).toHaveLength(500);
  expect(new Set(vendor.taken.map(({ to }) => to)).size).toBe(500);
  const messages = await messagesOf(world);
  expect(messages).toHaveLength(500);
  expect(messages.filter(({ status, tries }) => status !== "sent" || tries !== 1)).toEqual([]);
  expect(await world.ctx.db.selectFrom("contactAttempts").select("id").execute()).toHaveLength(500);
  const next = (await executionsOf(world)).filter(({ stepOrder }) => stepOrder === 1);
  expect(next).toHaveLength(500);
  expect(new Set(next.map(({ leadId }) => leadId)).size).toBe(500);
});

test("of a claim of 200, killed after 40 recorded sends, the rest goes out after its lease and none twice; what was with the vendor is UNKNOWN", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  vendor.answer((one, index) => (index < 40 ? vendor.accept(one, index) : "hang"));
  const { clock } = world;
  await seedDueSms(world.app.ownerPool, { workspace: world.workspace, count: 200, at: clock.now() });
  const worker = await startWorker(world);
  const withStatus = async (status: "sent" | "sending" | "queued" | "unknown"): Promise<number> => {
    const { count } = await world.ctx.db
      .selectFrom("messages")
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .where("status", "=", status)
      .executeTakeFirstOrThrow();
    return count;
  };
  const hanging = () => vendor.taken.length - 40;
  const isAtItsMiddle = async () => {
    const [sent, sending, queued] = [await withStatus("sent"), await withStatus("sending"), await withStatus("queued")];
    // Killed only when the whole claim is prepared and the vendor has every request that was begun: what dies between the row and the request
    // never reaches it.
    return sent === 40 && sent + sending + queued === 200 && hanging() > 0 && sending === hanging();
  };
  await until(isAtItsMiddle);
  worker.kill("SIGKILL");
  await once(worker, "exit");
  const inFlight = await withStatus("sending");
  const claimed = await withStatus("queued");
  expect([await withStatus("sent"), 40 + inFlight + claimed]).toEqual([40, 200]);

  vendor.answer(vendor.accept);
  clock.advance(LEASE_MS / 2);
  await world.drain();
  expect(vendor.taken.length).toBeLessThanOrEqual(40 + inFlight);
  clock.advance(LEASE_MS);
  await world.drain();
  expect(await withStatus("sent")).toBe(40 + claimed);
  clock.advance(24 * 60 * 60_000);
  await world.drain();
  expect(await withStatus("unknown")).toBe(inFlight);
  expect(await withStatus("sent")).toBe(40 + claimed);
  expect(vendor.taken).toHaveLength(200);
  expect(new Set(vendor.taken.map(({ to }) => to)).size).toBe(200);
  expect(new Set(vendor.taken.map(({ messageId }) => messageId)).size).toBe(200);
});

test("forty creates of one e-mail over two processes make one lead: forty equal ids, once 201 and 39 times 200", async () => {
  const world = await readyWorld();
  const key = z
    .object({ key: z.string() })
    .parse((await world.request("POST", "/api-keys", { body: { name: "Intake", scopes: ["leads:write"] } })).body).key;
  const { url } = await testDatabase();
  const SECRET_KEY = world.runtime.config.secretKey.toString("base64");
  const servers = await Promise.all(
    [await freePort(), await freePort()].map(async (port) => {
      const env = { DATA_DIR: await temporaryDir(), PORT: String(port), DATABASE_URL: url, SECRET_KEY, ROLE: "web" };
      await start(env).until(/is running at/);
      return `http://127.0.0.1:${port}`;
    }),
  );
  const create = (address: string) =>
    fetch(`${address}/api/v1/leads`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": key },
      body: JSON.stringify({ email: "ana.banerjee@example.com", firstName: "Ana" }),
    });
  const replies = await Promise.all(Array.from({ length: 40 }, (_, place) => create(servers[place % 2] ?? "")));
  const shown = z.object({ id: z.string() });
  const ids = await Promise.all(replies.map(async (reply) => shown.parse(await reply.json()).id));
  expect(replies.map(({ status }) => status).toSorted((a, b) => b - a)).toEqual([
    201,
    ...Array.from({ length: 39 }, () => 200),
  ]);
  expect(new Set(ids).size).toBe(1);
  expect(await world.ctx.db.selectFrom("leads").select("id").execute()).toEqual([{ id: ids[0] }]);
}, 60_000);
