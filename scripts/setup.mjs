// What has to be there before anything of ours can run: the packages, and with --web the built pages. Plain JavaScript without a
// dependency, for whatever Node the machine has; says nothing and takes no time when nothing is to be done.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const at = (...parts) => join(root, ...parts);
const say = (text) => process.stdout.write(`${text}\n`);

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

if (Number(process.versions.node.split(".")[0]) < 20) {
  fail(
    `Throughline needs Node 20 or newer to start (this is ${process.version}). Install a current one from https://nodejs.org.`,
  );
}

const sha256 = (...parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("hex");
};

const readOr = (path, otherwise) => (existsSync(path) ? readFileSync(path, "utf8") : otherwise);

/** Somebody ran `npm install` themselves: npm's own record of what it installed agrees with the lock file. */
function isInstalledByHand(lock) {
  const record = readOr(at("node_modules/.package-lock.json"), null);
  if (!record) return false;
  const installed = JSON.parse(record).packages;
  return Object.entries(JSON.parse(lock).packages).every(
    ([path, wanted]) =>
      path === "" || wanted.optional || (installed[path] && installed[path].version === wanted.version),
  );
}

function install() {
  const lock = readFileSync(at("package-lock.json"), "utf8");
  const stamp = at("node_modules/.throughline-stamp");
  const wanted = sha256(lock);
  if (readOr(stamp, "") === wanted) return;
  if (!isInstalledByHand(lock)) {
    say("Installing the packages. This happens once, and after an update.");
    // The packages that build and run the pages count as development ones: they are needed in production too.
    // Not `npm ci`: it refuses a lock file that lacks other platforms' optional packages, which a registry may not carry.
    const args = ["install", "--no-save", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
    const cli = process.env.npm_execpath;
    const viaNode = cli && /\.c?js$/.test(cli);
    const [command, rest] = viaNode ? [process.execPath, [cli, ...args]] : ["npm", args];
    const { status } = spawnSync(command, rest, {
      cwd: root,
      stdio: "inherit",
      shell: !viaNode && process.platform === "win32",
    });
    if (status !== 0) fail("The packages could not be installed. npm says why above; mend it and start again.");
    const pinned = spawnSync(pinnedNode(), ["--version"], { encoding: "utf8" });
    if (!/^v(2[4-9]|[3-9]\d)/.test(pinned.stdout || "")) {
      fail(
        "npm did not run the install scripts of the packages named in allowScripts of package.json. Allow scripts (npm config set ignore-scripts false), run npm rebuild, and start again.",
      );
    }
  }
  writeFileSync(stamp, wanted);
}

const IMPORTED = /(?:from|import)\s*\(?\s*["']([^"']+)["']/g;
/** As in `imports` of package.json. */
const PREFIXES = {
  "#platform/": "server/platform/",
  "#providers/": "server/providers/",
  "#domains/": "server/domains/",
  "#server/": "server/",
  "#web/": "web/",
};

function resolveImport(from, specifier) {
  if (specifier.startsWith(".")) return join(dirname(from), specifier);
  const prefix = Object.keys(PREFIXES).find((known) => specifier.startsWith(known));
  return prefix ? at(PREFIXES[prefix] + specifier.slice(prefix.length)) : null;
}

function filesUnder(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesUnder(join(dir, entry.name)) : [join(dir, entry.name)],
  );
}

/** Everything the pages are made of: all of web/, and what it imports of the server, however far away. */
function hashOfPages() {
  const files = new Set(filesUnder(at("web")).filter((path) => !/\.test\.tsx?$/.test(path)));
  const contents = new Map();
  for (const path of files) {
    const content = readFileSync(path);
    contents.set(relative(root, path), content);
    if (!/\.tsx?$/.test(path)) continue;
    for (const [, specifier] of content.toString("utf8").matchAll(IMPORTED)) {
      const target = resolveImport(path, specifier);
      if (target && existsSync(target) && statSync(target).isFile()) files.add(target);
    }
  }
  const names = [...contents.keys()].sort((a, b) => (a < b ? -1 : 1));
  const parts = names.flatMap((name) => [name, contents.get(name)]);
  return sha256(readFileSync(at("package-lock.json")), readFileSync(at("vite.config.ts")), ...parts);
}

/** Variants that are sent as they are to browsers that take them, which all do. */
function compress(dir) {
  for (const path of filesUnder(dir)) {
    if (!/\.(js|css|html|svg|json|webmanifest)$/.test(path)) continue;
    const content = readFileSync(path);
    if (content.length < 1_024) continue;
    writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
    writeFileSync(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
  }
}

/** The pinned Node, which npm installed as a package. */
const pinnedNode = () => {
  const binary = at("node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");
  return existsSync(binary) ? binary : process.execPath;
};

function buildPages() {
  const stamp = at("dist/web/.stamp");
  const wanted = hashOfPages();
  if (readOr(stamp, "") === wanted) return;
  say("Building the pages.");
  const { status } = spawnSync(pinnedNode(), [at("node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) fail("The pages could not be built. Vite says why above.");
  compress(at("dist/web"));
  writeFileSync(stamp, wanted);
}

// For the tests in a browser: do the built pages come from this source?
if (process.argv.includes("--pages-are-built")) {
  process.exit(readOr(at("dist/web/.stamp"), "") === hashOfPages() ? 0 : 1);
}
install();
if (process.argv.includes("--web")) buildPages();
