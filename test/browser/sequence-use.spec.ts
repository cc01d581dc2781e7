import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { upsertLeads } from "#domains/leads/index.ts";
import { rowOf } from "#domains/leads/test-leads.ts";
import { heading, saved } from "./acts.ts";
import { hasFocus, press, tabTo } from "./by-keyboard.ts";
import { call, idsOf, make, makeScripts, makeSequence, prepareSender } from "./sample-workspace.ts";
import { PHONE, openStage, type Stage } from "./stage.ts";

/* One workspace and one signed-in browser for the whole file: each test has records of its own. */
let stage: Stage;
let page: Page;
let scripts: Awaited<ReturnType<typeof makeScripts>>;

beforeAll(async () => {
  stage = await openStage();
  await prepareSender(stage.world);
  scripts = await makeScripts(stage.world);
  page = await (await stage.visit()).newPage();
});

afterAll(() => stage.close());

beforeEach(({ onTestFinished }) => onTestFinished(() => stage.complaints.refuse()));

test("a condition is written with the keyboard alone, and is not called wrong before anybody was at it", async () => {
  const { world } = stage;
  const sequence = await make(world, "/sequences", { name: "For some", triggerType: "manual" });
  await call(world, "PUT", `/sequences/${sequence}/steps`, {
    steps: [{ channel: "EMAIL", scriptId: scripts.email, delayValue: 0, delayUnit: "HOURS" }],
  });
  await page.goto(`/sequences/${sequence}`);
  const settings = page.getByRole("region", { name: "Settings of the chosen step" });
  await press(page, settings.getByRole("button", { name: "Add condition" }));
  const anyOf = settings.getByRole("combobox", { name: "Any of" });
  await anyOf.waitFor();
  expect(await settings.getByRole("alert").count()).toBe(0);
  await press(page, anyOf);
  await page.getByRole("option", { name: "New" }).waitFor();
  await page.keyboard.type("contac");
  await page.getByRole("option", { name: "New" }).waitFor({ state: "detached" });
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await settings.getByText("Only if status is Contacted").waitFor();

  // One that is left empty is called so once it was left.
  await press(page, settings.getByRole("button", { name: "Add condition" }));
  await tabTo(page, settings.getByRole("combobox", { name: "Any of" }).nth(1));
  await page.keyboard.press("Tab");
  await settings.getByText("Choose at least one").waitFor();
  await press(page, settings.getByRole("button", { name: "Remove condition 2" }));

  await press(page, page.getByRole("button", { name: "Save steps" }));
  await saved(page);
  const { body } = await world.request("GET", `/sequences/${sequence}`);
  expect(body).toMatchObject({
    steps: [{ conditions: { all: [{ on: "field", field: "status", op: "is", value: ["CONTACTED"] }] } }],
  });
});

test("a step that is dragged and published does to those inside what the preview said", async () => {
  const { world } = stage;
  const sequence = await makeSequence(world, scripts);
  const lead = await world.make.lead({ firstName: "Ada", lastName: "Dragged" });
  await call(world, "POST", `/sequences/${sequence}/enrollments`, { leadIds: [lead.id] });
  await stage.advance(1);
  await page.goto(`/sequences/${sequence}`);
  const cards = page.getByRole("list", { name: "Steps" }).getByRole("listitem");
  await cards.nth(2).getByText("3. First call").waitFor();
  // The drag is there a moment after the page, as it comes by itself.
  await cards.nth(2).and(page.locator("[draggable=true]")).waitFor();
  await cards
    .nth(2)
    .locator("[data-handle]")
    .dragTo(cards.nth(1), { targetPosition: { x: 40, y: 4 } });
  await cards.nth(1).getByText("2. First call").waitFor();
  await page.getByRole("button", { name: "Save draft" }).click();
  await page.getByRole("button", { name: "Publish…" }).click();
  const dialog = page.getByRole("dialog", { name: /^Publish version 2/ });
  await dialog.getByRole("radio", { name: /^Move those .*: 1 of 1$/ }).click();
  await dialog.getByText("1 lead: the next touch comes later").waitFor();
  await dialog.getByRole("button", { name: "Publish version 2" }).click();
  await dialog.waitFor({ state: "detached" });
  await stage.advance(0);
  const [enrollment = ""] = await idsOf(world, `/leads/${lead.id}/enrollments`);
  const { body } = await world.request("GET", `/enrollments/${enrollment}/explain`);
  // Instead of the text after 12 hours the call comes: after two days, at the first hour at which the lead may be called.
  expect(body).toMatchObject({
    version: 2,
    next: { channel: "CALL", stepOrder: 1, scheduledAt: "2026-03-04T13:00:00.000Z" },
  });
});

test("why a touch went out is read with the keyboard alone, and Escape leads back to where one was", async () => {
  const { world } = stage;
  const sequence = await makeSequence(world, scripts);
  const lead = await world.make.lead({ firstName: "Ada", lastName: "Explained" });
  await call(world, "POST", `/sequences/${sequence}/enrollments`, { leadIds: [lead.id] });
  await stage.advance(1);
  await page.goto(`/leads/${lead.id}`);
  await heading(page, "Ada Explained").waitFor();
  const why = page.getByRole("button", { name: /^Why/ }).first();
  await press(page, why);
  const panel = page.getByRole("dialog", { name: "Welcome" });
  const touch = panel.getByRole("button", { name: /1\. Welcome mail/ });
  await tabTo(page, touch);
  await page.keyboard.press("Enter");
  await panel.getByText("Not written to too often").waitFor();
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
  expect(await hasFocus(why)).toBe(true);
});

