import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { TestRunner, afterAll, onTestFinished } from "vitest";
import type { Role } from "#platform/permissions.ts";
import { type World, testWorld } from "#test/world.ts";
import { launchChromium } from "./chromium.ts";
import { Complaints } from "./complaints.ts";

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** The longest that anything on a page may take on a busy machine. Nothing waits that long unless it fails. */
const PATIENCE_MS = 15_000;

let launched: Promise<Browser> | undefined;
let pictures: Promise<string> | undefined;

afterAll(async () => {
  await (await launched)?.close();
  launched = undefined;
});

/** The browser of this test file. */
export const browser = (): Promise<Browser> => (launched ??= launchChromium());

export type Visitor = {
  /** Whose session the browser has; `null` for somebody who has not signed in. OWNER unless told. */
  as?: Role | null;
  size?: { width: number; height: number };
  theme?: "light" | "dark";
};

export type Stage = Awaited<ReturnType<typeof openStage>>;

/**
 * The product as people meet it: the real server on a port of its own with a fresh workspace, and browsers that come to it. Server and
 * browsers share one clock, which only the test moves; loops and jobs run when the test says so. Opened inside a test, the stage closes
 * with it, and whatever a browser complained about fails it; opened before all tests, `close` and `complaints` are the file's own affair.
 */
export async function openStage() {
  const isOfTest = TestRunner.getCurrentTest() !== undefined;
  const complaints = new Complaints();
  const contexts: BrowserContext[] = [];
  // First in, last out: everything below is closed before this looks back.
  if (isOfTest) onTestFinished(() => complaints.refuse());
  const world: World = await testWorld({ pages: true });
  const address = await world.listen();
  if (isOfTest) {
    onTestFinished(async ({ task }) => {
      if (task.result?.state === "fail") await keepPictures(task.name, contexts);
      await leave();
    });
  }

  const leave = () => Promise.all(contexts.splice(0).map((context) => context.close()));
  const showTime = () => Promise.all(contexts.map((context) => context.clock.setFixedTime(world.clock.now())));

  /** A browser of its own, with its own session and storage. */
  const visit = async ({ as = "OWNER", size = DESKTOP, theme = "light" }: Visitor = {}): Promise<BrowserContext> => {
    const context = await (
      await browser()
    ).newContext({
      baseURL: address,
      viewport: size,
      colorScheme: theme,
      reducedMotion: "reduce",
      locale: "en-GB",
      timezoneId: "UTC",
    });
    contexts.push(context);
    context.setDefaultTimeout(PATIENCE_MS);
    complaints.watch(context);
    await context.clock.setFixedTime(world.clock.now());
    if (as !== null) {
      const [name = "", value = ""] = (await world.cookieOf(as)).split(/=(.*)/s);
      await context.addCookies([{ name, value, url: address, httpOnly: true, sameSite: "Lax" }]);
    }
    return context;
  };

  return {
    world,
    address,
    complaints,
    visit,

    /** A page in a browser of its own. */
    open: async (path: string, visitor: Visitor = {}): Promise<Page> => {
      const page = await (await visit(visitor)).newPage();
      await page.goto(path);
      return page;
    },

    /** Lets time pass at the server, doing all that comes due, and shows the browsers the new time. Minutes, or an instant. */
    advance: async (by: number | { to: Date }): Promise<void> => {
      await world.advance(by);
      await showTime();
    },

    /** Pictures of every page that is open, in a folder for temporary files. */
    keepPictures: (name: string) => keepPictures(name, contexts),

    close: async (): Promise<void> => {
      await leave();
      await world.close();
    },
  };
}

/** What the failed test saw last, for the one who looks into it. */
async function keepPictures(test: string, contexts: readonly BrowserContext[]): Promise<void> {
  const folder = await (pictures ??= mkdtemp(join(tmpdir(), "throughline-failed-")));
  const name = test.replaceAll(/\W+/g, "-").slice(0, 80);
  for (const [index, page] of contexts.flatMap((context) => context.pages()).entries()) {
    const path = join(folder, `${name}-${index + 1}.png`);
    await page.screenshot({ path }).then(
      () => say(`${page.url()} as the failed test left it: ${path}`),
      (error: unknown) => say(`No picture of ${page.url()}: ${String(error)}`),
    );
  }
}

const say = (text: string) => process.stderr.write(`${text}\n`);
