import { AxeBuilder } from "@axe-core/playwright";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ADDRESSES, type Address, NAMES, type Sample } from "./addresses.ts";
import { fillWorkspace } from "./sample-workspace.ts";
import { restOf } from "./settled.ts";
import { type DESKTOP, type Stage, type Visitor, openStage } from "./stage.ts";

/** How a walk looks at pages: one size, all of axe in one theme and the colours in the other. */
export type Look = { size: typeof DESKTOP; theme: "light" | "dark"; other: "light" | "dark" };

/** Names a test for each address of the product. A file walks once: each has a server and browsers of its own. */
export function walkPages({ size, theme, other }: Look): void {
  let stage: Stage;
  let sample: Sample;
  /** The browsers of the walk: one for each person, which keeps what it has read once. */
  const visitors = new Map<Visitor["as"], Promise<BrowserContext>>();
  const visitorOf = (as: Visitor["as"]): Promise<BrowserContext> => {
    const known = visitors.get(as) ?? stage.visit({ as, size });
    visitors.set(as, known);
    return known;
  };

  beforeAll(async () => {
    stage = await openStage();
    sample = await fillWorkspace(stage.world);
    // An invitation that never was.
    stage.complaints.expect(/410 \(Gone\).*invitation-links/);
    // Mails are shown in a frame that runs nothing; Playwright tries to set its clock there all the same.
    stage.complaints.expect(/Blocked script execution in 'about:srcdoc'/);
  });
  afterAll(() => stage?.close());

  const all = Object.values(ADDRESSES).flat();
  describe(`at ${size.width} px a page is sound in both themes:`, () => {
    test.each(all.map((address) => [nameOf(address), address] as const))("%s", async (_name, address) => {
      const { path, as, keepsSkeletons, hasPanel } = address;
      const page = await (await visitorOf(as)).newPage();
      const rest = restOf(page, { keepsSkeletons, hasPanel });
      await page.emulateMedia({ colorScheme: theme });
      await page.goto(path(sample));
      await rest();
      const faults = (await faultsOf(page)).map((fault) => `${theme}: ${fault}`);
      // Of the theme only colours follow.
      await page.emulateMedia({ colorScheme: other });
      await page.locator(`html[data-theme=${other}]`).waitFor();
      // A colour that is still on its way from the one theme to the other is of neither.
      await page.evaluate(() =>
        Promise.allSettled(
          document.getAnimations().flatMap((one) => (one instanceof CSSTransition ? one.finished : [])),
        ),
      );
      const dull = await violationsOf(page, ["color-contrast"]);
      faults.push(...dull.map((fault) => `${other}: ${fault}`));
      if (faults.length > 0) await stage.keepPictures(nameOf(address));
      await page.close();
      expect(faults).toEqual([]);
      stage.complaints.refuse();
    });
  });
}

function nameOf({ path, as }: Address): string {
  const who = as === undefined ? "" : as === null ? ", signed out" : `, as ${as}`;
  return `${path(NAMES)}${who}`;
}

/** What is wrong with the page as it stands. */
async function faultsOf(page: Page): Promise<string[]> {
  const { headings, overflow, title } = await page.evaluate(() => ({
    headings: [...document.querySelectorAll("h1")].map((heading) => heading.textContent),
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    title: document.title,
  }));
  const own = [
    headings.length === 1 ? null : `${headings.length} first headings: ${headings.join(", ")}`,
    overflow > 0 ? `${overflow} px wider than the screen` : null,
    title.endsWith(" · Throughline") ? null : `is called “${title}”`,
  ];
  return [...own.filter((fault) => fault !== null), ...(await violationsOf(page))];
}

/** What axe finds serious or critical: by all its rules, or by those that are named. */
async function violationsOf(page: Page, rules?: string[]): Promise<string[]> {
  const runOnly = rules && { type: "rule" as const, values: rules };
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"], runOnly });
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => `${id} (${help}): ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}
