import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { takeTurns } from "./live-turns.ts";

/** A page's document, seen or not. */
class Sheet extends EventTarget {
  hidden = false;
  show(isSeen: boolean) {
    this.hidden = !isSeen;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

/** Pages of one browser, each with a document of its own; they share the locks of this process. */
let scope = "";
const stops: (() => void)[] = [];
beforeEach(({ task }) => void (scope = task.name));
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  vi.unstubAllGlobals();
});

async function openPage({ isSeen = true } = {}) {
  const sheet = new Sheet();
  sheet.hidden = !isSeen;
  vi.stubGlobal("document", sheet);
  const page = { sheet, isLeading: false, told: new Array<string>(), stop: () => undefined as void };
  page.stop = takeTurns(scope, {
    lead: (isLate) => {
      page.isLeading = true;
      page.told.push(isLate ? "leads late" : "leads");
      return () => void (page.isLeading = false);
    },
    missed: () => void page.told.push("missed"),
  });
  stops.push(() => {
    vi.stubGlobal("document", sheet);
    page.stop();
  });
  await rest();
  return {
    page,
    show: async (isNowSeen: boolean) => {
      vi.stubGlobal("document", sheet);
      sheet.show(isNowSeen);
      await rest();
    },
    close: async () => {
      vi.stubGlobal("document", sheet);
      page.stop();
      await rest();
    },
  };
}

/** Locks are given in another turn of the event loop. */
const rest = () => new Promise((resolve) => setTimeout(resolve, 20));

test("one page leads at a time; the next one follows when it is closed", async () => {
  const first = await openPage();
  const second = await openPage();
  expect([first.page.isLeading, second.page.isLeading]).toEqual([true, false]);
  await first.close();
  expect([first.page.isLeading, second.page.isLeading]).toEqual([false, true]);
  expect(second.page.told).toEqual(["leads late"]);
});

test("a page gives its turn away when it goes out of sight, and hears what it missed when it is back", async () => {
  const first = await openPage();
  const second = await openPage();
  await first.show(false);
  expect([first.page.isLeading, second.page.isLeading]).toEqual([false, true]);
  await first.show(true);
  expect([first.page.isLeading, second.page.isLeading]).toEqual([false, true]);
  expect(first.page.told).toEqual(["leads", "missed"]);
});

test("a page that was opened out of sight leads once it is seen", async () => {
  const page = await openPage({ isSeen: false });
  expect(page.page.told).toEqual([]);
  await page.show(true);
  expect(page.page.told).toEqual(["leads late"]);
});

test("a page that stops waiting never leads", async () => {
  const first = await openPage();
  const second = await openPage();
  await second.close();
  await first.close();
  expect(second.page.told).toEqual([]);
});

test("without locks between pages each page leads while it is seen", async () => {
  vi.stubGlobal("navigator", {});
  const first = await openPage();
  const second = await openPage();
  expect([first.page.isLeading, second.page.isLeading]).toEqual([true, true]);
  await first.show(false);
  expect([first.page.isLeading, second.page.isLeading]).toEqual([false, true]);
});
