import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { type SourceFile, existsInRoot, purity, resolveImport, sourceFiles } from "./source.ts";

const files = sourceFiles();
/** Tests, and what stands beside them for tests alone: `test-….ts`. */
const isTest = (path: string) => /\.(test|spec)\.tsx?$|\/test-[^/]+\.ts$/.test(path) || path.startsWith("test/");
const production = files.filter((file) => !isTest(file.path));
const server = production.filter((file) => file.path.startsWith("server/"));
const web = production.filter((file) => file.path.startsWith("web/"));
const simulator = production.filter((file) => file.path.startsWith("simulator/"));
const isPure = purity(files);

/** Lowest first; a tier imports from tiers below it and from itself only where it is one domain. */
const TIERS: readonly (readonly string[])[] = [
  ["providers"],
  ["platform"],
  ["accounts"],
  ["leads"],
  ["ai", "clients"],
  ["messaging"],
  ["booking"],
  ["inbox"],
  ["conversions"],
  ["outreach"],
  ["closing", "community", "social"],
  ["crm", "portal", "coach"],
  ["journey"],
];
const TOP = TIERS.length;

/** Which part of the server a file belongs to; null for the files on top that put it together. */
function partOf(path: string): string | null {
  const [, folder, domain] = path.split("/");
  if (folder === "providers" || folder === "platform") return folder;
  return folder === "domains" ? (domain ?? null) : null;
}

function tierOf(part: string | null): number {
  if (part === null) return TOP;
  const tier = TIERS.findIndex((parts) => parts.includes(part));
  if (tier < 0) throw new Error(`The domain ${part} has no place in the tiers.`);
  return tier;
}

/** Every import of a file of ours by a file of ours. */
const edges = (from: readonly SourceFile[]) =>
  from.flatMap((file) =>
    file.imports.flatMap(({ specifier, isTypeOnly }) => {
      const target = resolveImport(file.path, specifier);
      return target ? [{ from: file.path, to: target, isTypeOnly }] : [];
    }),
  );

const show = ({ from, to }: { from: string; to: string }) => `${from} imports ${to}`;
const paths = (found: readonly SourceFile[]) => found.map((file) => file.path);

describe("imports", () => {
  test("every import of a file of ours leads to a file that exists", () => {
    expect(
      edges(files)
        .filter(({ to }) => !existsInRoot(to.split("?")[0] ?? to))
        .map(show),
    ).toEqual([]);
  });

  test("a part of the server imports only parts of lower tiers", () => {
    const upward = edges(server).filter(({ from, to }) => {
      if (!to.startsWith("server/")) return to !== "package.json";
      const [own, other] = [partOf(from), partOf(to)];
      return own !== other && tierOf(other) >= tierOf(own);
    });
    expect(upward.map(show)).toEqual([]);
  });

  test("another domain is entered through its index.ts; plain code that the browser shares may meet plain code", () => {
    const sideDoors = edges(server).filter(({ from, to }) => {
      const other = partOf(to);
      if (!to.startsWith("server/domains/") || other === partOf(from)) return false;
      if (partOf(from) === null) return !/\/(index|module|contract)\.ts$/.test(to);
      return basename(to) !== "index.ts" && !(isPure(to) && isPure(from));
    });
    expect(sideDoors.map(show)).toEqual([]);
  });

  test("the simulator stands on top of all: it enters domains through their index.ts, and nothing that serves imports it", () => {
    const sideDoors = edges(simulator).filter(
      ({ to }) =>
        (to.startsWith("server/domains/") && basename(to) !== "index.ts") || !/^(simulator|server)\//.test(to),
    );
    expect(sideDoors.map(show)).toEqual([]);
    const downward = edges([...server, ...web]).filter(({ to }) => to.startsWith("simulator/"));
    expect(downward.map(show)).toEqual([]);
  });

  test("a vendor is entered through its port", () => {
    const sideDoors = edges([...server, ...simulator]).filter(({ from, to }) => {
      const [, folder, kind, file] = to.split("/");
      if (folder !== "providers" || partOf(from) === "providers" || file === undefined) return false;
      return file !== "port.ts" && !(kind === "sandbox" && file === "store.ts");
    });
    expect(sideDoors.map(show)).toEqual([]);
  });

  test("routes and handlers hold no SQL", () => {
    const thin = server.filter((file) => /\/(routes|handlers)(\/|\.ts$)/.test(file.path));
    const withSql = thin.filter((file) =>
      file.imports.some(({ specifier }) => specifier === "kysely" || specifier === "pg"),
    );
    expect(paths(withSql)).toEqual([]);
  });

  test("the pages import of the server only plain code: contracts and rules", () => {
    const heavy = edges(web).filter(({ to, isTypeOnly }) => to.startsWith("server/") && !isTypeOnly && !isPure(to));
    expect(heavy.map(show)).toEqual([]);
    const stray = edges(web).filter(
      ({ to }) => !to.startsWith("web/") && !to.startsWith("server/") && to !== "package.json",
    );
    expect(stray.map(show)).toEqual([]);
  });

  test("contracts and rules are plain code", () => {
    const shared = server.filter((file) => /\/(contract|rules|permissions)(\.ts$|\/)/.test(file.path));
    expect(paths(shared.filter((file) => !isPure(file.path)))).toEqual([]);
  });
});

