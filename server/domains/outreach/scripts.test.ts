import { expect, test } from "vitest";
import { testWorld } from "#test/world.ts";
import { createScript } from "./commands/create-script.ts";
import { deleteScript } from "./commands/delete-script.ts";
import { duplicateScript } from "./commands/duplicate-script.ts";
import { pauseSequence } from "./commands/pause-sequence.ts";
import { previewScript } from "./commands/preview-script.ts";
import { setDefaultScript } from "./commands/set-default-script.ts";
import { updateScript } from "./commands/update-script.ts";
import { newScriptSchema, type NewScript } from "./contract/scripts.ts";
import { findScript, listScriptRows } from "./queries/script-rows.ts";
import { activeSequence } from "./test-sequences.ts";

const sms = (content: string): NewScript => ({ name: "First text", type: "SMS", content });
const HERE = "https://app.example.test";

test("a script is kept unfinished, changed, and told in events", async () => {
  const { ctx } = await testWorld();
  const id = await createScript(ctx, { name: "Welcome", type: "EMAIL" });
  await updateScript(ctx, id, { subject: "Hello {{ firstName }}", content: "**Hi**" });
  expect(await findScript(ctx, id)).toMatchObject({
    name: "Welcome",
    type: "EMAIL",
    subject: "Hello {{ firstName }}",
    content: "**Hi**",
    format: "markdown",
    isDefault: false,
  });
  const events = await ctx.db
    .selectFrom("events")
    .select("payload")
    .where("subjectId", "=", id)
    .orderBy("id")
    .execute();
  expect(events.map(({ payload }) => payload)).toMatchObject([{ what: "created" }, { what: "updated" }]);
  await expect(updateScript(ctx, "scr_none", { name: "x" })).rejects.toMatchObject({
    definition: { code: "script-not-found" },
  });
  await expect(createScript(ctx, { ...sms("Hi"), campaignId: "camp_none" })).rejects.toMatchObject({
    definition: { code: "campaign-not-found" },
  });
});

test("a voice setting that nobody reads is refused", () => {
  const call = { name: "Call", type: "CALL", vapiConfig: { firstMessage: "Hello", instructions: "Be kind", speed: 2 } };
  expect(newScriptSchema.safeParse(call).success).toBe(false);
});

test("a viewer reads scripts and writes none", async () => {
  const world = await testWorld();
  const viewer = await world.as("VIEWER");
  await expect(createScript(viewer, sms("Hi"))).rejects.toMatchObject({ definition: { code: "not-allowed" } });
});

test("one script of a type is the default, however many choose at once", async () => {
  const { ctx } = await testWorld();
  const ids = await Promise.all([sms("a"), sms("b"), sms("c")].map((script) => createScript(ctx, script)));
  const mail = await createScript(ctx, { name: "Mail", type: "EMAIL" });
  await setDefaultScript(ctx, mail);
  await Promise.all([...ids, ...ids].map((id) => setDefaultScript(ctx, id)));
  const scripts = await listScriptRows(ctx, { limit: 50 });
  expect(scripts.filter(({ type, isDefault }) => type === "SMS" && isDefault)).toHaveLength(1);
  expect(scripts.find(({ id }) => id === mail)?.isDefault).toBe(true);
});

test("a copy has the text and a name of its own, and is not the default", async () => {
  const { ctx } = await testWorld();
  const id = await createScript(ctx, sms("Hi {{ firstName }}"));
  await setDefaultScript(ctx, id);
  const copy = await findScript(ctx, await duplicateScript(ctx, id));
  expect(copy).toMatchObject({ name: "First text (copy)", content: "Hi {{ firstName }}", isDefault: false });
});

test("the list is filtered, searched and paged, newest first", async () => {
  const { ctx, clock } = await testWorld();
  for (const name of ["Alpha", "Beta", "Gamma"]) {
    await createScript(ctx, { ...sms("x"), name });
    clock.set(new Date(clock.now().getTime() + 1_000));
  }
  await createScript(ctx, { name: "Mail", type: "EMAIL" });
  const names = async (page: Parameters<typeof listScriptRows>[1]) =>
    (await listScriptRows(ctx, page)).map(({ name }) => name);
  expect(await names({ type: "SMS", limit: 50 })).toEqual(["Gamma", "Beta", "Alpha"]);
  expect(await names({ search: "ETA", limit: 50 })).toEqual(["Beta"]);
  const [first] = await listScriptRows(ctx, { limit: 1 });
  const after = [first?.createdAt.getTime() ?? 0, first?.id ?? ""] as const;
  expect(await names({ limit: 50, after })).toEqual(["Gamma", "Beta", "Alpha"]);
});

test("a preview is what the lead would get, with the parts of the text message counted", async () => {
  const { ctx, make } = await testWorld();
  const lead = await make.lead({ firstName: "", lastName: "O'$& <b>" });
  const id = await createScript(ctx, sms('Hi {{ firstName | default: "there" }} {{ lastName }}'));
  expect(await previewScript(ctx, id, lead.id, HERE)).toMatchObject({
    message: { type: "SMS", text: "Hi there O'$& <b>", segments: { encoding: "GSM-7", segments: 1 } },
    missing: [],
    faults: [],
  });
});

test("a preview names what is missing for this lead and what no lead has", async () => {
  const { ctx, make } = await testWorld();
  const lead = await make.lead({ company: undefined });
  const draft = { type: "SMS" as const, content: "{{ company }} {{ fristName }} {{ custom.plan }}" };
  const preview = await previewScript(ctx, draft, lead.id, HERE);
  expect(preview.message).toBeNull();
  expect(preview.missing).toEqual(["company", "fristName", "custom.plan"]);
  expect(preview.faults).toEqual([
    { code: "unknown_variable", detail: "unknown variable fristName in the text: did you mean firstName?" },
  ]);
  await expect(previewScript(ctx, draft, "lead_none", HERE)).rejects.toMatchObject({
    definition: { code: "lead-not-found" },
  });
});

test("a deleted script is gone", async () => {
  const { ctx } = await testWorld();
  const id = await createScript(ctx, sms("Hi"));
  await deleteScript(ctx, id);
  expect(await findScript(ctx, id)).toBeUndefined();
  await expect(deleteScript(ctx, id)).rejects.toMatchObject({ definition: { code: "script-not-found" } });
});

test("a script says which sequences use it, those under way first; a step that is switched off counts no more", async () => {
  const world = await testWorld();
  const { ctx } = world;
  const scriptId = await createScript(ctx, sms("Hi"));
  const paused = await activeSequence(ctx, [{ scriptId }, { scriptId }], { name: "Paused" });
  await pauseSequence(ctx, paused);
  const active = await activeSequence(ctx, [{ scriptId }], { name: "Running" });
  await activeSequence(ctx, [{}, { scriptId, isActive: false }], { name: "Switched off" });
  expect((await world.request("GET", `/scripts/${scriptId}`)).body).toMatchObject({
    usedBy: [
      { id: active, name: "Running", status: "ACTIVE" },
      { id: paused, name: "Paused", status: "PAUSED" },
    ],
  });
});
