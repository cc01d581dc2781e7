import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { heading } from "./acts.ts";
import { make, makeScripts, makeSequence, prepareSender } from "./sample-workspace.ts";
import { openStage } from "./stage.ts";

const paletteOf = (page: Page) => page.getByRole("dialog", { name: "Search and commands" });

async function search(page: Page, text: string): Promise<void> {
  await page.keyboard.press("Control+K");
  await paletteOf(page).getByRole("option", { name: "Home" }).waitFor();
  await page.keyboard.type(text);
}

test("the palette finds leads by name, e-mail, phone and company, and the keyboard opens them", async () => {
  const stage = await openStage();
  const { make: makers } = stage.world;
  const grace = { firstName: "Grace", lastName: "Okafor", company: "Kestrel Yachts", email: "grace@kestrel.example" };
  await makers.lead({ ...grace, phone: "+14155550142" });
  await makers.lead({ firstName: "Tomas", lastName: "Lindqvist" });
  const page = await stage.open("/");
  await heading(page, "Home").waitFor();
  for (const text of ["okaf", "grace@kes", "415 555 0142", "kestrel y"]) {
    await search(page, text);
    await paletteOf(page).getByRole("option", { name: "Grace Okafor", selected: true }).waitFor();
    expect(await paletteOf(page).getByRole("option").count(), text).toBe(1);
    await page.keyboard.press("Escape");
    await paletteOf(page).waitFor({ state: "detached" });
  }
  await search(page, "okaf");
  await paletteOf(page).getByRole("option", { name: "Grace Okafor" }).waitFor();
  await page.keyboard.press("Enter");
  await heading(page, "Grace Okafor").waitFor();
});

test("the palette finds sequences, campaigns and scripts by name, and says when nothing fits", async () => {
  const stage = await openStage();
  const { world } = stage;
  await prepareSender(world);
  await makeSequence(world, await makeScripts(world));
  await make(world, "/campaigns", { name: "Welcome week" });
  const page = await stage.open("/leads");
  await heading(page, "Leads").waitFor();
  await search(page, "welc");
  const palette = paletteOf(page);
  for (const group of ["Sequences", "Campaigns", "Scripts"])
    await palette.getByRole("group", { name: group }).getByRole("option").waitFor();
  await page.keyboard.press("ArrowDown");
  await palette.getByRole("option", { name: "Welcome week", selected: true }).waitFor();
  await page.keyboard.press("Enter");
  await heading(page, "Welcome week").waitFor();
  await search(page, "zzzz");
  await palette.getByText("Nothing found").waitFor();
});

test("the palette offers what the page's own menu offers, and no more", async () => {
  const stage = await openStage();
  const lead = await stage.world.make.lead();
  const page = await stage.open(`/leads/${lead.id}`);
  await heading(page, "Ada Example 0").waitFor();
  await search(page, "delete lead");
  await page.keyboard.press("Enter");
  await page.getByRole("alertdialog").or(page.getByRole("dialog")).getByText("Ada Example 0").first().waitFor();

  const looking = await stage.open(`/leads/${lead.id}`, { as: "VIEWER" });
  await heading(looking, "Ada Example 0").waitFor();
  await search(looking, "delete lead");
  await paletteOf(looking).getByText("Nothing found").waitFor();
});
