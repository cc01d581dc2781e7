import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ADDRESSES, type Address, NAMES, type Sample } from "./addresses.ts";
import { fillWorkspace } from "./sample-workspace.ts";
import { restOf } from "./settled.ts";
import { DESKTOP, PHONE, type Stage, type Visitor, openStage } from "./stage.ts";

/**
 * Names a test for every second address of the product, beginning with the first or the second: there are two files, so that two processors walk.
 * Every other page is opened at a desk and then made as narrow as a phone, the others are opened on a phone and widened; at either size all of
 * axe looks at it in one theme, and at its colours in the other. A file walks once: each has a server and browsers of its own.
 */
export function walkPages({ from }: { from: 0 | 1 }): void {
  let stage: Stage;
  let sample: Sample;
  /** The windows of the walk: one for each person, whose browser keeps what it has read once. */
  const windows = new Map<Visitor["as"], Promise<Window>>();
  const windowOf = (as: Visitor["as"]): Promise<Window> => {
    const known = windows.get(as) ?? openWindow(stage, as);
    windows.set(as, known);
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

  const all = Object.values(ADDRESSES)
    .flat()
    .filter((_, place) => place % 2 === from);
  const sizes = `${DESKTOP.width} px and at ${PHONE.width} px`;
  describe(`at ${sizes} a page is sound in both themes:`, () => {
    test.each(all.map((address) => [nameOf(address), address] as const))("%s", async (_name, address) => {
      const { path, as } = address;
      const { page, rest } = await windowOf(as);
      const [first, second] = all.indexOf(address) % 2 === 0 ? [DESK, HAND] : [HAND, DESK];
      await page.setViewportSize(first.size);
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto(path(sample));
      await rest(address);
      const faults = [
        ...saidOf(`${first.name}, light`, [...(await faultsOf(page)), ...(await violationsOf(page))]),
        ...saidOf(`${first.name}, dark`, await dullIn(page, "dark")),
      ];
      await page.setViewportSize(second.size);
      await rest(address);
      faults.push(
        ...saidOf(`${second.name}, dark`, [...(await faultsOf(page)), ...(await violationsAgain(page))]),
        ...saidOf(`${second.name}, light`, await dullIn(page, "light")),
      );
      if (faults.length > 0) await stage.keepPictures(nameOf(address));
      expect(faults).toEqual([]);
      stage.complaints.refuse();
    });
  });
}

type Window = { page: Page; rest: ReturnType<typeof restOf> };

async function openWindow(stage: Stage, as: Visitor["as"]): Promise<Window> {
  const page = await (await stage.visit({ as })).newPage();
  return { page, rest: restOf(page) };
}

const DESK = { name: "desk", size: DESKTOP };
const HAND = { name: "phone", size: PHONE };

const saidOf = (look: string, faults: readonly string[]) => faults.map((fault) => `${look}: ${fault}`);

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
  return own.filter((fault) => fault !== null);
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

/** The same on a page that was looked at before: axe is there, and half a megabyte of it need not be read again. */
async function violationsAgain(page: Page, only: object = {}): Promise<string[]> {
  const { violations } = await page.evaluate((options) => axe.run(document, options), {
    ...only,
    resultTypes: ["violations"],
  });
  return told(violations);
}

/** Colours that are hard to read in a theme: of the theme only colours follow. */
async function dullIn(page: Page, theme: "light" | "dark"): Promise<string[]> {
  await page.emulateMedia({ colorScheme: theme });
  await page.locator(`html[data-theme=${theme}]`).waitFor();
  // A colour that is still on its way from the one theme to the other is of neither.
  await page.evaluate(coloursAtRest);
  return violationsAgain(page, { runOnly: { type: "rule", values: ["color-contrast"] } });
}

const told = (violations: Violations) =>
  violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => `${id} (${help}): ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
