import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import packed, { inflate } from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

const PACKAGE = join(dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium")), "..");
const PACKED = join(PACKAGE, "bin");
const manifest: { version: string } = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8"));

/** Unpacked once per machine and version, each user their own: the package itself takes whatever lies in the folder for temporary files. */
const UNPACKED = join(tmpdir(), `throughline-chromium-${manifest.version}-${process.getuid?.() ?? 0}`);

/** Unpacks the browser, its fonts and the few libraries that a bare system lacks (1–2 s the first time). Safe to call from several processes. */
export async function unpackChromium(): Promise<string> {
  if (existsSync(UNPACKED)) return UNPACKED;
  await mkdir(tmpdir(), { recursive: true });
  const fresh = await mkdtemp(`${UNPACKED}-`);
  const before = process.env["TMPDIR"];
  // The package asks for the folder at the moment of the call.
  process.env["TMPDIR"] = fresh;
  const work = Promise.all([packed.executablePath(PACKED), inflate(join(PACKED, "al2023.tar.br"))]);
  if (before === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = before;
  await work;
  // Another process may have been faster: its copy is as good.
  await rename(fresh, UNPACKED).catch(() => rm(fresh, { recursive: true, force: true }));
  return UNPACKED;
}

/**
 * A headless Chromium: on Linux the one that npm brought, which needs nothing of the system but libc; elsewhere Chrome as installed, since
 * the package has no build for it. `CHROMIUM` names another program.
 */
export async function launchChromium(): Promise<Browser> {
  const own = process.env["CHROMIUM"];
  if (own) return chromium.launch({ executablePath: own, args: ARGS });
  if (process.platform !== "linux" || process.arch !== "x64") return chromium.launch({ channel: "chrome", args: ARGS });
  const dir = await unpackChromium();
  return chromium.launch({
    executablePath: join(dir, "chromium"),
    args: ARGS,
    env: {
      ...process.env,
      FONTCONFIG_PATH: join(dir, "fonts"),
      LD_LIBRARY_PATH: [...SYSTEM_LIBRARIES, join(dir, "al2023/lib")].join(":"),
    },
  });
}

/** Named, so that what the package brings is only taken where the system has nothing of that name. */
const SYSTEM_LIBRARIES = ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64"];

/** Root, as in containers, cannot have Chromium's sandbox; Playwright leaves it out by itself. The rest makes pictures equal everywhere. */
const ARGS = ["--font-render-hinting=none", "--disable-gpu", "--disable-dev-shm-usage"];
