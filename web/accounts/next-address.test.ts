import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextAddress } from "#web/accounts/next-address.ts";

const ORIGIN = "https://crm.example.com";

describe("the address after signing in", () => {
  test("is the page that was asked for, with its filters", () => {
    expect(nextAddress("/leads?status=NEW&q=ana", ORIGIN)).toBe("/leads?status=NEW&q=ana");
  });

  test.each([
    undefined,
    "",
    "//evil.example",
    "/\\evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/.//evil.example",
    "/a/..//evil.example",
  ])("is the start instead of %j", (next) => {
    expect(nextAddress(next, ORIGIN)).toBe("/");
  });

  test("stays on this site whatever stands in the link", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("/", "\\", "\t", "@", ":", ".", "?", "#", "a", "%2f") }),
        (next) => {
          expect(new URL(nextAddress(next, ORIGIN), ORIGIN).origin).toBe(ORIGIN);
        },
      ),
    );
  });
});
