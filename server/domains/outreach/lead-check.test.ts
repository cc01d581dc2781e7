import { expect, test } from "vitest";
import { updateSettings } from "#domains/accounts/index.ts";
import { suppress } from "#domains/leads/index.ts";
import { checkSequenceLeads } from "./commands/check-leads.ts";
import { createCampaign } from "./commands/create-campaign.ts";
import { createScript } from "./commands/create-script.ts";
import { enrollLeads } from "./commands/enroll-leads.ts";
import { activateCampaign } from "./commands/move-campaign.ts";
import { type LeadCheck, leadCheckSchema } from "./contract/lead-check.ts";
import { mostLeads } from "./engine/check-touches.ts";
import { activeSequence, sendingWorld } from "./test-sequences.ts";

type World = Awaited<ReturnType<typeof sendingWorld>>;

const textAbout = ({ ctx }: World, content: string) => createScript(ctx, { name: "About", type: "SMS", content });

async function check(world: World, path: string, body: unknown): Promise<LeadCheck> {
  const reply = await world.request("POST", `${path}/check-leads`, { body });
  expect(reply.status, reply.text).toBe(200);
  return leadCheckSchema.parse(reply.body);
}

test("missing variable → held before any call; the preview had listed the lead", async () => {
  const world = await sendingWorld();
  const { ctx, make } = world;
  const scriptId = await textAbout(world, "{{ firstName }}, how is {{ company }} doing with {{ custom.plan }}?");
  const sequenceId = await activeSequence(ctx, [{ scriptId }, { channel: "EMAIL", delayValue: 1 }]);
  const whole = await make.lead({ company: "Studio", meta: { plan: "Pro" }, country: "DE" });
  const holed = await make.lead({ firstName: "Grace", country: "DE" });
  const leadIds = [whole.id, holed.id];

  const found = await check(world, `/sequences/${sequenceId}`, { leadIds });
  expect(found).toMatchObject({ looked: 2, isMore: false, failing: 1, errors: [] });
  expect(found.variables).toEqual([
    { name: "company", leads: 1 },
    { name: "custom.plan", leads: 1 },
  ]);
  expect(found.steps).toMatchObject([
    { stepOrder: 0, channel: "SMS", scriptName: "About", failing: 1, noAddress: 0, suppressed: 0 },
    { stepOrder: 1, channel: "EMAIL", scriptName: "Letter", failing: 0 },
  ]);
  const missing = ["company", "custom.plan"];
  expect(found.leads).toMatchObject([
    { id: holed.id, firstName: "Grace", touches: [{ stepOrder: 0, scriptName: "About", missing, error: null }] },
  ]);

  await enrollLeads(ctx, { sequenceId, leadIds, by: "person" });
  await world.advance(1);
  expect(await world.sandbox.sent()).toMatchObject([{ text: "Ada, how is Studio doing with Pro?" }]);
  const [touch] = await ctx.db
    .selectFrom("sequenceStepExecutions")
    .select(["status", "result", "contactAttemptId"])
    .where("leadId", "=", holed.id)
    .where("stepOrder", "=", 0)
    .execute();
  expect(touch).toEqual({
    status: "FAILED",
    result: { reason: "missing variable: company, custom.plan" },
    contactAttemptId: null,
  });
  // Nothing was written that a vendor could have been handed.
  expect(await ctx.db.selectFrom("messages").select("leadId").execute()).toEqual([{ leadId: whole.id }]);
});

test("who cannot be reached on a channel is counted at its steps, and nothing is made for them", async () => {
  const world = await sendingWorld();
  const { ctx, make } = world;
  const scriptId = await textAbout(world, "{{ company }}");
  const sequenceId = await activeSequence(ctx, [{ scriptId }, { channel: "EMAIL" }, { scriptId, isActive: false }]);
  await make.lead({ phone: null });
  await make.lead({ email: null, company: "Studio" });
  const closed = await make.lead();
  await suppress(ctx, { kind: "PHONE", value: closed.phone ?? "", reason: "MANUAL" });
  const found = await check(world, `/sequences/${sequenceId}`, { filter: {} });
  expect(found).toMatchObject({ looked: 3, failing: 0, variables: [], leads: [] });
  expect(found.steps).toMatchObject([
    { stepOrder: 0, failing: 0, noAddress: 1, suppressed: 1 },
    { stepOrder: 1, failing: 0, noAddress: 1, suppressed: 0 },
  ]);
});

