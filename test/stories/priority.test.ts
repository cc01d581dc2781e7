import { expect, test } from "vitest";
import { updateSettings } from "#domains/accounts/index.ts";
import { ALWAYS } from "#test/due-sms.ts";
import { enroll, readyWorld, sequenceOf } from "#test/sequences.ts";

test("of leads who are in two sequences due at one instant, each gets the touch of the higher priority, whichever lane has it", async () => {
  const world = await readyWorld();
  await updateSettings(world.ctx, { emailPerMinute: 1_000 });
  const rows = Array.from({ length: 250 }, (_, place) => ({ email: `p${place}@example.com`, firstName: "Ada" }));
  await world.request("POST", "/leads/upsert", { body: { rows } });
  const leads = await world.ctx.db.selectFrom("leads").select("id").execute();
  const step = { channel: "EMAIL", value: 1, unit: "HOURS" } as const;
  const low = await sequenceOf(world, [step], { settings: { sendWindow: ALWAYS, priority: 0 } });
  const high = await sequenceOf(world, [step], { settings: { sendWindow: ALWAYS, priority: 10 } });
  await enroll(world, low, ...leads);
  await enroll(world, high, ...leads);
  await world.advance(61);
  const sent = await world.ctx.db
    .selectFrom("sequenceStepExecutions as e")
    .innerJoin("sequenceEnrollments as n", "n.id", "e.enrollmentId")
    .select("n.sequenceId")
    .where("e.status", "=", "SENT")
    .execute();
  expect(sent).toHaveLength(250);
  expect(sent.filter(({ sequenceId }) => sequenceId === low)).toEqual([]);
});
