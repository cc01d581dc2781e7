import type { Locator, Page } from "playwright-core";

/** What people do on several pages, by the names that they read. */

/** Signs in on the page for it. */
export async function signIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("navigation", { name: "Pages" }).waitFor();
}

/** Goes to a page by the rail. */
export async function go(page: Page, place: string): Promise<void> {
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: place, exact: true }).click();
}

export const heading = (page: Page, name: string | RegExp) =>
  page.getByRole("heading", { level: 1, name, exact: typeof name === "string" });

/** Chooses one of a few choices, or one that is found by typing. */
export async function choose(from: Locator, option: string): Promise<void> {
  await from.click();
  await from.page().getByRole("option", { name: option }).click();
}

/** Nothing of the page is unsaved any more: it may be left. */
export const saved = (page: Page): Promise<void> =>
  page.getByText(/^(Unsaved changes|Saved elsewhere since)/).waitFor({ state: "detached" });

/** Sends the page's form once more: a second press of its button within half a second would be taken for a double click. */
export const sendAgain = (page: Page) =>
  page.locator("form").evaluate((form) => form instanceof HTMLFormElement && form.requestSubmit());

export type Words = { channel: "E-mail" | "SMS" | "Call"; name: string; fields: Record<string, string> };

/** Writes a script and leaves its page open. */
export async function writeScript(page: Page, { channel, name, fields }: Words): Promise<void> {
  await go(page, "Scripts");
  await heading(page, "Scripts").waitFor();
  await page.getByRole("button", { name: "New script" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New script" });
  await dialog.getByLabel("Name").fill(name);
  if (channel !== "E-mail") await choose(dialog.getByLabel("Channel"), channel);
  await dialog.getByRole("button", { name: "Create script" }).click();
  await heading(page, name).waitFor();
  for (const [label, words] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(words);
  await page.getByRole("button", { name: "Save script" }).click();
  await saved(page);
}

export type Step = {
  channel: "E-mail" | "SMS" | "Call";
  script: string;
  wait: string;
  unit: "Hours" | "Days" | "Weeks";
};

/** Begins a sequence, sets its steps and saves them; its page stays open. */
export async function buildSequence(page: Page, name: string, steps: readonly Step[]): Promise<void> {
  await go(page, "Sequences");
  await heading(page, "Sequences").waitFor();
  await page.getByRole("button", { name: "New sequence" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New sequence" });
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Create sequence" }).click();
  await heading(page, name).waitFor();
  const settings = page.getByRole("region", { name: "Settings of the chosen step" });
  for (const [index, { channel, script, wait, unit }] of steps.entries()) {
    await page.getByRole("button", { name: "Add step" }).click();
    await settings.getByRole("heading", { name: `Step ${index + 1}`, exact: true }).waitFor();
    const channels = settings.getByLabel("Channel");
    if ((await channels.textContent()) !== channel) await choose(channels, channel);
    await choose(settings.getByRole("combobox", { name: "Script" }), script);
    await settings.getByLabel("Wait", { exact: true }).fill(wait);
    const units = settings.getByLabel("Unit");
    if ((await units.textContent()) !== unit) await choose(units, unit);
  }
  await page.getByRole("button", { name: "Save steps" }).click();
  await saved(page);
}
