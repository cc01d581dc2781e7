import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createIntakeSource } from "#domains/leads/commands/create-intake-source.ts";
import { eraseLead } from "#domains/leads/commands/erase-lead.ts";
import { takeInAll } from "#domains/leads/commands/take-in-submissions.ts";
import { sourceSettingsSchema } from "#domains/leads/intake/source-settings.ts";
import { insertSubmissions } from "#domains/leads/queries/submissions.ts";
import { type World, testWorld } from "#test/world.ts";

const submissionsOf = (world: World) =>
  world.ctx.db.selectFrom("leadSubmissions").select(["status", "leadId"]).execute();

/** Keeps a ticked form of Ana's, and begins to take it in; it goes on when the returned function is called. */
async function takingIn(world: World) {
  const { id: sourceId } = await createIntakeSource(world.ctx, {
    kind: "form",
    name: "Contact page",
    campaignId: null,
    settings: sourceSettingsSchema.parse({ consentText: "Write to me", consentChannels: ["EMAIL"] }),
  });
  const given = { fullName: ["Ana Silva"], email: ["ana@example.com"], consent: ["on"] };
  const rest = { provider: "form", externalId: "one", sourceId, label: null, pageUrl: null, ip: null };
  const [id = ""] = await insertSubmissions(world.ctx, [
    { ...rest, payload: { given, hasConsented: true }, status: "RECEIVED" },
  ]);
  const client = await world.app.ownerPool.connect();
  await client.query("begin; lock table intake_sources in access exclusive mode");
  const taken = [takeInAll(world.ctx)];
  const isTakenUp = async () =>
    (
      await client.query("select from lead_submissions where id = $1 and tries > 0 and due_at > $2", [
        id,
        world.clock.now(),
      ])
    ).rows.length > 0;
  while (!(await isTakenUp())) await sleep(5);
  return {
    id,
    taken,
    isTakenUp,
    goOn: async () => {
      await client.query("commit");
      client.release();
      await Promise.all(taken);
    },
  };
}

test("what somebody has tried again while it is being taken in is taken in once", async () => {
  const world = await testWorld();
  const { id, taken, isTakenUp, goOn } = await takingIn(world);
  expect((await world.request("POST", `/lead-submissions/${id}/retry`, { body: {} })).status).toBe(204);
  taken.push(takeInAll(world.ctx));
  while (!(await isTakenUp())) await sleep(5);
  await goOn();
  expect(await submissionsOf(world)).toMatchObject([{ status: "CREATED" }]);
  expect(await world.ctx.db.selectFrom("consentRecords").select("id").execute()).toHaveLength(1);
  const events = world.ctx.db.selectFrom("events").select("id").where("type", "=", "leads.submission-taken");
  expect(await events.execute()).toHaveLength(1);
});

test("whoever is erased while a form of theirs is being taken in is not made anew by it", async () => {
  const world = await testWorld();
  const { id } = await world.make.lead({ email: "ana@example.com" });
  const { goOn } = await takingIn(world);
  await eraseLead(
    world.ctx,
    { leadId: id, reason: "They asked", confirm: "ana@example.com" },
    world.runtime.config.dataDir,
  );
  await goOn();
  expect((await world.ctx.db.selectFrom("leads").select("email").execute()).map(({ email }) => email)).toEqual([null]);
  expect(await submissionsOf(world)).toMatchObject([{ status: "FAILED", leadId: null }]);
});
