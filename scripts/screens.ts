/**
 * Pictures of the whole product with the demo's data: `node scripts/screens.ts <folder> [part of a name]`. Every page and the main dialogs, at a
 * desk's size and a phone's, light and dark, with one contact sheet for each of the four to look at; and, unless only a part is wanted, the few
 * that README and docs show, into docs/screens. Needs built pages: `node scripts/setup.mjs --web`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { APIRequestContext, BrowserContext, Page } from "playwright-core";
import { z } from "zod";
import { ADDRESSES, NAMES, type Sample } from "#test/browser/addresses.ts";
import { launchChromium } from "#test/browser/chromium.ts";
import { restOf } from "#test/browser/settled.ts";
import { ROOT, say } from "./steps.ts";

const LOOKS = [
  { name: "desk-light", size: { width: 1440, height: 900 }, theme: "light" },
  { name: "desk-dark", size: { width: 1440, height: 900 }, theme: "dark" },
  { name: "phone-light", size: { width: 390, height: 844 }, theme: "light" },
  { name: "phone-dark", size: { width: 390, height: 844 }, theme: "dark" },
] as const;
type Look = (typeof LOOKS)[number];

type Shot = {
  name: string;
  path: (sample: Sample) => string;
  isSignedOut?: boolean;
  keepsSkeletons?: boolean;
  hasPanel?: boolean;
  /** What to open first: a dialog, a menu. */
  act?: (page: Page) => Promise<void>;
  /** Only where it exists. */
  only?: "desk" | "phone";
};

const press = (name: string) => async (page: Page) => {
  await page.getByRole("button", { name, exact: true }).first().click();
  await page.getByRole("dialog").first().waitFor();
};

const openPalette = async (page: Page) => {
  await page.keyboard.press("Control+K");
  await page.getByRole("dialog").first().waitFor();
};

/** The first conversation in which the lead answered, and the first mail. */
const openDevices = async (page: Page) => {
  await page
    .getByRole("region", { name: "Phone" })
    .getByRole("button", { name: /Hi Robin/ })
    .first()
    .click();
  await page.getByRole("log").waitFor();
  await page.getByRole("region", { name: "Mailbox" }).getByRole("button").nth(1).click();
};

const ACTS: readonly Shot[] = [
  { name: "palette", path: () => "/leads", act: openPalette },
  { name: "menu on a phone", path: () => "/leads", act: press("Menu"), only: "phone" },
  { name: "new lead", path: () => "/leads", act: press("New lead") },
  { name: "enrol", path: ({ lead }) => `/leads/${lead}`, act: press("Enrol in sequence") },
  { name: "new script", path: () => "/scripts", act: press("New script") },
  { name: "new sequence", path: () => "/sequences", act: press("New sequence") },
  { name: "new campaign", path: () => "/campaigns", act: press("New campaign") },
  { name: "invite", path: () => "/settings/members", act: press("Invite") },
  { name: "new API key", path: () => "/settings/api-keys", act: press("Create key") },
];

const PAGES: readonly Shot[] = Object.values(ADDRESSES)
  .flat()
  .filter(({ as }) => as !== "VIEWER")
  .map(({ as, ...address }) => ({ ...address, name: address.path(NAMES), isSignedOut: as === null }));

/** What README and docs show. */
const KEPT: readonly (Shot & { look: Look["name"] })[] = [
  { name: "home", look: "desk-light", path: () => "/" },
  {
    name: "lead",
    look: "desk-dark",
    path: ({ lead, enrollment }) => `/leads/${lead}?why=${enrollment}`,
    hasPanel: true,
  },
  { name: "sequence", look: "desk-light", path: ({ sequence }) => `/sequences/${sequence}` },
  { name: "sandbox", look: "desk-light", path: () => "/sandbox", act: openDevices },
  { name: "home-phone", look: "phone-dark", path: () => "/" },
];
const DOCS = join(ROOT, "docs/screens");

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("There is no free port.");
  return address.port;
}

