import { expect, test } from "vitest";
import { z } from "zod";
import { newId } from "#platform/ids.ts";
import { addCrowd, dyingRuntime } from "#test/crowd.ts";
import type { World } from "#test/world.ts";
import type { BulkDoing } from "./bulk/change.ts";
import { createCustomField } from "./commands/create-custom-field.ts";
import { createLead } from "./commands/create-lead.ts";
import { deleteLead } from "./commands/delete-lead.ts";
import { forgetBulkActions, runBulkActions } from "./commands/run-bulk-actions.ts";
import { cancelBulkAction, previewBulkAction, startBulkAction, undoBulkAction } from "./commands/start-bulk-action.ts";
import { addTags } from "./commands/tag-lead.ts";
import { updateLead } from "./commands/update-lead.ts";
import { getLead } from "./index.ts";
import { findBulkAction } from "./queries/bulk-actions.ts";
import { listLeads } from "./queries/list-leads.ts";
import { countRows, leadsWorld } from "./test-leads.ts";

const DAY_MS = 86_400_000;

/** A workspace with so many people, made directly in the tables. */
async function crowdedWorld(leads: number) {
  const world = await leadsWorld();
  await addCrowd(world, leads);
  return world;
}

async function smallWorld() {
  const world = await leadsWorld();
  const { ctx } = world;
  const lead = async (email: string | null, fields: object = {}) =>
    (await createLead(ctx, { firstName: "Ana", ...(email ? { email } : {}), ...fields })).leadId;
  const run = async (doing: BulkDoing, leadIds: string[]) => {
    const id = await startBulkAction(ctx, { doing, leadIds });
    await world.drain();
    return { id, ...(await findBulkAction(ctx, id)) };
  };
  const undo = async (id: string) => {
    const undoId = await undoBulkAction(ctx, id);
    await world.drain();
    return findBulkAction(ctx, undoId);
  };
  return { world, ctx, lead, run, undo };
}

const tagsOf = async ({ ctx }: Pick<World, "ctx">, id: string) =>
  (await getLead(ctx, id)).tags.map(({ name }) => name).toSorted();

test("a status is set, the preview says for how many beforehand, and undoing gives back what nobody changed since", async () => {
  const { ctx, lead, run, undo } = await smallWorld();
  const [one, two, three, four] = [
    await lead("a@example.com"),
    await lead("b@example.com", { status: "CONTACTED" }),
    await lead("c@example.com", { status: "LOST" }),
    await lead("d@example.com"),
  ];
  const doing = { kind: "status" as const, status: "LOST" as const };
  const leadIds = [one, two, three, four];
  expect(await previewBulkAction(ctx, { doing, leadIds })).toMatchObject({
    count: 4,
    changed: 3,
    unchanged: 1,
    refused: 0,
  });
  expect((await getLead(ctx, one)).status).toBe("NEW");
  const done = await run(doing, leadIds);
  expect(done).toMatchObject({ status: "COMPLETED", total: 4, changedCount: 3, unchangedCount: 1, refusedCount: 0 });
  expect((await getLead(ctx, two)).status).toBe("LOST");

  await updateLead(ctx, two, { status: "IN_PROGRESS" });
  await deleteLead(ctx, four);
  expect(await undo(done.id)).toMatchObject({ status: "COMPLETED", changedCount: 1, refusedCount: 2 });
  expect((await getLead(ctx, one)).status).toBe("NEW");
  expect((await getLead(ctx, two)).status).toBe("IN_PROGRESS");
  expect((await getLead(ctx, three)).status).toBe("LOST");
  await expect(undoBulkAction(ctx, done.id)).rejects.toMatchObject({ detail: "It was undone before." });
});

test("tags are put on and taken off, and undoing leaves alone the leads that had them before", async () => {
  const { world, ctx, lead, run, undo } = await smallWorld();
  const [one, two] = [await lead("a@example.com"), await lead("b@example.com")];
  await addTags(ctx, one, ["VIP", "old"]);
  const done = await run({ kind: "tags", addTags: ["vip", "Spring"], removeTags: ["old"] }, [one, two]);
  expect(done).toMatchObject({ changedCount: 2 });
  expect(await tagsOf(world, one)).toEqual(["Spring", "VIP"]);
  expect(await tagsOf(world, two)).toEqual(["Spring", "VIP"]);
  const page = { sort: "createdAt", order: "asc", limit: 10 } as const;
  expect((await listLeads(ctx, { search: "spring" }, page)).rows).toHaveLength(2);
  await undo(done.id);
  expect(await tagsOf(world, one)).toEqual(["VIP", "old"]);
  expect(await tagsOf(world, two)).toEqual([]);
});