test("of those inside only the steps that still lie before them are looked at, in the campaign that they are in", async () => {
  const world = await sendingWorld();
  const { ctx, make } = world;
  const scriptId = await textAbout(world, "{{ company }}");
  const steps = [{ scriptId }, { scriptId: await textAbout(world, "{{ campaign.name }}"), delayValue: 1 }];
  const sequenceId = await activeSequence(ctx, steps);
  const campaignId = await createCampaign(ctx, { name: "Spring", channels: ["SMS"] });
  await activateCampaign(ctx, campaignId);
  const [first, other] = [await make.lead({ country: "DE" }), await make.lead({ country: "DE" })];
  await enrollLeads(ctx, { sequenceId, leadIds: [first.id], by: "person" });
  await enrollLeads(ctx, { sequenceId, leadIds: [other.id], campaignId, by: "person" });
  const before = await check(world, `/sequences/${sequenceId}`, { inside: true });
  expect(before).toMatchObject({ looked: 2, failing: 2 });
  expect(before.variables).toEqual([
    { name: "company", leads: 2 },
    { name: "campaign.name", leads: 1 },
  ]);
  await world.advance(1);
  const after = await check(world, `/sequences/${sequenceId}`, { inside: true });
  expect(after).toMatchObject({ looked: 2, failing: 1, variables: [{ name: "campaign.name", leads: 1 }] });
  expect(after.leads.map(({ id }) => id)).toEqual([first.id]);
  const chosen = { leadIds: [first.id], campaignId };
  expect((await check(world, `/sequences/${sequenceId}`, chosen)).variables).toEqual([{ name: "company", leads: 1 }]);
});

test("a script by itself names the leads that it could not be filled in for, at most 100 of them", async () => {
  const world = await sendingWorld();
  const { make } = world;
  const scriptId = await textAbout(world, "Hi {{ jobTitle }}");
  await make.lead({ jobTitle: "Founder" });
  for (let made = 0; made < 101; made += 1) await make.lead();
  const found = await check(world, `/scripts/${scriptId}`, { filter: {} });
  expect(found).toMatchObject({
    looked: 102,
    failing: 101,
    variables: [{ name: "jobTitle", leads: 101 }],
    steps: [{ stepOrder: null, channel: "SMS", scriptId, failing: 101 }],
  });
  expect(found.leads).toHaveLength(100);
});

test("a long sequence is looked at for fewer leads, so that no request makes more than 30,000 texts", () => {
  expect([0, 1, 3, 4, 100].map(mostLeads)).toEqual([10_000, 10_000, 10_000, 7_500, 300]);
});

test("what the workspace lacks is missing for everybody, as it is when the touch is due", async () => {
  const world = await sendingWorld();
  const { ctx, make } = world;
  const sequenceId = await activeSequence(ctx, [{ channel: "EMAIL" }]);
  await updateSettings(ctx, { postalAddress: "" });
  await make.lead();
  const found = await check(world, `/sequences/${sequenceId}`, { filter: {} });
  expect(found).toMatchObject({ failing: 1, variables: [{ name: "workspace.postalAddress", leads: 1 }] });
});

test("whom to look at is said once, and both permissions are needed", async () => {
  const world = await sendingWorld();
  const sequenceId = await activeSequence(world.ctx);
  const path = `/sequences/${sequenceId}/check-leads`;
  for (const body of [{}, { filter: {}, inside: true }, { leadIds: [] }])
    expect((await world.request("POST", path, { body })).status).toBe(422);
  const nobody = await world.request("POST", path, { body: { leadIds: ["lead_none"] } });
  expect(nobody.body).toMatchObject({ looked: 0, failing: 0 });
  const gone = await world.request("POST", path, { body: { filter: {}, campaignId: "cmp_none" } });
  expect(gone.body).toMatchObject({ code: "campaign-not-found" });
  for (const permission of ["outreach:read", "leads:read"] as const) {
    const half = { ...world.ctx, actor: { ...world.ctx.actor, permissions: new Set([permission]) } };
    await expect(checkSequenceLeads(half, { sequenceId, filter: {} }, "")).rejects.toMatchObject({
      definition: { code: "not-allowed" },
    });
  }
});
