import { expect, test } from "vitest";
import { elapsed } from "#platform/clock.ts";
import { seedDueSms } from "#test/due-sms.ts";
import { readyWorld } from "#test/sequences.ts";
import { connectTwilio, until } from "#test/vendors.ts";

const MANY = 100_000;
const FEW = 10;

test("while one workspace has 100,000 touches due, all ten of another are handed over within a minute", async () => {
  const [large, small] = [await readyWorld(), await readyWorld()];
  const [theirs, ours] = [await connectTwilio(large), await connectTwilio(small)];
  const at = large.clock.now();
  await seedDueSms(large.app.ownerPool, { workspace: large.workspace, count: MANY, at });
  await seedDueSms(small.app.ownerPool, { workspace: small.workspace, count: FEW, at });

  const begun = elapsed();
  await large.app.start();
  await until(() => ours.taken.length >= FEW);
  expect(elapsed() - begun).toBeLessThan(60_000);
  // The large one is being worked on all the while, and is far from done.
  await until(() => theirs.taken.length > 0);
  const { rows } = await large.app.ownerPool.query<{ due: number }>(
    "select count(*)::int as due from sequence_step_executions where workspace_id = $1 and status = 'SCHEDULED' and scheduled_at is not null",
    [large.workspace],
  );
  expect(rows[0]?.due).toBeGreaterThan(MANY / 2);
  expect(new Set(ours.taken.map(({ to }) => to)).size).toBe(FEW);
  // Before the other world, whose rows its loops work on too.
  await large.close();
}, 120_000);