test("an own field is set by its type and put back value by value, and a wrong value starts nothing", async () => {
  const { ctx, lead, run, undo } = await smallWorld();
  await createCustomField(ctx, { label: "Plan", type: "select", options: ["Gold", "Silver"] });
  const one = await lead("a@example.com", { custom: { plan: "Silver" } });
  const two = await lead("b@example.com");
  await expect(
    startBulkAction(ctx, { doing: { kind: "field", key: "plan", value: "Bronze" }, leadIds: [one] }),
  ).rejects.toMatchObject({ errors: [{ pointer: "/value" }] });
  const done = await run({ kind: "field", key: "plan", value: "gold" }, [one, two]);
  const page = { sort: "createdAt", order: "asc", limit: 10 } as const;
  expect((await listLeads(ctx, { custom: ["plan:is:gold"] }, page)).rows.map(({ id }) => id)).toEqual([one, two]);
  expect(await undo(done.id)).toMatchObject({ changedCount: 2, refusedCount: 0 });
  expect((await getLead(ctx, one)).custom).toEqual({ plan: "Silver" });
  expect((await getLead(ctx, two)).custom).toEqual({});
});

test("suppressing closes every address of the leads, refuses those without one, and the report is a file with the reasons", async () => {
  const { world, ctx, lead, run } = await smallWorld();
  const [one, nobody] = [await lead("a@example.com", { phone: "+12125550142" }), await lead(null)];
  const done = await run({ kind: "suppress", scope: "ALL", evidence: "asked by phone" }, [one, nobody]);
  expect(done).toMatchObject({ changedCount: 1, refusedCount: 1 });
  expect(await countRows(ctx, "suppressions")).toBe(2);
  const again = await run({ kind: "suppress", scope: "EMAIL", evidence: null }, [one]);
  expect(again).toMatchObject({ changedCount: 0, unchangedCount: 1 });
  expect((await world.request("GET", `/bulk-actions/${done.id}`)).body).toMatchObject({
    refusals: [{ reason: "There is no address that could be closed.", count: 1 }],
    whyNotUndo: "Only tags, statuses and values are put back.",
  });
  const csv = await world.request("GET", `/bulk-actions/${done.id}/refused.csv`);
  expect(csv.text).toContain(`${nobody},Ana,,There is no address that could be closed.`);
});

test("deleting many takes the permission for it and takes along what goes with each", async () => {
  const { world, ctx, lead, run } = await smallWorld();
  const ids = [await lead("a@example.com"), await lead("b@example.com")];
  const kept = await lead("c@example.com");
  await ctx.db
    .insertInto("leadSubmissions")
    .values({
      id: newId("sbm"),
      workspaceId: ctx.workspace,
      provider: "form",
      externalId: "1",
      status: "CREATED",
      payload: { given: { email: ["a@example.com"] } },
      leadId: ids[0],
      ip: "203.0.113.7",
      receivedAt: ctx.now(),
    })
    .execute();
  const body = { doing: { kind: "delete" }, leadIds: ids };
  expect((await world.request("POST", "/bulk-actions", { body, as: "MEMBER" })).status).toBe(403);
  expect(await run({ kind: "delete" }, ids)).toMatchObject({ changedCount: 2, status: "COMPLETED" });
  expect(await countRows(ctx, "leads")).toBe(1);
  expect(await countRows(ctx, "leadIdentities")).toBe(1);
  expect((await getLead(ctx, kept)).id).toBe(kept);
  expect(await ctx.db.selectFrom("leadSubmissions").select(["payload", "ip", "leadId"]).execute()).toEqual([
    { payload: { erased: true }, ip: null, leadId: null },
  ]);
});

