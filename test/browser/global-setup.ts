import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { unpackChromium } from "./chromium.ts";

const SETUP = join(import.meta.dirname, "../../scripts/setup.mjs");

/** The pages are tested as they are served: built, and from this very source. */
export default async function setup(): Promise<void> {
  const { status } = spawnSync(process.execPath, [SETUP, "--pages-are-built"]);
  if (status !== 0) {
    throw new Error(
      "The pages are not built from this source: run `node scripts/setup.mjs --web`, as `npm test` does.",
    );
  }
  if (process.platform === "linux") await unpackChromium();
}
