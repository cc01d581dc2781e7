import type { Locator, Page } from "playwright-core";

const MOST_STOPS = 120;

export const hasFocus = (element: Locator) => element.evaluate((node) => node === document.activeElement);

/** Goes there with the Tab key alone. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    if (await hasFocus(target)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Not reached by ${MOST_STOPS} presses of Tab: ${target.toString()}`);
}

/** Goes there with the Tab key alone and presses Enter. */
export async function press(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press("Enter");
}