/** The product with the demo's data in a folder of its own; gone when `stop` has answered. */
async function startProduct() {
  const dataDir = await mkdtemp(join(tmpdir(), "throughline-screens-"));
  const port = String(await freePort());
  const child = spawn(process.execPath, ["server/main.ts"], {
    cwd: ROOT,
    env: {
      PATH: process.env["PATH"],
      DATA_DIR: dataDir,
      PORT: port,
      NODE_ENV: "development",
      RATE_LIMIT_PER_USER: "0",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  const login = await new Promise<{ email: string; password: string }>((found, fail) => {
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString("utf8");
      const [, email, password] = /Sign in with (\S+) and the password (\S+)/.exec(said) ?? [];
      if (email && password) found({ email, password });
    });
    child.once("exit", () => fail(new Error(`The product did not start. It said: ${said}`)));
  });
  return {
    address: `http://127.0.0.1:${port}`,
    login,
    stop: async () => {
      child.kill("SIGTERM");
      await once(child, "exit");
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const rows = z.object({ data: z.array(z.record(z.string(), z.unknown())) });

/** The first row of a list for which `fits` holds: its value under `key`. */
async function find(
  api: APIRequestContext,
  path: string,
  key: string,
  fits: (row: Record<string, unknown>) => boolean = () => true,
): Promise<string> {
  const { data } = rows.parse(await (await api.get(`/api/v1${path}`)).json());
  const value = data.find((row) => fits(row) && row[key])?.[key];
  if (typeof value !== "string") throw new Error(`The demo has nothing of the kind at ${path}.`);
  return value;
}

const PEOPLE_FILE = "First name,Last name,E-mail\nIda,Sample,ida@sample.example\nOtto,Sample,not an address\n";

/** Records of the demo worth looking at, and an import of a small file that waits. */
async function sampleOf(api: APIRequestContext): Promise<Sample> {
  const lead = await find(api, "/messages?direction=inbound&channel=SMS", "leadId");
  const file = { name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(PEOPLE_FILE) };
  const uploaded = z
    .object({ id: z.string() })
    .parse(await (await api.post("/api/v1/imports", { multipart: { file } })).json());
  const sequence = await find(api, "/sequences?status=ACTIVE&search=welcome", "id");
  const simulated = await api.post(`/api/v1/sequences/${sequence}/simulate`, {
    data: { invented: 200, days: 21, seed: 7 },
  });
  const simulation = z.object({ id: z.string() }).parse(await simulated.json()).id;
  while (["QUEUED", "RUNNING"].includes(await find(api, "/simulations", "status"))) await sleep(1_000);
  const script = (type: string) => find(api, `/scripts?type=${type}`, "id");
  return {
    lead,
    enrollment: await find(api, `/leads/${lead}/enrollments`, "id"),
    scripts: { email: await script("EMAIL"), sms: await script("SMS"), call: await script("CALL") },
    sequence,
    simulation,
    draft: await find(api, "/sequences?status=DRAFT", "id"),
    campaign: await find(api, "/campaigns?status=ACTIVE", "id"),
    importId: await find(api, "/imports", "id", ({ status }) => status === "COMPLETED"),
    waiting: uploaded.id,
    sender: await find(api, "/senders", "id"),
  };
}

/** Opens what is to be seen, waits until it has come to rest, and hands it to `look`. The page is closed whatever happens: a browser keeps
 * only six connections to one server, and each open page has one for its events. */
async function show(
  context: BrowserContext,
  shot: Shot,
  sample: Sample,
  look: (page: Page) => Promise<unknown>,
): Promise<void> {
  const page = await context.newPage();
  try {
    const rest = restOf(page);
    await page.goto(shot.path(sample));
    await rest(shot);
    if (shot.act) {
      await shot.act(page);
      await rest(shot);
    }
    await look(page);
  } finally {
    await page.close();
  }
}

/** All pictures of one look and their contact sheet. What could not be taken is told and left out. */
async function takeAll(
  contexts: { in: BrowserContext; out: BrowserContext },
  look: Look,
  shots: readonly Shot[],
  sample: Sample,
  folder: string,
) {
  const taken: { file: string; name: string }[] = [];
  for (const [index, shot] of shots.entries()) {
    if (shot.only && !look.name.startsWith(shot.only)) continue;
    const file = `${String(index).padStart(2, "0")}-${shot.name.replaceAll(/[^\w]+/g, "-").replaceAll(/^-|-$/g, "") || "home"}.png`;
    try {
      const context = shot.isSignedOut ? contexts.out : contexts.in;
      await show(context, shot, sample, (page) => page.screenshot({ path: join(folder, look.name, file) }));
      taken.push({ file, name: shot.name });
    } catch (error) {
      process.exitCode = 1;
      say(`No picture of ${shot.name} (${look.name}): ${String(error)}`);
    }
  }
  const width = look.name.startsWith("desk") ? 480 : 240;
  const figures = taken.map(
    ({ file, name }) => `<figure><img src="${file}" width="${width}"><figcaption>${name}</figcaption></figure>`,
  );
  const sheet = join(folder, look.name, "index.html");
  await writeFile(
    sheet,
    `<!doctype html><meta charset="utf-8"><title>${look.name}</title><style>body{margin:16px;font:13px sans-serif;display:flex;flex-wrap:wrap;gap:16px}figure{margin:0}img{display:block;border:1px solid #8888}</style>${figures.join("")}`,
  );
  const page = await contexts.out.newPage();
  await page.setViewportSize({ width: 4 * 496 + 32, height: 900 });
  await page.goto(pathToFileURL(sheet).href);
  await page.screenshot({ path: join(folder, `${look.name}.png`), fullPage: true });
  await page.close();
}

/** The pictures of README and docs, as small as eyes allow. */
async function keep(contextFor: (look: Look) => Promise<BrowserContext>, sample: Sample): Promise<void> {
  await mkdir(DOCS, { recursive: true });
  for (const shot of KEPT) {
    const look = LOOKS.find(({ name }) => name === shot.look);
    if (!look) throw new Error(`There is no look ${shot.look}.`);
    await show(await contextFor(look), shot, sample, async (page) => {
      const tab = await page.context().newCDPSession(page);
      const { data } = await tab.send("Page.captureScreenshot", { format: "webp", quality: 80 });
      await writeFile(join(DOCS, `${shot.name}.webp`), Buffer.from(data, "base64"));
    });
  }
}

async function main(): Promise<void> {
  const [given, part = ""] = process.argv.slice(2);
  if (!given) throw new Error("Say where the pictures go: node scripts/screens.ts <folder> [part of a name]");
  const folder = resolve(given);
  const shots = [...PAGES, ...ACTS].filter(({ name }) => name.includes(part));
  const product = await startProduct();
  const browser = await launchChromium();
  try {
    const contextFor = async ({ size, theme }: Look, signIn: boolean) => {
      const context = await browser.newContext({
        baseURL: product.address,
        viewport: size,
        colorScheme: theme,
        reducedMotion: "reduce",
        locale: "en-GB",
      });
      if (signIn) await context.request.post("/api/auth/sign-in/email", { data: product.login });
      return context;
    };
    const first = await contextFor(LOOKS[0], true);
    const sample = await sampleOf(first.request);
    if (part === "") await keep((look) => contextFor(look, true), sample);
    for (const look of LOOKS) {
      await mkdir(join(folder, look.name), { recursive: true });
      const contexts = { in: await contextFor(look, true), out: await contextFor(look, false) };
      await takeAll(contexts, look, shots, sample, folder);
      say(`${look.name}: ${join(folder, `${look.name}.png`)}`);
    }
  } finally {
    await browser.close();
    await product.stop();
  }
}

await main();
