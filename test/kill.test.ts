import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { dice } from "#domains/leads/test-volume.ts";
import { elapsed } from "#platform/clock.ts";
import { connectIntegration } from "#platform/integrations/commands/connect.ts";
import { portOf } from "#providers/test-stub.ts";
import { seedDueSms } from "./due-sms.ts";
import { startWorker } from "./processes.ts";
import { testWorld } from "./world.ts";

const EXECUTIONS = 5_000;
const KILLS = 25;
/** Batches of one workspace under way at once, and calls of each at the vendor at once. */
const LANES = 3;
const CONCURRENCY = 128;
/** A chunk of each lane, and what the queue claims at once: none beyond these may be with the vendor, or not yet recorded, when a process dies. */
const UNRECORDED = LANES * CONCURRENCY + 100;
/** More than the lease of a prepared message (60 s): the next process finds what the dead one left. */
const BETWEEN_LIVES_MS = 61_000;

type Taken = { messageId: string; to: string };

/** A vendor that keeps what it was given, and answers after a few milliseconds. It cannot say what became of a message when it is asked. */
async function startVendor(random: () => number) {
  const taken: Taken[] = [];
  const waiting = new Set<{ at: number; done: () => void }>();
  const server = createServer((request, response) => {
    if (request.method !== "POST") {
      response.writeHead(503).end();
      return;
    }
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      const form = new URLSearchParams(body);
      const callback = new URL(form.get("StatusCallback") ?? "http://none.invalid/");
      const place = taken.push({ messageId: callback.searchParams.get("messageId") ?? "", to: form.get("To") ?? "" });
      for (const one of waiting) if (taken.length >= one.at) one.done();
      setTimeout(
        () => {
          response.writeHead(201, { "content-type": "application/json" });
          response.end(JSON.stringify({ sid: `SM${place}`, status: "queued", price: null }));
        },
        1 + random() * 8,
      );
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  /** Resolves when `more` requests have come since now. */
  const after = (more: number) =>
    new Promise<void>((done) => {
      const one = { at: taken.length + more, done: () => waiting.delete(one) && done() };
      if (more === 0) done();
      else waiting.add(one);
    });
  return { taken, after, baseUrl: `http://127.0.0.1:${portOf(server)}` };
}

test("a worker killed at 25 random instants sends 5,000 messages, none twice and none lost", async () => {
  const seed = randomInt(2 ** 31);
  const random = dice(seed);
  const begun = elapsed();
  process.stdout.write(`kill.test: seed ${seed}\n`);
  const world = await testWorld();
  const { ownerPool } = world.app;
  const vendor = await startVendor(random);
  await connectIntegration(world.runtime, world.ctx, {
    provider: "twilio",
    credentials: {
      accountSid: `AC${"0".repeat(32)}`,
      authToken: "a token",
      fromNumber: "+12125550100",
      baseUrl: vendor.baseUrl,
    },
  });
  await seedDueSms(ownerPool, { workspace: world.workspace, count: EXECUTIONS, at: world.clock.now() });

  const count = async (statement: string, more: unknown[] = []): Promise<number> => {
    const { rows } = await ownerPool.query<{ n: number }>(statement, [world.workspace, ...more]);
    return Number(rows[0]?.n);
  };
  const openWork = () =>
    count(
      `select (select count(*) from sequence_step_executions where workspace_id = $1 and status = 'SCHEDULED' and scheduled_at is not null)
            + (select count(*) from messages where workspace_id = $1 and status = 'queued') as n`,
    );

  let kills = 0;
  let mostUnrecorded = 0;
  let clock = world.clock.now();
  while ((await openWork()) > 0) {
    clock = new Date(clock.getTime() + BETWEEN_LIVES_MS);
    const child = await startWorker(world, { at: clock });
    const exited = once(child, "exit");
    if (kills < KILLS) {
      // Half of the instants by time, from the first claim on; half by the vendor's count, and a moment later: answers, records.
      if (random() < 0.5) await sleep(random() * 300);
      else
        await Promise.race([vendor.after(1 + Math.floor(random() * 150)), sleep(5_000)]).then(() =>
          sleep(random() * 40),
        );
    } else {
      const until = elapsed() + 30_000;
      while ((await openWork()) > 0 && elapsed() < until) await sleep(50);
    }
    child.kill("SIGKILL");
    await exited;
    kills++;
    const unrecorded = await count(
      "select count(*) as n from messages where workspace_id = $1 and status = 'sending' and handed_at >= $2",
      [clock],
    );
    mostUnrecorded = Math.max(mostUnrecorded, unrecorded);
  }
  world.clock.set(new Date(clock.getTime() + 600_000));
  await world.drain();

  const note = `seed ${seed}`;
  const { rows } = await ownerPool.query<{
    execution: string;
    message: string;
    to: string;
    state: string;
    status: string;
  }>(
    `select e.id as execution, e.status as state, m.id as message, m.status, m."to" from sequence_step_executions e
     left join messages m on m.execution_id = e.id where e.workspace_id = $1`,
    [world.workspace],
  );
  const taken = new Set(vendor.taken.map(({ messageId }) => messageId));
  const unknown = rows.filter(({ status }) => status === "unknown");
  process.stdout.write(
    `kill.test: ${kills} kills, ${taken.size} taken by the vendor, ${unknown.length} unknown (${unknown.filter(({ message }) => !taken.has(message)).length} of them never reached it), at most ${mostUnrecorded} unrecorded at a kill, ${Math.round((elapsed() - begun) / 1_000)} s\n`,
  );

  expect(kills, note).toBeGreaterThanOrEqual(KILLS);
  expect(vendor.taken.length - taken.size, `${note}: messages sent twice`).toBe(0);
  expect(vendor.taken.length - new Set(vendor.taken.map(({ to }) => to)).size, `${note}: people sent to twice`).toBe(0);
  expect(rows, `${note}: one message for each execution`).toHaveLength(EXECUTIONS);
  expect(new Set(rows.map(({ execution }) => execution)).size, note).toBe(EXECUTIONS);
  expect(
    rows.filter(({ state, status }) => !(state === "SENT" && status === "sent") && status !== "unknown"),
    `${note}: executions without an end`,
  ).toEqual([]);
  expect(
    rows.filter(({ message, status }) => status === "sent" && !taken.has(message)),
    `${note}: called sent, but never sent`,
  ).toEqual([]);
  const known = new Set(rows.map(({ message }) => message));
  expect(
    [...taken].filter((messageId) => !known.has(messageId)),
    `${note}: sent without a row`,
  ).toEqual([]);
  expect(unknown.length, note).toBeLessThanOrEqual(kills * LANES * CONCURRENCY);
  expect(mostUnrecorded, note).toBeLessThanOrEqual(UNRECORDED);
}, 600_000);
