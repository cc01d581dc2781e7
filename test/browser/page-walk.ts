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
      await page.evaluate(coloursAtRest);
      const dull = await dullOf(page);
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

type Violations = Awaited<ReturnType<AxeBuilder["analyze"]>>["violations"];

/** In the page, once it was looked at. */
declare const axe: { run: (on: Document, options: object) => Promise<{ violations: Violations }> };

/** In the page: transitions begin with the next frame, and what inherits a colour begins its own when that has come to rest. */
async function coloursAtRest(): Promise<void> {
  const frame = () => new Promise<void>((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn())));
  const moving = () => document.getAnimations().filter((one) => one instanceof CSSTransition);
  for (await frame(); moving().length > 0; await frame())
    await Promise.allSettled(moving().map(({ finished }) => finished));
}

/** What axe finds serious or critical. */
async function violationsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ["violations"] })
    .analyze();
  return told(violations);
}

/** The same of colours alone, on a page that was looked at before: axe is there, and half a megabyte of it need not be read again. */
async function dullOf(page: Page): Promise<string[]> {
  const runOnly = { type: "rule", values: ["color-contrast"] };
  const { violations } = await page.evaluate((options) => axe.run(document, options), {
    runOnly,
    resultTypes: ["violations"],
  });
  return told(violations);
}

const told = (violations: Violations) =>
  violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => `${id} (${help}): ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
