import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inTransaction } from "#platform/context.ts";
import { testWorld } from "#test/world.ts";
import { type BudgetLease, minuteOf, openLease } from "./budget.ts";
import { reserveBudget } from "./queries/facts.ts";

const LIMIT = 10_000;
const perMinute = () => LIMIT;

/** A sender as `judge` is one: takes what was reserved ahead, and the rest from the row, in a transaction of its own. */
async function send(world: Awaited<ReturnType<typeof testWorld>>, lease: BudgetLease | null, wanted: number) {
  await lease?.refill(world.ctx, perMinute);
  return inTransaction(world.ctx, async (tx) => {
    const minute = minuteOf(tx.now());
    const ahead = lease?.take("SMS", minute, wanted) ?? 0;
    const missing = wanted - ahead;
    return ahead + (missing > 0 ? await reserveBudget(tx, "SMS", minute, missing, LIMIT) : 0);
  });
}

describe("a channel's minute, reserved ahead", () => {
  test("however many processes and senders there are, no more is granted than the minute holds", async () => {
    const world = await testWorld();
    const sender = fc.record({ process: fc.integer({ min: 0, max: 3 }), wanted: fc.integer({ min: 1, max: 1_500 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(sender, { minLength: 1, maxLength: 25 }), async (senders) => {
        world.clock.advance(60_000);
        // The first process reserves nothing ahead.
        const leases = [null, openLease(), openLease(), openLease()];
        const granted = await Promise.all(
          senders.map(({ process, wanted }) => send(world, leases[process] ?? null, wanted)),
        );
        for (const lease of leases) await lease?.giveBack(world.ctx);
        const used = granted.reduce((sum, one) => sum + one, 0);
        const rest = await send(world, null, LIMIT);
        const asked = senders.reduce((sum, { wanted }) => sum + wanted, 0);
        expect(used + rest).toBeLessThanOrEqual(LIMIT);
        // Nothing is withheld from anybody while there is enough for all.
        if (asked <= LIMIT / 2) expect(used).toBe(asked);
      }),
      { numRuns: 25 },
    );
  });

  test("what was reserved and not used is there for others afterwards", async () => {
    const world = await testWorld();
    const lease = openLease();
    expect(await send(world, lease, 300)).toBe(300);
    expect(await send(world, lease, 100)).toBe(100);
    await lease.giveBack(world.ctx);
    expect(await send(world, null, LIMIT)).toBe(LIMIT - 400);
  });

  test("what was reserved for a minute is worth nothing in the next", async () => {
    const world = await testWorld();
    const lease = openLease();
    await send(world, lease, 300);
    await lease.refill(world.ctx, perMinute);
    world.clock.advance(60_000);
    expect(lease.take("SMS", minuteOf(world.ctx.now()), 10)).toBe(0);
  });

  test("a small minute is not reserved ahead: other processes would find nothing left", async () => {
    const world = await testWorld();
    const lease = openLease();
    lease.take("SMS", minuteOf(world.ctx.now()), 50);
    await lease.refill(world.ctx, () => 600);
    expect(lease.take("SMS", minuteOf(world.ctx.now()), 50)).toBe(0);
  });
});
