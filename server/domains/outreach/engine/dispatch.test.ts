import { expect, test } from "vitest";
import { seedDueSms } from "#test/due-sms.ts";
import { testWorld } from "#test/world.ts";
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
