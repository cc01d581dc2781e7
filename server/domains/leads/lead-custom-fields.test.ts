import { expect, test } from "vitest";
import { z } from "zod";
import { changeCustomField } from "./commands/change-custom-field.ts";
import { createCustomField, keyOf } from "./commands/create-custom-field.ts";
import { createLead } from "./commands/create-lead.ts";
import { createTag } from "./commands/create-tag.ts";
import { deleteTag } from "./commands/delete-tag.ts";
import { mergeLeads } from "./commands/merge-leads.ts";
import { saveFilter } from "./commands/save-filter.ts";
import { addTags } from "./commands/tag-lead.ts";
import { undoMerge } from "./commands/undo-merge.ts";
import { updateLead } from "./commands/update-lead.ts";
import { findNamedFilters, getLead, listCustomFields } from "./index.ts";
import { listFieldRows } from "./queries/custom-fields.ts";
import { listLeads } from "./queries/list-leads.ts";
import type { LeadFilter } from "./rules.ts";
import type { FieldType } from "./sets.ts";
import { leadsWorld } from "./test-leads.ts";

async function fieldsWorld() {
  const world = await leadsWorld();
  const { ctx } = world;
  const make = (label: string, type: FieldType, options: string[] = []) =>
    createCustomField(ctx, { label, type, options });
  const ids = {
    plan: await make("Plan", "select", ["Gold", "Silver"]),
    seats: await make("Seats", "number"),
    renews: await make("Renews on", "date"),
    topics: await make("Topics", "multi_select", ["Sleep", "Food", "Sport"]),
    source: await make("Heard from", "text"),
    active: await make("Active", "boolean"),
  };
  let made = 0;
  const lead = async (custom: Record<string, unknown>, email = `ana${++made}@example.com`) =>
    (await createLead(ctx, { firstName: "Ana", email, custom })).leadId;
  const find = async (filter: LeadFilter) =>
    (await listLeads(ctx, filter, { sort: "createdAt", order: "asc", limit: 50 })).rows.map(({ id }) => id);
  return { ...world, ids, lead, find };
}

test("a field's key is made of its name, and names and keys are a field's own in a workspace", async () => {
  const { ctx } = await fieldsWorld();
  expect(keyOf("Größe (m²)")).toMatch(/^[a-z][a-z0-9_]*$/);
  expect((await listCustomFields(ctx)).map(({ key }) => key)).toEqual([
    "plan",
    "seats",
    "renews_on",
    "topics",
    "heard_from",
    "active",
  ]);
  await expect(createCustomField(ctx, { label: "plan", type: "text", options: [] })).rejects.toMatchObject({
    definition: { code: "custom-field-taken" },
  });
});

test("values are read by their types on create, change and upsert, a wrong one is refused or left out, and null clears", async () => {
  const world = await fieldsWorld();
  const { ctx, lead } = world;
  const id = await lead({
    plan: "gold",
    seats: "1,200",
    renews_on: "31.12.2026",
    topics: "food; sleep",
    active: "yes",
  });
  expect((await getLead(ctx, id)).custom).toEqual({
    plan: "Gold",
    seats: 1200,
    renews_on: "2026-12-31",
    topics: ["Sleep", "Food"],
    active: true,
  });
  await updateLead(ctx, id, { custom: { seats: null, plan: "Silver" } });
  expect((await getLead(ctx, id)).custom).toMatchObject({ plan: "Silver", active: true });
  expect((await getLead(ctx, id)).custom).not.toHaveProperty("seats");
  await expect(updateLead(ctx, id, { custom: { plan: "Bronze", nothing: 1 } })).rejects.toMatchObject({
    errors: [{ pointer: "/custom/plan" }, { pointer: "/custom/nothing" }],
  });
  await expect(lead({ seats: "many" })).rejects.toMatchObject({ errors: [{ pointer: "/custom/seats" }] });

  const rows = [{ email: "kim@example.com", custom: { seats: "many", plan: "gold" } }];
  const reply = await world.request("POST", "/leads/upsert", { body: { rows } });
  const answer = z
    .object({
      data: z.array(
        z.object({ outcome: z.string(), leadId: z.string(), faults: z.array(z.object({ field: z.string() })) }),
      ),
    })
    .parse(reply.body);
  expect(answer.data[0]).toMatchObject({ outcome: "created", faults: [{ field: "custom.seats" }] });
  expect((await getLead(ctx, answer.data[0]?.leadId ?? "")).custom).toEqual({ plan: "Gold" });
  expect((await world.request("PATCH", `/leads/${id}`, { body: { meta: { custom: { seats: "x" } } } })).status).toBe(
    422,
  );
});

test("a filter finds leads by own fields: equal, not, holds, before and after, above and below, set and not", async () => {
  const { lead, find } = await fieldsWorld();
  const gold = await lead({
    plan: "Gold",
    seats: 5,
    renews_on: "2026-01-05",
    topics: ["Sleep"],
    heard_from: "A friend",
  });
  const silver = await lead({ plan: "Silver", seats: 50, renews_on: "2026-06-01", topics: ["Sleep", "Sport"] });
  const none = await lead({});
  expect(await find({ custom: ["plan:is:gold"] })).toEqual([gold]);
  expect(await find({ custom: ["plan:is:gold", "plan:is:silver"] })).toEqual([gold, silver]);
  expect(await find({ custom: ["plan:not:gold"] })).toEqual([silver, none]);
  expect(await find({ custom: ["topics:is:sleep", "topics:is:sport", "seats:above:10"] })).toEqual([silver]);
  expect(await find({ custom: ["heard_from:has:FRIEND"] })).toEqual([gold]);
  expect(await find({ custom: ["renews_on:before:2026-02-01"] })).toEqual([gold]);
  expect(await find({ custom: ["renews_on:after:2026-01-05"] })).toEqual([silver]);
  expect(await find({ custom: ["seats:below:50"] })).toEqual([gold]);
  expect(await find({ custom: ["seats:set"] })).toEqual([gold, silver]);
  expect(await find({ custom: ["seats:unset"] })).toEqual([none]);
  expect(await find({ custom: ["topics:is:sleep"], search: "ana" })).toEqual([gold, silver]);
});

