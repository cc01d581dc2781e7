import { expect, test } from "vitest";
import { getWorkspaceSettings } from "#domains/accounts/index.ts";
import { inTransaction } from "#platform/context.ts";
import { type World, testWorld } from "#test/world.ts";
import { createSender } from "../commands/create-sender.ts";
import { removeSender } from "../commands/move-sender.ts";
import { openPool, returnPlaces } from "./pool.ts";

const addSender = (world: World, name: string, limits: { perDay: number; perMinute: number; hasRamp?: boolean }) =>
  createSender(world.ctx, {
    channel: "SMS",
    address: name,
    displayName: "",
    integrationId: null,
    takesNew: true,
    hasRamp: false,
    dkimSelector: null,
    ...limits,
  });

/** One batch, as a process plans it: takes up to so many places and writes them. Answers how many it got. */
async function batch(world: World, count: number, leads: readonly (string | null)[] = []): Promise<number> {
  const settings = await getWorkspaceSettings(world.ctx);
  const wanting = Array.from({ length: count }, (_, place) => ({
    leadId: leads[place] ?? null,
    channel: "SMS" as const,
  }));
  return inTransaction(world.ctx, async (tx) => {
    const pool = await openPool(tx, wanting, { settings, providers: new Map() });
    const assigned = pool?.assign(wanting) ?? [];
    await pool?.book(tx);
    return assigned.filter(({ kind }) => kind === "sender").length;
  });
}

test("however many batches run at once, no sender's day or minute is overrun, and nothing is withheld while there is some left", async () => {
  const world = await testWorld();
  await addSender(world, "+12125550101", { perDay: 50, perMinute: 30 });
  await addSender(world, "+12125550102", { perDay: 20, perMinute: 30 });
  const together = async (sizes: readonly number[]) =>
    (await Promise.all(sizes.map((size) => batch(world, size)))).reduce((sum, one) => sum + one, 0);
  expect(await together([3, 9, 1, 4])).toBe(17);
  // 30 of the first's minute and 20 of the second's day, with what was taken before.
  expect(await together([20, 20, 20, 20, 20])).toBe(50 - 17);
  world.clock.advance(60_000);
  expect(await together([20, 20])).toBe(20);
  world.clock.advance(60_000);
  expect(await together([5])).toBe(0);
  const rows = await world.ctx.db.selectFrom("senderDays").select("used").orderBy("used").execute();
  expect(rows).toEqual([{ used: 20 }, { used: 50 }]);
});

test("a place that is given back is there for the next", async () => {
  const world = await testWorld();
  const id = await addSender(world, "+12125550101", { perDay: 2, perMinute: 2 });
  expect(await batch(world, 3)).toBe(2);
  const { day } = await world.ctx.db.selectFrom("senderDays").select("day").executeTakeFirstOrThrow();
  await returnPlaces(world.ctx, [{ id, address: "", displayName: "", day }]);
  expect(await batch(world, 3)).toBe(1);
});

test("a lead whose sender is removed gets another, and keeps that", async () => {
  const world = await testWorld();
  const first = await addSender(world, "+12125550101", { perDay: 9, perMinute: 9 });
  const lead = await world.make.lead();
  expect(await batch(world, 1, [lead.id])).toBe(1);
  const second = await addSender(world, "+12125550102", { perDay: 9, perMinute: 9 });
  const keeps = async () =>
    (await world.ctx.db.selectFrom("leadSenders").select("senderId").executeTakeFirst())?.senderId;
  await batch(world, 1, [lead.id]);
  expect(await keeps()).toBe(first);
  await removeSender(world.ctx, first);
  expect(await keeps()).toBeUndefined();
  await batch(world, 1, [lead.id]);
  expect(await keeps()).toBe(second);
});

test("a workspace without senders has no pool, and is asked for no more than that", async () => {
  const world = await testWorld();
  expect(await batch(world, 5)).toBe(0);
  expect(await world.ctx.db.selectFrom("senderDays").select("day").execute()).toEqual([]);
});

test("a thread begun for two messages of a batch keeps its sender when one of them stays behind, and is forgotten when both do", async () => {
  const world = await testWorld();
  await addSender(world, "+12125550101", { perDay: 9, perMinute: 9 });
  const leads = [await world.make.lead(), await world.make.lead()];
  const settings = await getWorkspaceSettings(world.ctx);
  const wanting = leads.flatMap(({ id }) => [
    { leadId: id, channel: "SMS" as const },
    { leadId: id, channel: "SMS" as const },
  ]);
  await inTransaction(world.ctx, async (tx) => {
    const pool = await openPool(tx, wanting, { settings, providers: new Map() });
    const assigned = pool?.assign(wanting) ?? [];
    for (const place of [0, 2, 3]) {
      const [one, answer] = [wanting[place], assigned[place]];
      if (one && answer?.kind === "sender") pool?.release(one, answer.sender);
    }
    await pool?.book(tx);
  });
  const kept = await world.ctx.db.selectFrom("leadSenders").select("leadId").execute();
  expect(kept).toEqual([{ leadId: leads[0]?.id }]);
  expect(await world.ctx.db.selectFrom("senderDays").select("used").execute()).toEqual([{ used: 1 }]);
});
