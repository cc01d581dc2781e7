import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";

export const ROOT = join(import.meta.dirname, "..");

/** Folders of other people's code, of data and of results. */
const NOT_OURS = new Set(["node_modules", ".git", ".data", "dist", "coverage", "test-results"]);
const CODE = /\.(ts|tsx|mjs)$/;

export type Import = { specifier: string; isTypeOnly: boolean };

/** A file of ours: its path from the root, with `/`, and what stands in it. */
export type SourceFile = { path: string; text: string; imports: readonly Import[] };

export function walk(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return [];
    return entry.isDirectory() ? walk(join(dir, entry.name)) : [join(dir, entry.name)];
  });
}

export const readRoot = (path: string) => readFileSync(join(ROOT, path), "utf8");
export const existsInRoot = (path: string) => existsSync(join(ROOT, path));
export const allFiles = (): string[] => walk(ROOT).map((path) => relative(ROOT, path).replaceAll("\\", "/"));

const STATEMENT = /(?:^|\n)\s*(?:import|export)\s+(type\s+)?([^;"']*?)\s*from\s*["']([^"']+)["']/g;
const BARE = /(?:^|\n)\s*import\s*["']([^"']+)["']/g;
const DYNAMIC = /\bimport\(\s*["']([^"']+)["']/g;

/** `import { type A, type B }` imports nothing at run time, as far as purity goes. */
const hasOnlyTypes = (clause: string) =>
  /^\{[^}]*\}$/.test(clause.trim()) &&
  clause
    .replaceAll(/[{}]/g, "")
    .split(",")
    .filter((name) => name.trim() !== "")
    .every((name) => name.trim().startsWith("type "));

export function importsOf(text: string): Import[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "$1");
  return [
    ...[...code.matchAll(STATEMENT)].map(([, type, clause = "", specifier = ""]) => ({
      specifier,
      isTypeOnly: Boolean(type) || hasOnlyTypes(clause),
    })),
    ...[...code.matchAll(BARE), ...code.matchAll(DYNAMIC)].map(([, specifier = ""]) => ({
      specifier,
      isTypeOnly: false,
    })),
  ];
}

export const sourceFiles = (): SourceFile[] =>
  allFiles()
    .filter((path) => CODE.test(path))
    .map((path) => {
      const text = readRoot(path);
      return { path, text, imports: importsOf(text) };
    });

/** As in `imports` of package.json. */
const PREFIXES: Record<string, string> = {
  "#platform/": "server/platform/",
  "#providers/": "server/providers/",
  "#domains/": "server/domains/",
  "#server/": "server/",
  "#web/": "web/",
  "#test/": "test/",
};

/** The file of ours that an import means; null for a package. */
export function resolveImport(from: string, specifier: string): string | null {
  if (specifier.startsWith(".")) return join(dirname(from), specifier).replaceAll("\\", "/");
  const prefix = Object.keys(PREFIXES).find((known) => specifier.startsWith(known));
  return prefix ? `${PREFIXES[prefix] ?? ""}${specifier.slice(prefix.length)}` : null;
}

/** Packages that run in a browser and bring no server along. */
const BROWSER_PACKAGES = new Set([
  "zod",
  "@orpc/contract",
  "@orpc/client",
  "temporal-polyfill",
  "libphonenumber-js",
  "liquidjs",
  "marked",
  "html-to-text",
]);

const packageOf = (specifier: string) =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

/** Tells of a file whether the browser may import it: it and all it imports is plain code, without a server's packages or Node. */
export function purity(files: readonly SourceFile[]): (path: string) => boolean {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const known = new Map<string, boolean>();
  const isPure = (path: string): boolean => {
    const before = known.get(path);
    if (before !== undefined) return before;
    known.set(path, true); // A cycle is as pure as the rest of it.
    const file = byPath.get(path);
    const pure =
      file !== undefined &&
      file.imports
        .filter((found) => !found.isTypeOnly)
        .every(({ specifier }) => {
          const target = resolveImport(path, specifier);
          return target ? isPure(target) : BROWSER_PACKAGES.has(packageOf(specifier));
        });
    known.set(path, pure);
    return pure;
  };
  return isPure;
}