test("a filter that names a tag or field that is gone says so and finds nobody, rather than everybody", async () => {
  const world = await fieldsWorld();
  const { ctx, lead, find, ids } = world;
  const gold = await lead({ plan: "Gold" });
  const none = await lead({});
  await addTags(ctx, gold, ["VIP"]);
  const tagId = (await getLead(ctx, gold)).tags[0]?.id ?? "";
  const filter = { tagsNone: [tagId], custom: ["plan:unset"] };
  const look = { columns: [], sort: null, shared: true };
  const savedId = await saveFilter(ctx, { name: "Nobody special", filter, ...look });
  const everybody = await saveFilter(ctx, { name: "Everybody", filter: {}, ...look });
  expect(await find(filter)).toEqual([none]);
  const named = await findNamedFilters(ctx, [savedId, everybody, "view_gone"]);
  expect([...named.keys()].toSorted()).toEqual([savedId, everybody].toSorted());
  expect(named.get(savedId)).toMatchObject({ filter, gone: [] });

  await deleteTag(ctx, tagId);
  expect(await find({ tagsNone: [tagId] })).toEqual([]);
  await changeCustomField(ctx, ids.plan, { archived: true });
  expect(await find({ custom: ["plan:unset"] })).toEqual([]);
  expect(await find({ custom: ["plan:not:gold"] })).toEqual([]);
  expect(await find({ custom: ["never_was:unset"] })).toEqual([]);
  expect((await findNamedFilters(ctx, [savedId])).get(savedId)?.gone).toHaveLength(2);
  const reply = await world.request("GET", `/saved-filters/${savedId}`);
  expect(reply.body).toMatchObject({ gone: ["A tag of it was deleted.", "The field “Plan” is gone."] });
  await createTag(ctx, "Unused");
});

test("the type of a field stays while leads have values, and an option that is in use goes only when that is asked for", async () => {
  const { ctx, lead, ids } = await fieldsWorld();
  await changeCustomField(ctx, ids.seats, { type: "text" });
  await changeCustomField(ctx, ids.seats, { type: "number" });
  const id = await lead({ plan: "Gold", seats: 3 });
  const inUse = { definition: { code: "custom-field-in-use" } };
  await expect(changeCustomField(ctx, ids.seats, { type: "text" })).rejects.toMatchObject(inUse);
  await expect(changeCustomField(ctx, ids.plan, { options: ["Silver"] })).rejects.toMatchObject({
    ...inUse,
    detail: "1 lead holds “Gold”.",
  });
  await changeCustomField(ctx, ids.plan, { options: ["Silver"], dropInUse: true });
  expect((await getLead(ctx, id)).custom).toMatchObject({ plan: "Gold" });
  await changeCustomField(ctx, ids.plan, { archived: true, label: "Old plan" });
  expect((await listFieldRows(ctx)).map(({ key }) => key)).not.toContain("plan");
  await expect(updateLead(ctx, id, { custom: { plan: "Silver" } })).rejects.toThrow(/./);
  await changeCustomField(ctx, ids.plan, { archived: false });
  expect((await listFieldRows(ctx)).find(({ key }) => key === "plan")?.label).toBe("Old plan");
});

test("a merge joins own fields one by one, by choice where both have a value, and undoing it gives both theirs back", async () => {
  const { ctx, lead, find } = await fieldsWorld();
  const one = await lead({ plan: "Gold", seats: 5 });
  const two = await lead({ plan: "Silver", heard_from: "A friend" });
  const { mergeId } = await mergeLeads(ctx, { survivorId: one, otherId: two, fields: { "custom.plan": "other" } });
  expect((await getLead(ctx, one)).custom).toEqual({ plan: "Silver", seats: 5, heard_from: "A friend" });
  expect(await find({ custom: ["plan:is:silver"] })).toEqual([one]);
  await updateLead(ctx, one, { custom: { seats: 6 } });
  await undoMerge(ctx, mergeId ?? "");
  expect((await getLead(ctx, one)).custom).toEqual({ plan: "Gold", seats: 6 });
  expect((await getLead(ctx, two)).custom).toEqual({ plan: "Silver", heard_from: "A friend" });
  expect(await find({ custom: ["plan:is:silver"] })).toEqual([two]);
});

test("an export has the workspace's own fields as columns, and erasing a person takes their values", async () => {
  const world = await fieldsWorld();
  const { ctx, lead, find } = world;
  const id = await lead({ plan: "Gold", topics: ["Sleep", "Food"] }, "ana@example.com");
  const csv = await world.request("GET", "/leads.csv?custom=plan:is:gold");
  expect(csv.text.split("\r\n")[0]).toMatch(/,Plan,Seats,Renews on,Topics,Heard from,Active$/);
  expect(csv.text).toContain("Sleep; Food");
  const erased = await world.request("POST", `/leads/${id}/erase`, {
    body: { reason: "asked", confirm: "ana@example.com" },
  });
  expect(erased.status).toBeLessThan(300);
  expect((await getLead(ctx, id)).custom).toEqual({});
  expect(await find({ custom: ["plan:set"] })).toEqual([]);
});
