import { sql } from "kysely";
import { expect, test } from "vitest";
import { z } from "zod";
import { changeCustomField } from "#domains/leads/commands/change-custom-field.ts";
import { createCustomField } from "#domains/leads/commands/create-custom-field.ts";
import { createTag } from "#domains/leads/commands/create-tag.ts";
import { deleteTag } from "#domains/leads/commands/delete-tag.ts";
import { changeSavedFilter, forgetSavedFilter, saveFilter } from "#domains/leads/commands/save-filter.ts";
import { addTags } from "#domains/leads/commands/tag-lead.ts";
import { createCampaign } from "#domains/outreach/commands/create-campaign.ts";
import { deleteCampaign } from "#domains/outreach/commands/delete-campaign.ts";
import { activateCampaign } from "#domains/outreach/commands/move-campaign.ts";
import { dispatchBatch } from "#domains/outreach/engine/dispatch.ts";
import { newId } from "#platform/ids.ts";
import { ask, MAILS, only } from "#test/conditions.ts";
import { ALWAYS } from "#test/due-sms.ts";
import { enroll, enrollmentsOf, executionsOf, messagesOf, readyWorld, sequenceOf } from "#test/sequences.ts";
import type { World } from "#test/world.ts";

/** The fate of each lead's step of this place: its status and the reason. */
const fates = async (world: World, stepOrder: number) =>
  new Map(
    (await executionsOf(world))
      .filter((one) => one.stepOrder === stepOrder)
      .map(({ leadId, status, result }) => [leadId, [status, result.reason]]),
  );

test("a step is skipped with the words of what was not so and the lead goes on; with else stop they leave", async () => {
  const world = await readyWorld();
  const [berlin, bern] = [await world.make.lead({ country: "DE" }), await world.make.lead({ country: "CH" })];
  const [going, stopping] = [await sequenceOf(world, MAILS), await sequenceOf(world, MAILS)];
  const german = { on: "field", field: "country", op: "is", value: ["DE"] };
  const tagId = await createTag(world.ctx, "Left alone");
  await ask(world, going, 1, only(german, { on: "tag", op: "has_not", tagIds: [tagId] }));
  await ask(world, stopping, 1, { ...only(german), else: "stop" });
  await enroll(world, going, berlin, bern);
  await world.advance(60 * 24 * 3);
  expect(await fates(world, 1)).toEqual(
    new Map([
      [berlin.id, ["SENT", undefined]],
      [bern.id, ["SKIPPED", "only if country is “DE”"]],
    ]),
  );
  await world.advance(60 * 24 * 3);
  expect((await fates(world, 2)).get(bern.id)).toEqual(["SENT", undefined]);
  const verdict = (await executionsOf(world)).find((one) => one.leadId === bern.id && one.stepOrder === 1)?.verdict;
  expect(verdict).toMatchObject({ result: { kind: "skip", check: "conditions" } });

  await enroll(world, stopping, bern);
  await world.advance(60 * 24 * 8);
  const left = (await enrollmentsOf(world)).find(({ sequenceId }) => sequenceId === stopping);
  expect(left).toMatchObject({ status: "CANCELLED", endReason: "a condition was not met: only if country is “DE”" });
});

