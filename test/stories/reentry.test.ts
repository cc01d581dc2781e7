import { describe, expect, test } from "vitest";
import { z } from "zod";
import { enroll, enrollmentsOf, executionsOf, readyWorld, sequenceOf } from "#test/sequences.ts";
import type { World } from "#test/world.ts";

const RULES = [
  ["never", { rule: "never" }, false],
  ["after 10 days, on the ninth", { rule: "after_days", days: 10 }, false],
  ["after 9 days, on the ninth", { rule: "after_days", days: 9 }, true],
  ["always", { rule: "always" }, true],
] as const;
const STEPS = [{ channel: "EMAIL", value: 90, unit: "DAYS" }] as const;

/** A lead whose first run ended nine days ago. */
async function whoLeft(world: World, reentry: Record<string, unknown>) {
  const sequenceId = await sequenceOf(world, STEPS, { settings: { reentry } });
  const lead = await world.make.lead();
  await enroll(world, sequenceId, lead);
  const [enrollment] = await enrollmentsOf(world);
  await world.request("POST", `/enrollments/${enrollment?.id}/cancel`, { body: {} });
  await world.advance(60 * 24 * 9);
  return { sequenceId, lead };
}

const runs = async (world: World) => (await enrollmentsOf(world)).map(({ run, status }) => [run, status]);
const expected = (isIn: boolean) => (isIn ? [[2, "ACTIVE"]] : [[1, "CANCELLED"]]);

describe("who has left comes in again by the sequence's rule", () => {
  test.each(RULES)("enrolled one by one: %s", async (_name, reentry, isIn) => {
    const world = await readyWorld();
    const { sequenceId, lead } = await whoLeft(world, reentry);
    const ask = (again: boolean) =>
      world.request("POST", `/sequences/${sequenceId}/enrollments`, { body: { leadIds: [lead.id], again } });
    await ask(false);
    expect(await runs(world)).toEqual(expected(isIn));
    // A person may say so against the rule, once: whoever is inside does not come in twice.
    await ask(true);
    await ask(true);
    expect(await runs(world)).toEqual(expected(true));
  });

  test.each(RULES)("by a filter: %s; the preview says the same", async (_name, reentry, isIn) => {
    const world = await readyWorld();
    const { sequenceId } = await whoLeft(world, reentry);
    const body = { filter: {} };
    const preview = await world.request("POST", `/sequences/${sequenceId}/bulk-enrollments/preview`, { body });
    expect(z.object({ wouldEnroll: z.int() }).parse(preview.body).wouldEnroll).toBe(isIn ? 1 : 0);
    expect((await world.request("POST", `/sequences/${sequenceId}/bulk-enrollments`, { body })).status).toBeLessThan(
      300,
    );
    await world.drain();
    expect(await runs(world)).toEqual(expected(isIn));
  });

  test.each(RULES)("by the trigger new_lead, when they are put into its campaign: %s", async (_name, reentry, isIn) => {
    const world = await readyWorld();
    const { sequenceId, lead } = await whoLeft(world, reentry);
    const made = await world.request("POST", "/campaigns", { body: { name: "Spring", channels: ["EMAIL"] } });
    const { id } = z.object({ id: z.string() }).parse(made.body);
    const trigger = { triggerType: "new_lead", triggerConfig: { campaigns: [id] } };
    expect((await world.request("PATCH", `/sequences/${sequenceId}`, { body: trigger })).status).toBe(200);
    await world.request("POST", `/campaigns/${id}/leads`, { body: { leadIds: [lead.id] } });
    await world.drain();
    expect(await runs(world)).toEqual(expected(isIn));
  });
});

test("20 callers at once open one new run with one first execution, whoever asks", async () => {
  const world = await readyWorld();
  const { sequenceId, lead } = await whoLeft(world, { rule: "always" });
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, place) =>
      place % 2 === 0
        ? enroll(world, sequenceId, lead)
        : world.request("POST", `/sequences/${sequenceId}/enrollments`, {
            body: { leadIds: [lead.id], again: place % 4 === 1 },
          }),
    ),
  );
  expect(outcomes).toHaveLength(20);
  expect(await runs(world)).toEqual(expected(true));
  expect((await executionsOf(world)).filter(({ run }) => run === 2)).toHaveLength(1);
});