test("what many leads are changed to together is undone together", async () => {
  const { world } = stage;
  const ids: string[] = [];
  for (const lastName of ["One", "Two"]) ids.push((await world.make.lead({ firstName: "Bulk", lastName })).id);
  const statuses = async () => {
    const found: unknown[] = [];
    for (const id of ids) found.push((await world.request("GET", `/leads/${id}`)).body);
    return found;
  };
  await page.goto("/leads?q=Bulk");
  for (const name of ["Bulk One", "Bulk Two"]) await page.getByRole("checkbox", { name: new RegExp(name) }).click();
  await page.getByRole("button", { name: "Set status of 2 leads" }).click();
  const dialog = page.getByRole("dialog", { name: "Change 2 leads" });
  await dialog.getByLabel("New status").click();
  await page.getByRole("option", { name: "Lost" }).click();
  await dialog.getByText("2 would change").waitFor();
  await dialog.getByRole("button", { name: "Change 2 leads" }).click();
  const report = page.getByRole("dialog", { name: "Set status to Lost" });
  await report.waitFor();
  await stage.advance(0);
  await report.getByRole("button", { name: "Undo" }).waitFor();
  expect(await statuses()).toMatchObject([{ status: "LOST" }, { status: "LOST" }]);
  await report.getByRole("button", { name: "Undo" }).click();
  await stage.advance(0);
  await page.getByRole("dialog").getByText("Completed").waitFor();
  expect(await statuses()).toMatchObject([{ status: "NEW" }, { status: "NEW" }]);
});

test("on a phone every act on chosen leads is behind one button, with its whole words", async () => {
  await stage.world.make.lead({ lastName: "Pocket" });
  const phone = await stage.open("/leads?q=Pocket", { size: PHONE });
  await phone.getByRole("checkbox", { name: /Pocket/ }).click();
  await phone.getByRole("region", { name: "Selection" }).getByRole("button", { name: "Actions" }).click();
  const acts = phone.getByRole("menuitem");
  await acts.first().waitFor();
  expect(await acts.allTextContents()).toEqual([
    "Set status of 1 lead",
    "Add tag to 1 lead",
    "Other change to 1 lead",
    "Enrol 1 lead in a sequence",
    "Put 1 lead into a campaign",
  ]);
  await acts.last().click();
  await phone.getByRole("dialog", { name: "Put 1 lead into a campaign" }).waitFor();
});

test("all leads that match are put into a campaign after a preview and taken out again by an undo", async () => {
  const { world } = stage;
  // More than the list holds before it is scrolled.
  const rows = Array.from({ length: 119 }, (_, n) => rowOf({ lastName: "Grove", email: `grove-${n}@example.test` }));
  await upsertLeads(world.ctx, rows, { policy: "fill" });
  const first = await world.make.lead({ lastName: "Grove" });
  const campaign = await make(world, "/campaigns", { name: "Grove week", maxLeads: 120 });
  await call(world, "POST", `/campaigns/${campaign}/leads`, { leadIds: [first.id] });
  await page.goto("/leads?q=Grove");
  await page.getByText("120 leads").waitFor();
  await page.getByRole("checkbox", { name: "Select all loaded rows" }).click();
  await page.getByRole("button", { name: "Select all 120 leads" }).click();
  await page.getByRole("button", { name: "Put 120 leads into a campaign" }).click();
  const dialog = page.getByRole("dialog", { name: "Put all matching leads into a campaign" });
  await press(page, dialog.getByRole("combobox", { name: "Campaign" }));
  await page.keyboard.type("Grove");
  await page.getByRole("option", { name: "Grove week" }).waitFor();
  await page.keyboard.press("Enter");
  await dialog.getByText("120 leads match, 119 would come in.").waitFor();
  await dialog.getByText("1 is in it already.").waitFor();
  await press(page, dialog.getByRole("button", { name: "Put in 119 leads" }));
  const report = page.getByRole("dialog", { name: "Bulk assignment" });
  await report.waitFor();
  await stage.advance(0);
  await report.getByText(/119 leads put in, 1 was in it before(?!, \d)/).waitFor();
  await press(page, report.getByRole("button", { name: "Undo" }));
  const undo = page.getByRole("dialog", { name: "Undo of a bulk assignment" });
  await press(page, undo.getByRole("button", { name: "Stop" }));
  await undo.getByText("the others are still in the campaign").waitFor();
  await press(page, undo.getByRole("button", { name: "Take out the rest" }));
  await undo.getByText("Cancelled").waitFor({ state: "detached" });
  await stage.advance(0);
  await undo.getByText("119 leads taken out").waitFor();
  const { body } = await world.request("GET", `/campaigns/${campaign}/leads`);
  expect(body).toMatchObject({ data: [{ leadId: first.id }], has_more: false });
});

test("a person turns one channel off on the page behind a mail's link, with the keyboard alone", async () => {
  const { world } = stage;
  const sequence = await makeSequence(world, scripts);
  const lead = await world.make.lead({ firstName: "Ada", lastName: "Choosing" });
  await call(world, "POST", `/sequences/${sequence}/enrollments`, { leadIds: [lead.id] });
  await stage.advance(1);
  const { text } = await world.request("GET", "/sandbox/deliveries?channel=EMAIL&limit=1");
  const [link = ""] = /\/u\/[\w.~-]+/.exec(text) ?? [];
  const theirs = await stage.open(link, { as: null });
  const phone = theirs.getByRole("checkbox", { name: /^Text messages/ });
  await tabTo(theirs, phone);
  await theirs.keyboard.press("Space");
  await press(theirs, theirs.getByRole("button", { name: "Save these choices" }));
  await theirs.getByRole("status").getByText("Saved.").waitFor();
  expect(await phone.isChecked()).toBe(false);
  const { body } = await world.request("GET", `/leads/${lead.id}`);
  expect(JSON.stringify(body)).toContain('"scope":"SMS"');
});