test("what came of an earlier step is asked of this run's own: opened, followed, delivered and answered", async () => {
  const world = await readyWorld();
  const lead = () => world.make.lead({ country: "DE" });
  const [opened, followed, silent] = [await lead(), await lead(), await lead()];
  const settings = { sendWindow: ALWAYS, stopOnReply: false };
  const wanted = { opened: newId("seq"), clicked: newId("seq") };
  for (const outcome of ["opened", "clicked"] as const) {
    wanted[outcome] = await sequenceOf(world, MAILS.slice(0, 2), { settings });
    await ask(world, wanted[outcome], 1, only({ on: "step", step: 0, outcome, is: true }));
  }
  // The caps let one e-mail a day to each: the second sequence begins a day later.
  await enroll(world, wanted.opened, opened, followed, silent);
  await world.drain();
  await world.advance(60 * 24);
  await enroll(world, wanted.clicked, opened, followed, silent);
  await world.drain();
  for (const { id, leadId } of await messagesOf(world)) {
    if (leadId === silent.id) continue;
    const url = leadId === followed.id ? "https://maple.example/" : null;
    await world.ctx.db
      .insertInto("events")
      .values({
        id: newId("evt"),
        workspaceId: world.workspace,
        type: "messaging.message-opened",
        at: world.clock.now(),
        actorKind: "system",
        leadId,
        subjectId: id,
        payload: sql`${JSON.stringify({ url })}::jsonb`,
      })
      .execute();
  }
  await world.advance(60 * 24 * 10);
  const second = (await executionsOf(world)).filter(({ stepOrder }) => stepOrder === 1);
  const enrolled = new Map((await enrollmentsOf(world)).map(({ id, sequenceId }) => [id, sequenceId]));
  const sent = (sequenceId: string) =>
    second
      .filter(({ enrollmentId, status }) => enrolled.get(enrollmentId) === sequenceId && status === "SENT")
      .map(({ leadId }) => leadId)
      .toSorted();
  expect(sent(wanted.opened)).toEqual([opened.id, followed.id].toSorted());
  expect(sent(wanted.clicked)).toEqual([followed.id]);
});

test("a condition is asked again when a queued message is taken up: a sale in between withholds it", async () => {
  const world = await readyWorld();
  const lead = await world.make.lead({ country: "DE" });
  const settings = { sendWindow: ALWAYS, allowStatuses: ["NEW", "CONTACTED", "CONVERTED"] };
  const sequenceId = await sequenceOf(world, MAILS.slice(0, 2), { settings });
  await ask(world, sequenceId, 0, only({ on: "converted", is: false }));
  await enroll(world, sequenceId, lead);
  // Prepared and queued, but its process died before the hand-over: the lease runs out, and the queue asks anew.
  await world.ctx.db.updateTable("sequenceStepExecutions").set({ scheduledAt: world.clock.now() }).execute();
  await dispatchBatch({ ...world.ctx, providers: { ...world.ctx.providers } });
  const [message] = await messagesOf(world);
  await world.ctx.db
    .updateTable("messages")
    .set({ status: "queued", dueAt: world.clock.now(), handedAt: null, sentAt: null, providerRef: null })
    .where("id", "=", message?.id ?? "")
    .execute();
  await world.ctx.db.updateTable("sequenceStepExecutions").set({ status: "SCHEDULED", executedAt: null }).execute();
  await world.request("POST", "/conversions", { body: { leadId: lead.id } });
  await world.drain();
  expect((await messagesOf(world))[0]).toMatchObject({
    status: "cancelled",
    failure: "only if the lead has not converted",
  });
});

