import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const WEB = join(import.meta.dirname, "../../dist/web");
const ASSETS = join(WEB, "assets");

/** Gzipped JavaScript that a page needs before it can be drawn: what came with index.html, the page, and all that they import. */
const MOST_KB = 250;

const textOf = (chunk: string) => readFileSync(join(ASSETS, chunk), "utf8");
const importsOf = (chunk: string) =>
  [...textOf(chunk).matchAll(/(?:import|from)\s*["']\.\/([^"']+\.js)["']/g)].map(([, name = ""]) => name);

/** These chunks and everything that they import at once; what comes late (`import()`) does not count. */
function needed(chunks: readonly string[]): string[] {
  const found = new Set<string>();
  const add = (chunk: string) => {
    if (found.has(chunk)) return;
    found.add(chunk);
    for (const imported of importsOf(chunk)) add(imported);
  };
  for (const chunk of chunks) add(chunk);
  return [...found];
}

const sizeOf = (chunk: string) => gzipSync(textOf(chunk), { level: 9 }).length;

// The gallery is for those who build pages.
const pages = readdirSync(ASSETS).filter((name) => /-page-[^/]*\.js$/.test(name) && !name.startsWith("gallery-"));
const first = [...readFileSync(join(WEB, "index.html"), "utf8").matchAll(/assets\/([^"]+\.js)/g)].map(
  ([, name = ""]) => name,
);

test("no page needs more than 250 kB of gzipped JavaScript before it can be drawn", () => {
  const heavy = pages.flatMap((page) => {
    const bytes = needed([...first, page]).reduce((sum, chunk) => sum + sizeOf(chunk), 0);
    return bytes > MOST_KB * 1024 ? [`${page}: ${Math.ceil(bytes / 1024)} kB`] : [];
  });
  expect(first.length).toBeGreaterThan(0);
  expect(pages.length).toBeGreaterThan(20);
  expect(heavy).toEqual([]);
});
