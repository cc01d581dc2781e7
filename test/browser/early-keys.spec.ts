import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { heading } from "./acts.ts";
import { openStage } from "./stage.ts";

/** Holds a chunk back until the test lets it come. */
async function holdBack(page: Page, chunk: RegExp): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route(chunk, async (route) => {
    await promise;
    await route.continue();
  });
  return resolve;
}

test("keys typed right after Ctrl+K arrive in the palette's field, however late the palette itself comes", async () => {
  const stage = await openStage();
  await stage.world.make.lead({ firstName: "Grace", lastName: "Okafor" });
  const page = await (await stage.visit()).newPage();
  const letCome = await holdBack(page, /\/command-palette-[^/]+\.js$/);
  await page.goto("/leads");
  await heading(page, "Leads").waitFor();
  await page.keyboard.press("Control+K");
  await page.keyboard.type("okxafor");
  for (let left = 0; left < 4; left += 1) await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Backspace");
  letCome();
  const palette = page.getByRole("dialog", { name: "Search and commands" });
  await palette.getByRole("option", { name: "Grace Okafor", selected: true }).waitFor();
  // The caret is where it was: what follows goes on from there.
  await page.keyboard.type("_");
  expect(await palette.getByRole("combobox").inputValue()).toBe("ok_afor");
});

test("keys typed while a dialog is on its way arrive in its fields and press nothing on the page behind", async () => {
  const stage = await openStage();
  await stage.world.make.lead();
  const page = await (await stage.visit()).newPage();
  const letCome = await holdBack(page, /\/new-lead-dialog-[^/]+\.js$/);
  await page.goto("/leads");
  await page.getByRole("button", { name: "New lead" }).first().click();
  await page.keyboard.type("Noor x");
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Jansen");
  expect(await page.getByRole("dialog").count()).toBe(0);
  letCome();
  const dialog = page.getByRole("dialog", { name: "New lead" });
  await dialog.waitFor();
  await dialog.getByLabel("Last name").and(page.locator(":focus")).waitFor();
  expect(await dialog.getByLabel("First name").inputValue()).toBe("Noor ");
  expect(await dialog.getByLabel("Last name").inputValue()).toBe("Jansen");
});
