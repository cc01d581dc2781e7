import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { choose, go, heading, saved, sendAgain, signIn } from "./acts.ts";
import { makeNewcomer } from "./newcomer.ts";
import { ANY_HOUR, call, idsOf, make, makeScripts, makeSequence, prepareSender } from "./sample-workspace.ts";
import { DESKTOP, PHONE, type Stage, openStage } from "./stage.ts";

/** As fast as a hand can, and faster than anything is drawn. */
const TWICE = [{ delay: 40 }, { delay: 0 }];

/** The writes that a page sends to addresses that end so. */
function writesTo(page: Page, ending: string): string[] {
  const found: string[] = [];
  page.on("request", (request) => {
    if (request.method() !== "GET" && new URL(request.url()).pathname.endsWith(ending)) found.push(request.url());
  });
  return found;
}

async function draftOf({ world }: Stage): Promise<string> {
  await prepareSender(world);
  const { email } = await makeScripts(world);
  const sequence = await make(world, "/sequences", {
    name: "Welcome",
    triggerType: "manual",
    settings: { sendWindow: ANY_HOUR },
  });
  const steps = [{ channel: "EMAIL", scriptId: email, delayValue: 0, delayUnit: "HOURS" }];
  await call(world, "PUT", `/sequences/${sequence}/steps`, { steps });
  return sequence;
}

test.each(TWICE)("a double click on Start sequence starts it once, with $delay ms between", async (twice) => {
  const stage = await openStage();
  const page = await stage.open(`/sequences/${await draftOf(stage)}`);
  const starts = writesTo(page, "/activate");
  await page.getByRole("button", { name: "Start sequence" }).dblclick(twice);
  await page.getByRole("button", { name: "Pause sequence" }).waitFor();
  expect(starts).toHaveLength(1);
});

test.each(TWICE)("a double click on Enrol brings the lead in once, with $delay ms between", async (twice) => {
  const stage = await openStage();
  const { world } = stage;
  await prepareSender(world);
  const lead = await world.make.lead();
  const sequence = await makeSequence(world, await makeScripts(world));
  const page = await stage.open(`/leads/${lead.id}`);
  const enrolments = writesTo(page, `/sequences/${sequence}/enrollments`);
  await page.getByRole("button", { name: "Enrol in sequence" }).click();
  const dialog = page.getByRole("dialog");
  await choose(dialog.getByRole("combobox", { name: "Sequence" }), "Welcome");
  await dialog.getByRole("button", { name: "Enrol", exact: true }).dblclick(twice);
  await page.getByRole("region", { name: "Sequences" }).getByRole("button", { name: "Why, Welcome" }).waitFor();
  expect(enrolments).toHaveLength(1);
  expect(await idsOf(world, `/leads/${lead.id}/enrollments`)).toHaveLength(1);
});

test("a double click on Add lead adds one", async () => {
  const stage = await openStage();
  const page = await stage.open("/leads");
  const added = writesTo(page, "/leads");
  await page.getByRole("button", { name: "New lead" }).click();
  const dialog = page.getByRole("dialog", { name: "New lead" });
  await dialog.getByLabel("First name").fill("Kofi");
  await dialog.getByRole("button", { name: "Add lead" }).dblclick();
  await heading(page, "Kofi").waitFor();
  expect(added).toHaveLength(1);
});

test("what one member does shows on the screen of another without a reload", async () => {
  const stage = await openStage();
  await stage.world.make.lead({ firstName: "Ines", lastName: "Hall" });
  const watching = await stage.open("/leads", { as: "MEMBER" });
  await watching.getByRole("link", { name: "Ines Hall" }).waitFor();
  const working = await stage.open("/leads");
  await working.getByRole("button", { name: "New lead" }).click();
  const dialog = working.getByRole("dialog", { name: "New lead" });
  await dialog.getByLabel("First name").fill("Kofi");
  await dialog.getByLabel("Last name").fill("Mensah");
  await dialog.getByRole("button", { name: "Add lead" }).click();
  await heading(working, "Kofi Mensah").waitFor();
  await watching.getByRole("link", { name: "Kofi Mensah" }).waitFor();
});