test("any number of processes take each batch once, one that dies leaves no trace of it, and a filter is asked anew", async () => {
  const world = await crowdedWorld(2_500);
  const { ctx, runtime } = world;
  const filter = { status: ["NEW" as const] };
  const reply = await world.request("POST", "/bulk-actions", {
    body: { filter, doing: { kind: "status", status: "LOST" } },
  });
  expect(reply.status).toBe(201);
  const { id, total } = z.object({ id: z.string(), total: z.int() }).parse(reply.body);
  expect(total).toBeGreaterThan(1_000);
  await expect(runBulkActions(dyingRuntime(runtime))).rejects.toThrow("killed");
  expect(await findBulkAction(ctx, id)).toMatchObject({ status: "QUEUED", changedCount: 0, cursor: null });

  await Promise.all([runBulkActions(runtime), runBulkActions(runtime), runBulkActions(runtime)]);
  while ((await findBulkAction(ctx, id))?.status !== "COMPLETED")
    await Promise.all([runBulkActions(runtime), runBulkActions(runtime)]);
  // Leads that are changed leave the filter, and none is passed over for it.
  expect(await findBulkAction(ctx, id)).toMatchObject({ changedCount: total, unchangedCount: 0 });
  const told = await ctx.db.selectFrom("events").select("id").where("type", "=", "leads.status-changed").execute();
  expect(told).toHaveLength(total);
});

test("a bulk action is stopped between two batches, what was done is undone, and after thirty days no more", async () => {
  const world = await crowdedWorld(1_500);
  const { ctx, runtime } = world;
  const id = await startBulkAction(ctx, { filter: {}, doing: { kind: "tags", addTags: ["Spring"], removeTags: [] } });
  await runBulkActions(runtime);
  await cancelBulkAction(ctx, id);
  await world.drain();
  expect(await findBulkAction(ctx, id)).toMatchObject({ status: "CANCELLED", changedCount: 1_000 });
  await expect(cancelBulkAction(ctx, id)).rejects.toMatchObject({ definition: { code: "bulk-action-not-in-state" } });
  const undoId = await undoBulkAction(ctx, id);
  await expect(undoBulkAction(ctx, id)).rejects.toMatchObject({ definition: { code: "bulk-action-not-undoable" } });
  await world.drain();
  expect(await findBulkAction(ctx, undoId)).toMatchObject({ status: "COMPLETED", changedCount: 1_000, undoOf: id });

  const late = await startBulkAction(ctx, { filter: {}, doing: { kind: "tags", addTags: ["Late"], removeTags: [] } });
  await world.drain();
  await world.advance(31 * DAY_MS);
  await forgetBulkActions(runtime);
  await expect(undoBulkAction(ctx, late)).rejects.toMatchObject({ detail: expect.stringContaining("30 days") });
  expect(await ctx.db.selectFrom("bulkActionRows").select("leadId").execute()).toEqual([]);
});

test("an undo of a bulk action that was stopped is asked for again, puts back the rest, and leaves alone what it had put back", async () => {
  const world = await crowdedWorld(1_500);
  const { ctx, runtime } = world;
  const id = await startBulkAction(ctx, { filter: {}, doing: { kind: "status", status: "LOST" } });
  await world.drain();
  const changed = (await findBulkAction(ctx, id))?.changedCount ?? 0;
  expect(changed).toBeGreaterThan(1_000);
  const stopped = await undoBulkAction(ctx, id);
  await runBulkActions(runtime);
  const [first] = (await listLeads(ctx, { status: ["NEW"] }, { sort: "createdAt", order: "asc", limit: 1 })).rows;
  await cancelBulkAction(ctx, stopped);
  expect(await findBulkAction(ctx, id)).toMatchObject({ undoneAt: null });
  // Put back, and then lost again by a person's own will.
  await updateLead(ctx, first?.id ?? "", { status: "LOST" });
  const { body } = await world.request("POST", `/bulk-actions/${id}/undo`);
  expect(body).toMatchObject({ undoOf: id, total: changed - 1_000 });
  await world.drain();
  const { id: again } = z.object({ id: z.string() }).parse(body);
  expect(await findBulkAction(ctx, again)).toMatchObject({
    status: "COMPLETED",
    changedCount: changed - 1_000,
    refusedCount: 0,
  });
  expect((await getLead(ctx, first?.id ?? "")).status).toBe("LOST");
  await expect(undoBulkAction(ctx, id)).rejects.toMatchObject({ detail: "It was undone before." });
});