test("a batch with conditions on everything takes as many statements as one with a single lead; one without conditions takes none of them", async () => {
  const world = await readyWorld();
  const count = async (leads: number, conditions: Record<string, unknown>) => {
    const sequenceId = await sequenceOf(world, MAILS.slice(0, 2));
    await ask(world, sequenceId, 0, conditions);
    const mark = sequenceId.slice(-6);
    const rows = Array.from({ length: leads }, (_, place) => ({ email: `p${place}-${mark}@x.example`, country: "DE" }));
    expect((await world.request("POST", "/leads/upsert", { body: { rows } })).status).toBe(200);
    const made = world.ctx.db.selectFrom("leads").select("id").where("email", "like", `%-${mark}@x.example`);
    await enroll(world, sequenceId, ...(await made.execute()));
    let statements = 0;
    const db = world.ctx.db.withPlugin({
      transformQuery: ({ node }) => {
        statements += 1;
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    await dispatchBatch({ ...world.ctx, db });
    return statements;
  };
  const everything = only(
    { on: "converted", is: false },
    { on: "field", field: "country", op: "is", value: ["DE"] },
    { on: "tag", op: "has_not", tagIds: [newId("tag")] },
    { on: "days_since", of: "last_contact", op: "at_least", days: 1 },
    { not: { on: "custom", key: "plan", op: "is", value: ["pro"] } },
  );
  const [none, one, many] = [await count(20, {}), await count(1, everything), await count(60, everything)];
  expect(one - none).toBeLessThanOrEqual(4);
  expect(many - one).toBeLessThanOrEqual(1);
});

test("a program that may write sequences and read no leads compares, previews and starts one whose conditions name own fields", async () => {
  const world = await readyWorld();
  await createCustomField(world.ctx, { label: "Plan", type: "text", options: [] });
  const sequenceId = await sequenceOf(world, MAILS.slice(0, 1));
  await ask(world, sequenceId, 0, only({ on: "custom", key: "plan", op: "is", value: ["gold"] }));
  const body = { name: "Planner", scopes: ["outreach:read", "outreach:write"] };
  const { key: apiKey } = z
    .object({ key: z.string() })
    .parse((await world.request("POST", "/api-keys", { body })).body);
  const as = { apiKey };
  expect((await world.request("GET", `/sequences/${sequenceId}/changes?from=1&to=2`, { as })).status).toBe(200);
  expect((await world.request("POST", `/sequences/${sequenceId}/pause`, { as })).status).toBe(200);
  expect((await world.request("GET", `/sequences/${sequenceId}/readiness`, { as })).status).toBe(200);
  expect((await world.request("POST", `/sequences/${sequenceId}/activate`, { as })).status).toBe(200);
});

const refused = z.object({ errors: z.array(z.object({ pointer: z.string() })) });

test("steps are saved with conditions in the language alone: an unknown key, an unknown tag and a later step are each refused at their place", async () => {
  const world = await readyWorld();
  const made = await world.request("POST", "/sequences", { body: { name: "Spring" } });
  const { id } = z.object({ id: z.string() }).parse(made.body);
  const put = (...conditions: unknown[]) =>
    world.request("PUT", `/sequences/${id}/steps`, {
      body: { steps: conditions.map((one) => ({ channel: "EMAIL", conditions: one })) },
    });
  const pointers = async (...conditions: unknown[]) => {
    const reply = await put(...conditions);
    expect(reply.status).toBe(422);
    return refused.parse(reply.body).errors.map(({ pointer }) => pointer);
  };
  expect(await pointers({ notConvertet: true })).toContain("/steps/0/conditions");
  expect(await pointers({}, only({ on: "converted", is: true, sure: true }))).toEqual(["/steps/1/conditions/all/0"]);
  expect(await pointers({}, only({ any: [{ on: "step", step: 1, outcome: "opened", is: true }] }))).toEqual([
    "/steps/1/conditions/all/0/any/0/step",
  ]);
  expect(await pointers(only({ on: "tag", op: "has", tagIds: [newId("tag")] }))).toEqual([
    "/steps/0/conditions/all/0/tagIds/0",
  ]);

  const saved = await put({ notConverted: true }, only({ on: "step", step: 0, outcome: "opened", is: false }));
  expect(saved.status).toBe(200);
  const steps = z
    .object({ steps: z.array(z.object({ id: z.string(), conditions: z.unknown() })) })
    .parse(saved.body).steps;
  expect(steps.map(({ conditions }) => conditions)).toEqual([
    { version: 1, all: [{ on: "converted", is: false }], else: "skip" },
    { version: 1, all: [{ on: "step", step: 0, outcome: "opened", is: false }], else: "skip" },
  ]);
});

test("a step for whom a saved filter does not find goes out to nobody once the filter is gone, rather than to everybody", async () => {
  const world = await readyWorld();
  const { ctx } = world;
  const look = { columns: [], sort: null, shared: true };
  const segmentId = await saveFilter(ctx, { name: "Leave alone", filter: { country: ["CH"] }, ...look });
  const [berlin, bern] = [await world.make.lead({ country: "DE" }), await world.make.lead({ country: "CH" })];
  const sequenceId = await sequenceOf(world, MAILS, { settings: { sendWindow: ALWAYS } });
  const outside = only({ on: "segment", segmentId, is: false });
  await ask(world, sequenceId, 0, outside);
  await ask(world, sequenceId, 1, outside);
  await enroll(world, sequenceId, berlin, bern);
  await world.drain();
  expect((await fates(world, 0)).get(berlin.id)).toEqual(["SENT", undefined]);
  expect((await fates(world, 0)).get(bern.id)?.[0]).toBe("SKIPPED");
  await forgetSavedFilter(ctx, segmentId);
  await world.advance(60 * 24 * 3);
  const why = ["SKIPPED", "a saved filter that the conditions name was deleted"];
  expect(await fates(world, 1)).toEqual(
    new Map([
      [berlin.id, why],
      [bern.id, why],
    ]),
  );
});

test("a step for a saved filter that has lost one of the tags of which any is enough goes on by the others; one that is for nobody of it is held back", async () => {
  const world = await readyWorld();
  const { ctx } = world;
  const look = { columns: [], sort: null, shared: true };
  const [lost, left] = [await createTag(ctx, "Lost"), await createTag(ctx, "Left")];
  const segmentId = await saveFilter(ctx, { name: "Of either", filter: { tagsAny: [lost, left] }, ...look });
  const [of, other] = [await world.make.lead(), await world.make.lead()];
  await addTags(ctx, of.id, ["Left"]);
  const sequenceId = await sequenceOf(world, MAILS, { settings: { sendWindow: ALWAYS } });
  await ask(world, sequenceId, 0, only({ on: "segment", segmentId, is: true }));
  await ask(world, sequenceId, 1, only({ on: "segment", segmentId, is: false }));
  await deleteTag(ctx, lost);
  await enroll(world, sequenceId, of, other);
  await world.drain();
  expect((await fates(world, 0)).get(of.id)).toEqual(["SENT", undefined]);
  expect((await fates(world, 0)).get(other.id)?.[0]).toBe("SKIPPED");
  await world.advance(60 * 24 * 3);
  const why = ["SKIPPED", "a saved filter that the conditions name asks for something that is gone"];
  expect([...(await fates(world, 1)).values()]).toEqual([why, why]);
  expect((await world.request("GET", `/sequences/${sequenceId}`)).body).toMatchObject({
    warnings: [expect.stringContaining("the others still count"), expect.stringContaining("goes out to nobody")],
  });
  expect((await world.request("GET", `/saved-filters/${segmentId}`)).body).toMatchObject({
    gone: ["A tag of it was deleted; the others still count."],
  });
});

test("a step for whom a deleted tag or an archived field does not stand goes out to nobody, and says why; nothing starts or is published with it", async () => {
  const world = await readyWorld();
  const { ctx } = world;
  const tagId = await createTag(ctx, "Leave alone");
  const fieldId = await createCustomField(ctx, { key: "plan", label: "Plan", type: "text", options: [] });
  const lead = await world.make.lead({ country: "DE" });
  const tests = [
    { on: "tag", op: "has_not", tagIds: [tagId] },
    { not: { on: "tag", op: "has", tagIds: [tagId] } },
    { on: "custom", key: "plan", op: "is_not_set" },
  ];
  const sequences: string[] = [];
  for (const one of tests) {
    const id = await sequenceOf(world, MAILS.slice(0, 1), { settings: { sendWindow: ALWAYS } });
    await ask(world, id, 0, only(one));
    sequences.push(id);
  }
  await deleteTag(ctx, tagId);
  await changeCustomField(ctx, fieldId, { archived: true });
  for (const id of sequences) await enroll(world, id, lead);
  await world.drain();
  const gone = "a tag that the conditions name was deleted";
  const reasons = (await executionsOf(world)).map(({ status, result }) => [status, result.reason]);
  expect(reasons.toSorted(([, one], [, other]) => String(one).localeCompare(String(other)))).toEqual([
    ["SKIPPED", gone],
    ["SKIPPED", gone],
    ["SKIPPED", "the field “plan” that the conditions ask for is gone"],
  ]);
  expect(await messagesOf(world)).toEqual([]);

  const [first = ""] = sequences;
  await world.request("POST", `/sequences/${first}/pause`, { body: {} });
  const refusal = await world.request("POST", `/sequences/${first}/resume`, { body: {} });
  expect(refusal).toMatchObject({
    status: 422,
    body: { errors: [{ detail: `Step 1 (E-mail) would go out to nobody: ${gone}` }] },
  });
  const listed = await world.request("GET", `/sequences/${first}/readiness`);
  expect(JSON.stringify(listed.body)).toContain(gone);
});

test("a filter that is one person's own is refused to others by whose it is, until it is shared", async () => {
  const world = await readyWorld();
  const look = { columns: [], sort: null, shared: false };
  const other = await world.as("ADMIN");
  const segmentId = await saveFilter(other, { name: "Mine", filter: { country: ["CH"] }, ...look });
  const made = await world.request("POST", "/sequences", { body: { name: "Spring" } });
  const { id } = z.object({ id: z.string() }).parse(made.body);
  const put = () =>
    world.request("PUT", `/sequences/${id}/steps`, {
      body: { steps: [{ channel: "EMAIL", conditions: only({ on: "segment", segmentId, is: true }) }] },
    });
  expect(await put()).toMatchObject({
    status: 422,
    body: {
      errors: [
        {
          pointer: "/steps/0/conditions/all/0/segmentId",
          detail: expect.stringMatching(/^Only .+ sees this saved filter: ask them to share it/),
        },
      ],
    },
  });
  await changeSavedFilter(other, segmentId, { shared: true });
  expect((await put()).status).toBe(200);
});

test("a campaign whose rule asks for a deleted tag, and a trigger that waits for a deleted campaign, do not start, and say so", async () => {
  const world = await readyWorld();
  const { ctx } = world;
  const tagId = await createTag(ctx, "Leave alone");
  const campaignId = await createCampaign(ctx, {
    name: "Spring",
    channels: ["EMAIL"],
    autoAssign: { filter: { tagsNone: [tagId] } },
  });
  await deleteTag(ctx, tagId);
  await expect(activateCampaign(ctx, campaignId)).rejects.toMatchObject({
    detail: "The rule by which it takes leads in asks for something that is gone. A tag of it was deleted.",
  });
  const sequenceId = await sequenceOf(world, MAILS.slice(0, 1));
  const trigger = { triggerType: "new_lead", triggerConfig: { sources: [], campaigns: [campaignId] } };
  expect((await world.request("PATCH", `/sequences/${sequenceId}`, { body: trigger })).status).toBe(200);
  await world.request("POST", `/sequences/${sequenceId}/pause`, { body: {} });
  await deleteCampaign(ctx, campaignId);
  expect(await world.request("POST", `/sequences/${sequenceId}/resume`, { body: {} })).toMatchObject({
    status: 422,
    body: { errors: [{ detail: "The trigger waits for leads of a campaign that was deleted" }] },
  });
});

test("what differs between two versions is told by the names of tags, filters and fields, not by their ids", async () => {
  const world = await readyWorld();
  const { ctx } = world;
  const tagId = await createTag(ctx, "VIP");
  await createCustomField(ctx, { label: "Plan", type: "text", options: [] });
  const segmentId = await saveFilter(ctx, { name: "Swiss", filter: {}, columns: [], sort: null, shared: true });
  const sequenceId = await sequenceOf(world, MAILS.slice(0, 1));
  await ask(world, sequenceId, 0, {
    ...only(
      { on: "tag", op: "has_not", tagIds: [tagId] },
      { on: "segment", segmentId, is: false },
      { on: "custom", key: "plan", op: "is", value: ["gold"] },
    ),
  });
  const words = "only if not tagged “VIP” and not in the segment “Swiss” and Plan is “gold”, else skip";
  const { body } = await world.request("GET", `/sequences/${sequenceId}/changes?from=1&to=2`);
  expect(body).toMatchObject({ changes: [{ kind: "conditions", words: expect.stringContaining(words) }] });
});
