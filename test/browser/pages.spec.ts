import { expect, test, vi } from "vitest";
import { ADDRESSES, REDIRECTS } from "./addresses.ts";
import { walkPages } from "./page-walk.ts";

test("every route of the product has an address under which it is looked at", async () => {
  // The pages' modules ask the browser for its theme as soon as they are read.
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => undefined }));
  const { router } = await import("#web/routes.tsx");
  vi.unstubAllGlobals();
  const known = [...Object.keys(ADDRESSES), ...REDIRECTS].toSorted();
  expect(known).toEqual(Object.keys(router.routesByPath).toSorted());
});

walkPages({ from: 0 });
