import { expect, test } from "vitest";
import { disableIntegration } from "#platform/integrations/commands/set-active.ts";
import { seedDueSms } from "#test/due-sms.ts";
import { messagesOf, readyWorld } from "#test/sequences.ts";
import { connectTwilio, until } from "#test/vendors.ts";
import type { World } from "#test/world.ts";

const turnOf = (world: World, name: string) => {
  const loop = world.app.loops.find((one) => one.name === name);
  if (!loop) throw new Error(`There is no loop ${name}`);
  return loop.turn(world.runtime);
};
/** More than three lanes of a workspace hold. */
const MORE_THAN_LANES = 900;

test("while the vendor of one workspace takes everything and never answers, another workspace that gets work meanwhile is served in the same turn", async () => {
  const [hanging, other] = [await readyWorld(), await readyWorld()];
  const [silent, quick] = [await connectTwilio(hanging), await connectTwilio(other)];
  const { promise: hung, resolve: hangUp } = Promise.withResolvers<"hang-up">();
  silent.answer(() => hung);
  const at = hanging.clock.now();
  await seedDueSms(hanging.app.ownerPool, { workspace: hanging.workspace, count: MORE_THAN_LANES, at });
  const turn = turnOf(hanging, "outreach.dispatch");
  await until(() => silent.taken.length >= 128);
  await seedDueSms(other.app.ownerPool, { workspace: other.workspace, count: 10, at });
  await until(() => quick.taken.length === 10);
  expect((await messagesOf(hanging)).some(({ status }) => status === "sending")).toBe(true);
  hangUp("hang-up");
  await turn;
  // Twenty and more were silent: it is paused, and has had no more than was under way.
  expect(silent.taken.length).toBeLessThanOrEqual(3 * 128);
});

test("an integration that is disabled gets no further chunk of a batch that is under way, and what was left waits", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  const { promise: held, resolve: goOn } = Promise.withResolvers<void>();
  vendor.answer(async (one, index) => {
    await held;
    return vendor.accept(one, index);
  });
  await seedDueSms(world.app.ownerPool, { workspace: world.workspace, count: MORE_THAN_LANES, at: world.clock.now() });
  const turn = turnOf(world, "outreach.dispatch");
  await until(() => vendor.taken.length >= 128);
  const row = await world.ctx.db.selectFrom("integrationConfigs").select("id").executeTakeFirstOrThrow();
  await disableIntegration(world.runtime, world.ctx, row.id);
  goOn();
  await turn;
  await world.advance(1);
  // One chunk in each of three lanes was past the point of no return.
  expect(vendor.taken.length).toBeLessThanOrEqual(3 * 128);
  const statuses = (await messagesOf(world)).map(({ status }) => status);
  expect(statuses.filter((status) => status === "sent")).toHaveLength(vendor.taken.length);
  expect(new Set(statuses)).toEqual(new Set(["sent", "queued"]));
});
