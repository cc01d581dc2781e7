import type { Page, Request } from "playwright-core";

/** Nothing asked for and nothing drawn anew for this long: the page has come to rest. */
const QUIET_MS = 100;
const LOOK_EVERY_MS = 25;

/**
 * Waits for a page to come to rest: its heading is there, every request has its answer (the stream of events never ends and does not
 * count), and no skeleton stands for something to come, unless the page is about skeletons; a panel that belongs to
 * it is there too. Call it once for a window, before a page is opened in it; what it answers waits, as often as it is called.
 */
export function restOf(page: Page): (page?: { keepsSkeletons?: boolean; hasPanel?: boolean }) => Promise<void> {
  const open = new Set<Request>();
  let changedAt = performance.now();
  const changed = () => {
    changedAt = performance.now();
  };
  page.on("request", (request) => {
    changed();
    if (request.resourceType() !== "eventsource") open.add(request);
  });
  const ended = (request: Request) => {
    changed();
    open.delete(request);
  };
  page.on("requestfinished", ended);
  page.on("requestfailed", ended);
  return async ({ keepsSkeletons = false, hasPanel = false } = {}) => {
    // Not by its role: under an open dialog the page is hidden from those who ask by roles.
    await page.locator("h1").first().waitFor({ state: "attached" });
    if (hasPanel) await page.getByRole("complementary").or(page.getByRole("dialog")).first().waitFor();
    if (!keepsSkeletons) await page.locator(".skeleton").first().waitFor({ state: "detached" });
    const isQuiet = () => open.size === 0 && performance.now() - changedAt >= QUIET_MS;
    while (!isQuiet()) {
      await page.waitForTimeout(LOOK_EVERY_MS);
      // What has arrived may yet have to be drawn, and ask for more.
      if (isQuiet()) await page.evaluate(() => new Promise((idle) => requestIdleCallback(idle)));
    }
    if (!keepsSkeletons) await page.locator(".skeleton").first().waitFor({ state: "detached" });
  };
}