test("a reload keeps search, filter, sort and the open row", async () => {
  const stage = await openStage();
  for (const lastName of ["Zander", "Abel"]) await stage.world.make.lead({ firstName: "Ines", lastName });
  await stage.world.make.lead({ firstName: "Kofi", lastName: "Mensah" });
  const page = await stage.open("/leads");
  await page.getByLabel("Search leads").fill("Ines");
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("button", { name: "Status", exact: true }).click();
  await page.getByRole("option", { name: "New", exact: true }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("columnheader", { name: "Name" }).getByRole("button").click();
  await page.getByRole("link", { name: "Ines Zander" }).click();
  const shows = async () => {
    await page.getByRole("complementary", { name: "Ines Zander" }).waitFor();
    await page.getByRole("button", { name: "Remove filter Status" }).waitFor();
    await page.locator("[role=columnheader][aria-sort]", { hasText: "Name" }).waitFor();
    await page.getByRole("link", { name: "Kofi Mensah" }).waitFor({ state: "detached" });
    return {
      search: await page.getByLabel("Search leads").inputValue(),
      sort: await page.getByRole("columnheader", { name: "Name" }).getAttribute("aria-sort"),
      names: await page.getByRole("row").getByRole("link").allTextContents(),
    };
  };
  const before = await shows();
  expect(before).toMatchObject({ search: "Ines", names: expect.arrayContaining(["Ines Abel", "Ines Zander"]) });
  await page.reload();
  expect(await shows()).toEqual(before);
});

test("a session that ended leads to the sign-in page and from there back to where one was", async () => {
  const stage = await openStage();
  const { world, complaints } = stage;
  const login = await makeNewcomer(world);
  const page = await stage.open("/sign-in", { as: null });
  await signIn(page, login);
  await go(page, "Scripts");
  await heading(page, "Scripts").waitFor();
  await page.getByLabel("Search scripts").fill("welcome");
  await page.waitForURL(/q=welcome/);
  complaints.expect(/401 \(Unauthorized\)/);
  await world.runtime.database
    .forWorkspace("")
    .deleteFrom("sessions")
    .where("userId", "in", (query) => query.selectFrom("users").select("id").where("email", "=", login.email))
    .execute();
  // By itself or when it is asked for again, whichever comes first.
  await page.reload();
  await heading(page, "Sign in").waitFor();
  expect(new URL(page.url()).searchParams.get("next")).toMatch(/^\/scripts/);
  await signIn(page, login);
  await page.waitForURL(/\/scripts\?.*q=welcome/);
});

test("while the server is out of reach a banner says so, and the words that could not be saved stay", async () => {
  const stage = await openStage();
  const { email } = await makeScripts(stage.world);
  const page = await stage.open(`/scripts/${email}`);
  const body = page.getByLabel("Body");
  await body.fill("Words that took an hour");
  stage.complaints.expect(/ERR_INTERNET_DISCONNECTED/);
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Save script" }).click();
  const banner = page.getByText("The server cannot be reached.");
  await banner.first().waitFor();
  expect(await body.inputValue()).toBe("Words that took an hour");
  await page.context().setOffline(false);
  await banner.first().waitFor({ state: "detached" });
  expect(await body.inputValue()).toBe("Words that took an hour");
  await sendAgain(page);
  await saved(page);
  await page.reload();
  expect(await body.inputValue()).toBe("Words that took an hour");
});

test("a viewer finds the acts greyed, each with the reason, and forms that cannot be typed into", async () => {
  const stage = await openStage();
  const { world } = stage;
  const lead = await world.make.lead();
  const scripts = await makeScripts(world);
  await prepareSender(world);
  const sequence = await makeSequence(world, scripts);
  const acts = {
    "/leads": ["New lead", "Import"],
    [`/leads/${lead.id}`]: ["Enrol in sequence"],
    "/leads/import": ["Choose file"],
    "/scripts": ["New script"],
    [`/scripts/${scripts.sms}`]: ["Save script"],
    "/sequences": ["New sequence"],
    [`/sequences/${sequence}`]: ["Pause sequence", "Enrol leads"],
    "/leads/intake": ["New source"],
    "/settings/workspace": ["Save name"],
    "/settings/scoring": ["Apply to all leads"],
    "/settings/members": ["Invite"],
  };
  const page = await (await stage.visit({ as: "VIEWER" })).newPage();
  for (const [path, names] of Object.entries(acts)) {
    await page.goto(path);
    for (const name of names) {
      const button = page.getByRole("button", { name, exact: true }).first();
      await button.waitFor();
      expect(await button.getAttribute("aria-disabled"), `${name} at ${path}`).toBe("true");
      await button.focus();
      await page
        .getByRole("tooltip")
        .filter({ hasText: /permission/ })
        .first()
        .waitFor();
    }
  }
  for (const [path, label] of [
    ["/settings/scoring", "Days"],
    ["/settings/workspace", "Name of the workspace"],
  ] as const) {
    await page.goto(path);
    await page.getByLabel(label).waitFor();
    expect(await page.getByLabel(label).isDisabled(), `${label} at ${path}`).toBe(true);
  }
  // What this person may not see is not asked for: nothing is refused, and the console stays silent.
  for (const path of ["/sandbox", "/settings/jobs", "/settings/api-keys"]) {
    await page.goto(path);
    await page.getByText("You do not have access to this").waitFor();
  }
});

test("back from a lead's page shows the list again as it was, with the panel that was open", async () => {
  const stage = await openStage();
  await stage.world.make.lead({ firstName: "Ines", lastName: "Hall" });
  for (const size of [undefined, PHONE]) {
    const page = await stage.open("/leads?status=NEW", { size });
    await page.getByRole("link", { name: "Ines Hall" }).click();
    await page.getByRole("link", { name: "Open page" }).click();
    await heading(page, "Ines Hall").waitFor();
    await page.goBack();
    await page.getByRole("link", { name: "Open page" }).waitFor();
    expect(page.url()).toContain("status=NEW");
    await page.getByRole("button", { name: /^Close/ }).click();
    await page.getByRole("link", { name: "Open page" }).waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Ines Hall" }).waitFor();
  }
});

const NARROW_AND_WIDE = [
  { at: "a desk", size: DESKTOP },
  { at: "a phone", size: PHONE },
];

test.each(NARROW_AND_WIDE)("at $at, back closes the panel of a list, and closing it goes back", async ({ size }) => {
  const stage = await openStage();
  const { world } = stage;
  for (const lastName of ["Hall", "Mensah"]) await world.make.lead({ firstName: "Ines", lastName });
  await call(world, "POST", "/suppressions", { kind: "EMAIL", address: "no@northlight.example" });
  const page = await stage.open("/leads?status=NEW", { size });
  const panel = page.getByRole("link", { name: "Open page" });
  await page.getByRole("link", { name: "Ines Hall" }).click();
  await panel.waitFor();
  await page.goBack();
  await panel.waitFor({ state: "detached" });
  expect(new URL(page.url()).search).toBe("?status=NEW");
  // Rows that follow each other are one step of the history.
  await page.getByRole("link", { name: "Ines Hall" }).click();
  await panel.waitFor();
  if (size === DESKTOP) {
    await page.getByRole("link", { name: "Ines Mensah" }).click();
    await page.getByRole("complementary", { name: "Ines Mensah" }).waitFor();
  }
  await page.getByRole("button", { name: /^Close/ }).click();
  await panel.waitFor({ state: "detached" });
  await page.goForward();
  await panel.waitFor();
  // An address with its row has no list before it.
  const direct = await stage.open(new URL(page.url()).pathname + new URL(page.url()).search, { size });
  await direct.getByRole("button", { name: /^Close/ }).click();
  await direct.getByRole("link", { name: "Open page" }).waitFor({ state: "detached" });
  expect(new URL(direct.url()).search).toBe("?status=NEW");
  const others = await stage.open("/leads/suppressions", { size });
  await others.getByText("no@northlight.example").click();
  await others.waitForURL(/row=/);
  await others.goBack();
  await others.getByRole("button", { name: /^Close/ }).waitFor({ state: "detached" });
  await heading(others, "Suppressed addresses").waitFor();
});

test("eight tabs of one browser all work, and each shows what happens", async () => {
  const stage = await openStage();
  const context = await stage.visit();
  const tabs: Page[] = [];
  for (let tab = 1; tab <= 8; tab++) {
    const page = await context.newPage();
    await page.goto("/leads");
    await page.getByText("No leads yet").waitFor();
    tabs.push(page);
  }
  await stage.world.make.lead({ firstName: "Ines", lastName: "Hall" });
  await stage.world.make.lead({ firstName: "Kofi", lastName: "Mensah" });
  for (const page of tabs) await page.getByRole("link", { name: "Ines Hall" }).waitFor();
  // The tab that hears for the others is closed, and another takes over.
  await tabs.shift()?.close();
  await stage.world.make.lead({ firstName: "Lena", lastName: "Fischer" });
  for (const page of tabs) await page.getByRole("link", { name: "Lena Fischer" }).waitFor();
});
