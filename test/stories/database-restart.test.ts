import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { createWorkspaceWithOwner, updateSettings } from "#domains/accounts/index.ts";
import { upsertLeads } from "#domains/leads/index.ts";
import { LEASE_MS } from "#domains/messaging/index.ts";
import { rowOf } from "#domains/leads/test-leads.ts";
import { dice } from "#domains/leads/test-volume.ts";
import { virtualClock } from "#platform/clock.ts";
import { startEmbedded } from "#platform/database/embedded.ts";
import { migrate } from "#platform/database/migrate.ts";
import { migrateQueue } from "#platform/job-worker.ts";
import { createApp } from "#server/app.ts";
import { temporaryDir } from "#test/processes.ts";
import { enroll, messagesOf, sequenceOf } from "#test/sequences.ts";
import { type Place, type Posted, connectTwilio, post, twilioStatus, twilioText, until } from "#test/vendors.ts";
import { testConfig } from "#test/world.ts";

const LEADS = 60;
/** How often a vendor that got no 200 asks again. */
const AGAIN_MS = 50;

/** A world on a database server of its own, which writes to disk as faithfully as in production. */
async function placeToBreak(): Promise<Place> {
  const dataDir = await temporaryDir();
  const server = await startEmbedded(dataDir);
  onTestFinished(() => server.stop());
  await migrate(server.url);
  const clock = virtualClock(new Date("2026-03-02T12:00:00Z"));
  const app = await createApp({ config: testConfig(server.url), databaseUrl: server.url, clock });
  onTestFinished(() => app.stop());
  await migrateQueue(app.ownerPool);
  const { ctx, workspaceId } = await createWorkspaceWithOwner(app.runtime, {
    workspaceName: "Test workspace",
    name: "Olive Owner",
    email: "olive@example.test",
  });
  return { app, runtime: app.runtime, ctx, workspace: workspaceId, clock };
}

test("webhooks that come in a burst, repeated and in disorder, while the database crashes and restarts, count once each", async () => {
  const place = await placeToBreak();
  const { app, ctx } = place;
  const { ownerPool } = app;
  await updateSettings(ctx, { smsPerMinute: 1_000 });
  const vendor = await connectTwilio(place);
  const rows = Array.from({ length: LEADS }, (_, at) =>
    rowOf({ phone: `+4915112345${100 + at}`, firstName: "Ada", country: "DE" }),
  );
  const leads = await upsertLeads(ctx, rows, { policy: "fill" });
  const sequenceId = await sequenceOf(place, [
    { channel: "SMS", value: 0, unit: "HOURS" },
    { channel: "SMS", value: 2, unit: "DAYS" },
  ]);
  await enroll(place, sequenceId, ...leads.map(({ leadId }) => ({ id: leadId })));
  await app.start();
  const count = async (statement: string) =>
    Number((await ownerPool.query<{ n: number }>(`select count(*)::int as n from ${statement}`)).rows[0]?.n);
  await until(async () => (await count("messages where status = 'sent'")) === LEADS);
  const sent = await messagesOf(place);

  // Of each touch: sent, delivered; of every third person an answer, of every third a STOP. All of it three times, shuffled.
  const random = dice(11);
  const texts = sent.flatMap(({ to }, at) =>
    at % 3 === 0 ? [] : [{ sid: `IN${at}`, from: to, body: at % 3 === 1 ? "Tell me more" : "STOP" }],
  );
  const statuses = sent.flatMap(({ id, providerRef }) =>
    ["sent", "delivered"].map((status) => ({ sid: providerRef ?? "", messageId: id, status })),
  );
  const once: Posted[] = [
    ...texts.map((text) => twilioText(place, text)),
    ...statuses.map((about) => twilioStatus(place, about)),
  ];
  const all = [...once, ...once, ...once]
    .map((posted) => ({ posted, order: random() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ posted }) => posted);

  let refused = 0;
  let done = 0;
  const deliver = async (queue: readonly Posted[]) => {
    for (const posted of queue) {
      while ((await post(place, posted)) !== 200) {
        refused++;
        await sleep(AGAIN_MS);
      }
      done++;
    }
  };
  const burst = Promise.all(
    Array.from({ length: 20 }, (_, lane) => deliver(all.filter((_posted, at) => at % 20 === lane))),
  );
  await until(() => done > all.length / 3);
  // One killed process of the database makes it end all others, recover from its log, and begin again.
  const [victim] = (await ownerPool.query<{ pid: number }>("select pg_backend_pid() as pid")).rows;
  if (!victim) throw new Error("The database has no process.");
  process.kill(victim.pid, "SIGKILL");
  await burst;
  expect(refused).toBeGreaterThan(0);
  expect(done).toBe(all.length);

  const [replies, stops] = [
    texts.filter(({ body }) => body !== "STOP").length,
    texts.filter(({ body }) => body === "STOP").length,
  ];
  await until(async () => (await count("inbound_events where status <> 'processed'")) === 0);
  expect(await count("inbound_events")).toBe(once.length);
  expect(await count("messages where direction = 'inbound'")).toBe(texts.length);
  expect(await count("events where type = 'messaging.message-received'")).toBe(texts.length);
  expect(await count("messages where purpose = 'sequence' and status = 'delivered'")).toBe(LEADS);
  expect(await count("events where type = 'messaging.message-delivered'")).toBe(LEADS);
  expect(await count("suppressions")).toBe(stops);
  // A STOP takes up no talk: their status is left as it was.
  expect(await count("leads where status = 'IN_PROGRESS'")).toBe(replies);
  expect(await count("sequence_enrollments where status = 'CANCELLED'")).toBe(replies + stops);
  // Each STOP is confirmed once. One that the crash met between its lease and its hand-over is taken up when the lease is over.
  place.clock.advance(LEASE_MS);
  await until(() => vendor.taken.length >= LEADS + stops);
  expect(new Set(vendor.taken.map(({ messageId }) => messageId)).size).toBe(LEADS + stops);
  expect(vendor.taken).toHaveLength(LEADS + stops);
}, 120_000);
