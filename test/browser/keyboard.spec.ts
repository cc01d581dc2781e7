import { join } from "node:path";
import { expect, test } from "vitest";
import { heading, saved } from "./acts.ts";
import { hasFocus, press, tabTo } from "./by-keyboard.ts";
import { idsOf, make, makeScripts } from "./sample-workspace.ts";
import { openStage } from "./stage.ts";

const FILE = join(import.meta.dirname, "../fixtures/leads-semicolon-cp1252.csv");

test("Ctrl-K opens the palette, which finds a page by its name and goes there", async () => {
  const stage = await openStage();
  const page = await stage.open("/leads");
  await heading(page, "Leads").waitFor();
  await page.keyboard.press("Control+K");
  const palette = page.getByRole("dialog", { name: "Search and commands" });
  await palette.getByRole("option", { name: "Scripts" }).waitFor();
  await page.keyboard.type("sequen");
  await palette.getByRole("option", { name: "Scripts" }).waitFor({ state: "detached" });
  await page.keyboard.press("Enter");
  await heading(page, "Sequences").waitFor();
  await palette.waitFor({ state: "detached" });
});

test("j, k, x, Enter and / work on the list of leads", async () => {
  const stage = await openStage();
  for (const lastName of ["First", "Second", "Third"]) await stage.world.make.lead({ firstName: "Ada", lastName });
  const page = await stage.open("/leads?sort=-createdAt");
  await page.getByRole("link", { name: "Ada First" }).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await page.keyboard.press("x");
  await page.getByRole("region", { name: "Selection" }).getByText("1 lead selected").waitFor();
  expect(await page.getByRole("row", { selected: true }).textContent()).toContain("Ada Second");
  await page.keyboard.press("Enter");
  await page.getByRole("complementary", { name: "Ada Second" }).waitFor();
  await page.keyboard.press("/");
  expect(await hasFocus(page.getByLabel("Search leads"))).toBe(true);
});

test("a dialog keeps the focus while it is open, and Escape closes it and gives the focus back to what opened it", async () => {
  const stage = await openStage();
  const page = await stage.open("/leads");
  await press(page, page.getByRole("button", { name: "New lead" }));
  const dialog = page.getByRole("dialog", { name: "New lead" });
  await dialog.waitFor();
  for (let stop = 0; stop < 20; stop++) {
    await page.keyboard.press("Tab");
    expect(await dialog.evaluate((node) => node.contains(document.activeElement))).toBe(true);
  }
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  expect(await hasFocus(page.getByRole("button", { name: "New lead" }))).toBe(true);
});

test("a dialog from a menu gives the focus back to the menu's button", async () => {
  const stage = await openStage();
  const page = await stage.open("/leads");
  const menu = page.getByRole("button", { name: "More actions" });
  await press(page, menu);
  const line = page.getByRole("menuitem", { name: "Manage tags" });
  await line.waitFor();
  while (!(await hasFocus(line))) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  expect(await hasFocus(menu)).toBe(true);
});

test("every stop of the Tab key is plain to see", async () => {
  const stage = await openStage();
  await stage.world.make.lead();
  const page = await stage.open("/leads");
  await page.getByRole("link", { name: "Ada Example 0" }).waitFor();
  const hidden: string[] = [];
  for (let stop = 0; stop < 40; stop++) {
    await page.keyboard.press("Tab");
    const unseen = await page.evaluate(() => {
      const focused = document.activeElement;
      if (!focused || focused === document.body) return null;
      // A table shows it around its scrolling frame.
      const shown = [focused, focused.parentElement].some((element) => {
        if (!element) return false;
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
        return (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
      });
      return shown ? null : focused.outerHTML.slice(0, 160);
    });
    if (unseen) hidden.push(unseen);
  }
  expect(hidden).toEqual([]);
});

test("a file is imported with the keyboard alone", async () => {
  const stage = await openStage();
  const page = await stage.open("/leads/import");
  const chooser = page.waitForEvent("filechooser");
  await press(page, page.getByRole("button", { name: "Choose file" }));
  await (await chooser).setFiles(FILE);
  await heading(page, "leads-semicolon-cp1252.csv").waitFor();
  await press(page, page.getByRole("button", { name: "Preview" }));
  await press(page, page.getByRole("button", { name: /^Import about .* rows$/ }));
  await page.getByText("You can leave this page").waitFor();
  await stage.advance(0);
  await page.getByText(/^120 rows were read/).waitFor();
  await press(page, page.getByRole("link", { name: "Show leads" }));
  await heading(page, "Leads").waitFor();
});

test("steps are added, filled, moved and saved with the keyboard alone", async () => {
  const stage = await openStage();
  const { world } = stage;
  await makeScripts(world);
  const sequence = await make(world, "/sequences", { name: "By keyboard", triggerType: "manual" });
  const page = await stage.open(`/sequences/${sequence}`);
  const settings = page.getByRole("region", { name: "Settings of the chosen step" });
  for (const number of [1, 2]) {
    await press(page, page.getByRole("button", { name: "Add step" }));
    await settings.getByRole("heading", { name: `Step ${number}` }).waitFor();
    await press(page, settings.getByRole("combobox", { name: "Script" }));
    await page.getByRole("option", { name: "Welcome mail" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("option").first().waitFor({ state: "detached" });
    await tabTo(page, settings.getByLabel("Wait", { exact: true }));
    await page.keyboard.press("Control+A");
    await page.keyboard.type(String(number));
  }
  await press(page, page.getByRole("button", { name: "Move step 2 up" }));
  await press(page, page.getByRole("button", { name: "Save steps" }));
  await saved(page);
  const { body } = await world.request("GET", `/sequences/${sequence}`);
  expect(body).toMatchObject({ steps: [{ delayValue: 2 }, { delayValue: 1 }] });
  expect(await idsOf(world, "/sequences")).toEqual([sequence]);
});
