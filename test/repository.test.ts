import { expect, test } from "vitest";
import { allFiles, existsInRoot, readRoot } from "./source.ts";

const files = allFiles();
const texts = files.filter(
  (path) => /\.(ts|tsx|mjs|js|json|md|sql|prisma|css|html|yml|yaml|sh)$/.test(path) || path === ".ci/run",
);

test("every path that a document names exists", () => {
  const missing = files
    .filter((path) => path.endsWith(".md") && path !== "CHANGELOG.md")
    .flatMap((document) => {
      const folder = document.includes("/") ? document.slice(0, document.lastIndexOf("/") + 1) : "";
      const named = [
        ...readRoot(document).matchAll(/`((?:server|web|test|prisma|scripts|docs|bench|simulator)\/[\w./-]*[\w/])`/g),
        ...readRoot(document).matchAll(/\]\((?!https?:|#|mailto:|\/)([^)#\s]+)/g),
      ].map(([, path = ""]) => path);
      return named
        .filter((path) => !existsInRoot(path) && !existsInRoot(folder + path))
        .map((path) => `${document} names ${path}`);
    });
  expect(missing).toEqual([]);
});

test("the lock file names no host: packages come from whatever registry npm is told to use", () => {
  expect(readRoot("package-lock.json").match(/"resolved": "https?:[^"]*"/g) ?? []).toEqual([]);
});

test("no file knows the machine it was written on", () => {
  const machine = /(?<![\w.])\/(?:work|home\/\w+|Users\/\w+)\//;
  const own = new Set(["test/repository.test.ts", "package-lock.json"]);
  expect(texts.filter((path) => !own.has(path) && machine.test(readRoot(path)))).toEqual([]);
});

test("every script of package.json runs a file that exists", () => {
  const manifest: { scripts: Record<string, string> } = JSON.parse(readRoot("package.json"));
  const missing = Object.entries(manifest.scripts).flatMap(([name, command]) => {
    const [, file] = /^node (?:--\S+ )*(\S+)/.exec(command) ?? [];
    return file && !existsInRoot(file) ? [`${name}: ${file}`] : [];
  });
  expect(missing).toEqual([]);
});

test("every test that the page on acceptance names exists in the file that it names", () => {
  const rows = [
    ...readRoot("docs/acceptance.md").matchAll(/^\| [^|]+ \| [^|]* \| `([^`]+\.test\.ts)` \| ([^|]+) \|$/gm),
  ];
  const missing = rows.flatMap(([, path = "", name = ""]) =>
    name
      .split(" > ")
      .filter((part) => !existsInRoot(path) || !readRoot(path).includes(`"${part}"`))
      .map((part) => `${path}: ${part}`),
  );
  expect(rows.length).toBeGreaterThan(50);
  expect(missing).toEqual([]);
});
