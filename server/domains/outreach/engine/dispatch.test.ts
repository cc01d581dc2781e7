import { expect, test } from "vitest";
import { updateSettings } from "#domains/accounts/index.ts";
import { seedDueSms } from "#test/due-sms.ts";
import { testWorld } from "#test/world.ts";
import { inTransaction } from "#platform/context.ts";
import { claimDue } from "../queries/engine.ts";
import { dispatchLoop } from "./dispatch.ts";

test("ten due in one workspace go out while thousands are due in another", async () => {
  const large = await testWorld();
  const small = await testWorld();
  const at = large.clock.now();
  await seedDueSms(large.app.ownerPool, { workspace: large.workspace, count: 3_000, at });
  await seedDueSms(large.app.ownerPool, { workspace: small.workspace, count: 10, at });

  while (await dispatchLoop.turn(large.runtime));

  const { rows } = await large.app.ownerPool.query<{ workspace: string; status: string }>(
    "select workspace_id as workspace, status from messages where workspace_id = any($1) order by id",
    [[large.workspace, small.workspace]],
  );
  expect(rows.filter(({ status }) => status === "sent")).toHaveLength(3_010);
  // Ids follow the order in which the messages were made: no more than two batches of each lane came before the last of the ten.
  const last = rows.findLastIndex(({ workspace }) => workspace === small.workspace);
  expect(last).toBeLessThan(10 + 2 * 3 * 256);
}, 60_000);

test("a backlog far over the channel's minute is spread over the minutes to come, not judged anew in each of them", async () => {
  const world = await testWorld();
  const due = 3_000;
  await seedDueSms(world.app.ownerPool, { workspace: world.workspace, count: due, at: world.clock.now() });
  await updateSettings(world.ctx, { smsPerMinute: 60 });
  while (await dispatchLoop.turn(world.runtime));

  const planned = async () => {
    const { rows } = await world.app.ownerPool.query<{ minute: Date; count: number }>(
      `select date_trunc('minute', scheduled_at) as minute, count(*)::int as count from sequence_step_executions
       where workspace_id = $1 and status = 'SCHEDULED' and scheduled_at is not null group by 1 order by 1`,
      [world.workspace],
    );
    return rows;
  };
  const sent = async () => {
    const { rows } = await world.app.ownerPool.query<{ count: number }>(
      "select count(*)::int as count from messages where workspace_id = $1 and status = 'sent'",
      [world.workspace],
    );
    return rows[0]?.count ?? 0;
  };
  expect(await sent()).toBe(60);
  const minutes = await planned();
  expect(minutes.reduce((sum, { count }) => sum + count, 0)).toBe(due - 60);
  expect(minutes.length).toBeGreaterThan(30);
  expect(Math.max(...minutes.map(({ count }) => count))).toBeLessThan(due / 4);

  world.clock.set(new Date(world.clock.now().getTime() + 60_000));
  while (await dispatchLoop.turn(world.runtime));
  expect(await sent()).toBe(120);
}, 60_000);

test("of steps that are due at one instant whoever was planned first goes first, wherever its row lies", async () => {
  const world = await testWorld();
  const { ownerPool } = world.app;
  await seedDueSms(ownerPool, { workspace: world.workspace, count: 40, at: world.clock.now() });
  const { rows } = await ownerPool.query<{ id: string }>(
    "select id from sequence_step_executions where workspace_id = $1 order by id",
    [world.workspace],
  );
  // Each is planned anew for one and the same moment, the last ones first: their rows now lie the other way round.
  const moment = new Date(world.clock.now().getTime() - 1_000);
  for (const { id } of rows.toReversed())
    await ownerPool.query("update sequence_step_executions set scheduled_at = $2 where id = $1", [id, moment]);
  const claimed = await inTransaction(world.ctx, (tx) => claimDue(tx, 10));
  expect(claimed.map(({ id }) => id)).toEqual(rows.slice(0, 10).map(({ id }) => id));
});
