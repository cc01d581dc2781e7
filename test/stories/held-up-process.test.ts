import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { handOver } from "#domains/messaging/commands/hand-over.ts";
import { holdInbound } from "#domains/messaging/queries/inbound.ts";
import { inTransaction } from "#platform/context.ts";
import { isDatabaseAway } from "#platform/database/faults.ts";
import { openDatabase } from "#platform/database/pool.ts";
import { seedDueSms } from "#test/due-sms.ts";
import { preparedText } from "#test/one-off.ts";
import { startWorker } from "#test/processes.ts";
import { messagesOf, readyWorld } from "#test/sequences.ts";
import { type Answer, connectTwilio, until } from "#test/vendors.ts";
import { testDatabase } from "#test/world.ts";

const MINUTE_MS = 60_000;

test("a process that was held up between its judgement and the hand-over sends nothing that others have put off to the morning since", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  const lead = await world.make.lead({ phone: "+12125550142", country: "US", timeZone: "America/New_York" });
  // Three seconds before the sending hours end.
  world.clock.set(new Date("2026-03-02T22:59:57Z"));
  const { message, around } = await preparedText(world, lead.id, { waitsInQueue: true });

  // It stands still; another takes the message up, when its lease is over, and finds that it is late.
  await world.advance({ to: new Date(world.clock.now().getTime() + 2 * MINUTE_MS) });
  const [waiting] = await messagesOf(world);
  expect(waiting).toMatchObject({ status: "queued" });
  expect(waiting?.dueAt?.getTime()).toBeGreaterThan(world.clock.now().getTime() + 60 * MINUTE_MS);

  await handOver(world.ctx, [message], around);
  expect(vendor.taken).toEqual([]);
  expect(await messagesOf(world)).toMatchObject([{ status: "queued", dueAt: waiting?.dueAt }]);
});

test("a process that stands still in the middle of a transaction does not keep what it holds, and its work is done again", async () => {
  const world = await readyWorld();
  const { url } = await testDatabase();
  const still = openDatabase(url, { max: 1, onError: () => undefined, idleInTransactionMs: 100 });
  onTestFinished(() => still.close());
  const theirs = { ...world.ctx, db: still.forWorkspace(world.workspace) };
  let holds = false;
  const standing = inTransaction(theirs, async (tx) => {
    expect(await holdInbound(tx)).toBe(true);
    holds = true;
    await sleep(400);
    return holdInbound(tx);
  });
  const ended = standing.then(
    () => null,
    (error: unknown) => error,
  );
  await until(() => holds);
  expect(await inTransaction(world.ctx, (tx) => holdInbound(tx))).toBe(false);
  await until(() => inTransaction(world.ctx, (tx) => holdInbound(tx)));
  expect(isDatabaseAway(await ended)).toBe(true);
  // The next connection is a new one.
  expect(await inTransaction(theirs, (tx) => holdInbound(tx))).toBe(true);
});

test("two processes whose clocks are four seconds apart, one of which stands still while its vendor answers, send each message once", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  const held = Promise.withResolvers<void>();
  vendor.answer(async (one, index): Promise<Answer> => {
    await held.promise;
    return vendor.accept(one, index);
  });
  const skewed = (ms: number) => startWorker(world, { at: new Date(world.clock.now().getTime() + ms) });
  const [ahead, behind] = await Promise.all([skewed(2_000), skewed(-2_000)]);
  await seedDueSms(world.app.ownerPool, { workspace: world.workspace, count: 300, at: world.clock.now() });
  await until(() => vendor.taken.length >= 100);
  // Whichever has them: the one stands still while the vendor answers both.
  ahead.kill("SIGSTOP");
  held.resolve();
  await sleep(1_500);
  ahead.kill("SIGCONT");
  await until(async () => (await messagesOf(world)).filter(({ status }) => status === "sent").length === 300);
  for (const worker of [ahead, behind]) worker.kill("SIGKILL");
  expect(vendor.taken).toHaveLength(300);
  expect(new Set(vendor.taken.map(({ to }) => to)).size).toBe(300);
  expect((await messagesOf(world)).filter(({ tries }) => tries !== 1)).toEqual([]);
});