describe("permissions", () => {
  /** Commands of the person themselves: whoever is signed in may call them, in no workspace or in any. */
  const OF_ONESELF = new Set([
    "server/domains/accounts/commands/accept-invitation.ts",
    "server/domains/accounts/commands/create-workspace.ts",
  ]);

  test("every command that a route calls asks first whether this actor may", () => {
    const called = new Set(
      edges(server.filter((file) => /\/routes(\/|\.ts$)/.test(file.path)))
        .map(({ to }) => to)
        .filter((to) => to.includes("/commands/")),
    );
    const unasked = server.filter(
      (file) => called.has(file.path) && !OF_ONESELF.has(file.path) && !/\ballow\(/.test(file.text),
    );
    expect(paths(unasked)).toEqual([]);
  });
});

describe("one place for each thing", () => {
  const mentions = (where: readonly SourceFile[], pattern: RegExp, allowed: readonly string[]) =>
    paths(where.filter((file) => pattern.test(file.text) && !allowed.includes(file.path)));

  test("only config.ts reads the environment", () => {
    expect(mentions([...server, ...web, ...simulator], /process\.env\b/, ["server/platform/config.ts"])).toEqual([]);
  });

  test("only clock.ts reads the clock", () => {
    const pattern = /Date\.now\(|new Date\(\)|Temporal\.Now\b|performance\.now\(/;
    expect(
      mentions([...server, ...web, ...simulator], pattern, ["server/platform/clock.ts", "web/ui/clock.ts"]),
    ).toEqual([]);
  });

  test("only ids.ts makes ids", () => {
    expect(
      mentions([...server, ...web, ...simulator], /randomUUID\(|\bnanoid\b|\bcuid\b/, ["server/platform/ids.ts"]),
    ).toEqual([]);
  });

  test("every setting is read by something", () => {
    const config = server.find((file) => file.path === "server/platform/config.ts");
    const [, body = ""] = /export type Config = Readonly<\{([\s\S]*?)\n\}>;/.exec(config?.text ?? "") ?? [];
    const keys = [...body.matchAll(/^ {2}(\w+)\??:/gm)].map(([, key = ""]) => key);
    expect(keys.length).toBeGreaterThan(10);
    const readers = server.filter((file) => file !== config);
    const unread = keys.filter(
      (key) =>
        !readers.some(({ text }) =>
          new RegExp(`config\\s*\\.\\s*${key}\\b|\\{[^}]*\\b${key}\\b[^}]*\\}[^;]*config\\b`).test(text),
        ),
    );
    expect(unread).toEqual([]);
  });
});

describe("files", () => {
  const GENERATED = new Set(["server/platform/database/types.ts"]);

  test("none has more than 400 lines", () => {
    const long = files.filter((file) => !GENERATED.has(file.path) && file.text.split("\n").length > 401);
    expect(long.map((file) => `${file.path}: ${file.text.split("\n").length - 1}`)).toEqual([]);
  });

  test("none hides behind a name that says nothing", () => {
    const empty = /(^|[/-])(utils?|helpers?|managers?|services?|misc|common)([-./]|$)/;
    expect(paths(files.filter((file) => empty.test(file.path)))).toEqual([]);
  });

  test("names are kebab-case", () => {
    const odd = files.filter(
      (file) => !file.path.split("/").every((part) => /^[a-z0-9$][a-z0-9.$_-]*$/.test(part) || part === ".ci"),
    );
    expect(paths(odd)).toEqual([]);
  });

  test("only index.ts passes on what others export", () => {
    const isBarrel = ({ text }: SourceFile) => {
      const code = text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "").trim();
      return (
        code !== "" &&
        code.replaceAll(/export\s+(type\s+)?(\*|\{[^}]*\})(\s+as\s+\w+)?\s+from\s+["'][^"']+["'];?/g, "").trim() === ""
      );
    };
    expect(paths(production.filter((file) => basename(file.path) !== "index.ts" && isBarrel(file)))).toEqual([]);
  });

  test("nobody switches off the compiler or the linter", () => {
    const pattern = /@ts-(ignore|expect-error|nocheck)|(?:eslint|oxlint)-disable/;
    const own = "test/architecture.test.ts";
    expect(paths(files.filter((file) => file.path !== own && pattern.test(file.text)))).toEqual([]);
  });
});
