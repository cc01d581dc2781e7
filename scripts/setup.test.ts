import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const LOCK = JSON.stringify({
  packages: { "": {}, "node_modules/a": { version: "1.0.0" }, "node_modules/b": { version: "1.0.0", optional: true } },
});
/** Stands for Vite: builds a page and counts how often it was asked to. */
const BUILDER = `
  import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
  rmSync("dist/web", { recursive: true, force: true });
  mkdirSync("dist/web", { recursive: true });
  writeFileSync("dist/web/index.html", "<p>" + "word ".repeat(1000));
  appendFileSync("builds", "x");`;

/** A small project around the real script, with packages that npm has installed. */
function project() {
  const root = mkdtempSync(join(tmpdir(), "throughline-setup-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const files = {
    "package.json": '{ "type": "module" }',
    "package-lock.json": LOCK,
    "vite.config.ts": "export default {}",
    "node_modules/.package-lock.json": LOCK,
    "node_modules/vite/package.json": '{ "type": "module" }',
    "node_modules/vite/bin/vite.js": BUILDER,
    "web/main.tsx": 'import { contract } from "#server/contract.ts";',
    "server/contract.ts": 'import { leads } from "./domains/leads/contract.ts"; export const contract = { leads };',
    "server/domains/leads/contract.ts": "export const leads = 1;",
    "server/domains/leads/queries.ts": "export const sql = 1;",
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  mkdirSync(join(root, "scripts"));
  cpSync(join(import.meta.dirname, "setup.mjs"), join(root, "scripts/setup.mjs"));
  const run = (...args: string[]) => {
    // An npm that cannot be found: an attempt to install shows.
    const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/setup.mjs", ...args], {
      cwd: root,
      encoding: "utf8",
      env: { PATH: "" },
    });
    return { status, said: stdout + stderr };
  };
  const builds = () => (existsSync(join(root, "builds")) ? readFileSync(join(root, "builds"), "utf8").length : 0);
  return { root, write, run, builds };
}

test("packages that are there are left alone, and nothing is said about it", () => {
  const { run } = project();
  expect(run()).toEqual({ status: 0, said: "" });
});

test("packages that are missing, or others than the lock file says, are installed", () => {
  const { run, write } = project();
  run();
  write("package-lock.json", LOCK.replace('"version":"1.0.0"', '"version":"2.0.0"'));
  const { status, said } = run();
  expect(said).toContain("Installing the packages.");
  expect(status).toBe(1);
  expect(said).toContain("The packages could not be installed.");
});

test("pages are built once, and again when anything they are made of has changed", () => {
  const { run, write, builds } = project();
  expect(run("--web").said).toBe("Building the pages.\n");
  expect(run("--web")).toEqual({ status: 0, said: "" });
  expect(builds()).toBe(1);
  write("web/main.tsx", 'import { contract } from "#server/contract.ts"; contract;');
  run("--web");
  write("server/domains/leads/contract.ts", "export const leads = 2;");
  run("--web");
  expect(builds()).toBe(3);
});

test("what the pages are not made of does not build them again", () => {
  const { run, write, builds } = project();
  run("--web");
  write("server/domains/leads/queries.ts", "export const sql = 2;");
  write("web/main.test.tsx", "a test");
  expect(run("--web").said).toBe("");
  expect(builds()).toBe(1);
});

test("the pages count as built only while they come from what stands there now, and asking builds nothing", () => {
  const { run, write, builds } = project();
  expect(run("--pages-are-built").status).toBe(1);
  run("--web");
  expect(run("--pages-are-built").status).toBe(0);
  write("web/main.tsx", "changed");
  expect(run("--pages-are-built").status).toBe(1);
  expect(builds()).toBe(1);
});

test("built pages lie there squeezed, for browsers that take them so", () => {
  const { run, root } = project();
  run("--web");
  const size = (name: string) => readFileSync(join(root, "dist/web", name)).length;
  expect(size("index.html.br")).toBeLessThan(size("index.html") / 10);
  expect(size("index.html.gz")).toBeLessThan(size("index.html") / 10);
});

test("a build that fails stops the start and is tried again the next time", () => {
  const { run, write } = project();
  write("node_modules/vite/bin/vite.js", "process.exit(1)");
  expect(run("--web")).toMatchObject({ status: 1, said: expect.stringContaining("The pages could not be built.") });
  write("node_modules/vite/bin/vite.js", BUILDER);
  expect(run("--web").status).toBe(0);
});
