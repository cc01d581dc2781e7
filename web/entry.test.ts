import { expect, test } from "vitest";
import { resolveImport, sourceFiles } from "#test/source.ts";

/** What a page is allowed to need, but not the first page before anybody has done anything. */
const HEAVY =
  /^(zod|libphonenumber-js|liquidjs|marked|html-to-text|recharts|react-hook-form|@tanstack\/react-table)(\/|$)/;

/** The build gives the browser of this file only paths and methods. */
const REPLACED = "server/contract.ts";

test("what every page loads brings along no schemas, phone numbers, templates or charts", () => {
  const files = new Map(sourceFiles().map((file) => [file.path, file]));
  const reached = new Map<string, string>([["web/main.tsx", ""]]);
  const heavy: string[] = [];
  for (const [path, from] of reached) {
    const file = files.get(path);
    if (!file || path === REPLACED) continue;
    const later = new Set([...file.text.matchAll(/\bimport\(\s*"([^"]+)"/g)].map(([, specifier]) => specifier));
    for (const { specifier, isTypeOnly } of file.imports) {
      if (isTypeOnly || later.has(specifier)) continue;
      const target = resolveImport(path, specifier);
      if (target && !reached.has(target)) reached.set(target, path);
      if (!target && HEAVY.test(specifier)) heavy.push(`${from} → ${path} → ${specifier}`);
    }
  }
  expect(reached.size).toBeGreaterThan(20);
  expect(heavy).toEqual([]);
});
