import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { ID_PREFIXES, isId, newId, newToken, sha256 } from "./ids.ts";

const prefix = fc.constantFrom(...ID_PREFIXES);

test("every id is one of its own kind and of no other", () => {
  fc.assert(
    fc.property(prefix, prefix, (own, other) => {
      const id = newId(own);
      expect(isId(own, id)).toBe(true);
      expect(isId(other, id)).toBe(own === other);
    }),
  );
});

test("no text but an id is taken for one", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(isId("lead", text)).toBe(false);
    }),
  );
  const id = newId("lead");
  for (const text of [
    id.toUpperCase(),
    `${id}0`,
    id.slice(0, -1),
    id.replace("_", "-"),
    `${id}\n`,
    id.replace(/_./, "_8"),
  ])
    expect(isId("lead", text)).toBe(false);
});

test("a hundred thousand ids are all different", () => {
  expect(new Set(Array.from({ length: 100_000 }, () => newId("msg"))).size).toBe(100_000);
});

test("ids of one kind sort by the time they were made", () => {
  vi.useFakeTimers();
  try {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 2 ** 48 - 1 }), { minLength: 2, maxLength: 20 }),
        (times) => {
          const made = times.map((ms) => {
            vi.setSystemTime(ms);
            return { ms, id: newId("evt") };
          });
          const byId = made.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(({ ms }) => ms);
          expect(byId).toEqual(times.toSorted((a, b) => a - b));
        },
      ),
    );
  } finally {
    vi.useRealTimers();
  }
});

test("ids made one after the other sort one after the other, also within one millisecond", () => {
  const made = Array.from({ length: 1_000 }, () => newId("evt"));
  expect(made.toSorted()).toEqual(made);
});

test("an id is a UUID of version 7 in base 32", () => {
  const digits = newId("lead").slice(5);
  const value = digits
    .split("")
    .reduce((sum, char) => sum * 32n + BigInt("0123456789abcdefghjkmnpqrstvwxyz".indexOf(char)), 0n);
  expect((value >> 76n) & 0xfn).toBe(7n);
  expect((value >> 62n) & 0x3n).toBe(2n);
  expect(Number(value >> 80n)).toBeGreaterThan(Date.UTC(2026, 0));
});

test("tokens cannot be guessed and hashes are SHA-256", () => {
  expect(newToken()).toMatch(/^[\w-]{43}$/);
  expect(newToken()).not.toBe(newToken());
  expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
