import { expect, test } from "vitest";
import { enroll, executionsOf, readyWorld, sequenceOf } from "#test/sequences.ts";
import { findStuck, markOf } from "./observe.ts";

test("an earlier run that came by a merge may be with its vendor while the run that goes on has its planned step", async () => {
  const world = await readyWorld();
  const { db } = world.ctx;
  const sequenceId = await sequenceOf(world, [
    { channel: "SMS", value: 0, unit: "HOURS" },
    { channel: "SMS", value: 1, unit: "DAYS" },
  ]);
  await enroll(world, sequenceId, await world.make.lead({}));
  await world.advance({ to: new Date("2026-03-02T13:30:00Z") });
  await world.drain();
  const [sent, planned] = await executionsOf(world);
  const found = async (since: string | null) =>
    (await findStuck(db, world.clock.now(), { idle: true, since })).map(({ what }) => what);
  const stuck = () => found(null);
  expect(await stuck()).toEqual([]);

  const before = await markOf(db);
  await db
    .updateTable("sequenceStepExecutions")
    .set({ status: "SCHEDULED", executedAt: null })
    .where("id", "=", sent?.id ?? "")
    .execute();
  await db
    .updateTable("messages")
    .set({ status: "unknown" })
    .where("executionId", "=", sent?.id ?? "")
    .execute();
  expect(await stuck()).toEqual(["an active enrollment has no one step that is planned or under way"]);
  expect(await found(before)).toEqual(await stuck());
  // Transactions of others on the same server, which are older than a mark, make it look further back.
  await expect.poll(async () => found(await markOf(db)), { timeout: 30_000 }).toEqual([]);
  await db.updateTable("sequenceEnrollments").set({ run: 2 }).execute();
  await db
    .updateTable("sequenceStepExecutions")
    .set({ run: 2 })
    .where("id", "=", planned?.id ?? "")
    .execute();
  expect(await stuck()).toEqual([]);
});
