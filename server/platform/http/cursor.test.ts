import fc from "fast-check";
import { expect, test } from "vitest";
import { Problem } from "../problems.ts";
import { decodeCursor, encodeCursor, instantCursor, toPage } from "./cursor.ts";

const value = fc.oneof(
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)),
  fc.constant(null),
);
const cursor = fc.oneof(fc.tuple(value, fc.string()), fc.tuple(value, fc.string(), fc.integer({ min: 1, max: 1_000 })));

test("a cursor comes back as it went out", () => {
  fc.assert(
    fc.property(cursor, (one) => {
      expect(decodeCursor(encodeCursor(one))).toEqual(one);
    }),
  );
});

test("text that is no cursor of ours is refused with a pointer, never with a crash", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        decodeCursor(text);
      } catch (error) {
        expect(error).toBeInstanceOf(Problem);
      }
    }),
  );
  expect(() => decodeCursor("W10")).toThrow(Problem);
  for (const shortPages of [0, -1, 1.5, "2", null, [1]]) {
    const text = Buffer.from(JSON.stringify([0, "lead_1", shortPages])).toString("base64url");
    expect(() => decodeCursor(text)).toThrow(Problem);
  }
});

test("pages follow each other without a gap or a repetition", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 }), (total, limit) => {
      const rows = Array.from({ length: total }, (_none, at) => ({ id: String(at) }));
      const seen: string[] = [];
      let from = 0;
      for (;;) {
        const page = toPage(
          rows.slice(from, from + limit + 1),
          limit,
          (row) => [null, row.id],
          (row) => row.id,
        );
        seen.push(...page.data);
        expect(page.has_more).toBe(page.next_cursor !== null);
        if (page.next_cursor === null) break;
        from = Number(decodeCursor(page.next_cursor)[1]) + 1;
      }
      expect(seen).toEqual(rows.map((row) => row.id));
    }),
  );
});

test("the cursor of another list, of no instant, or with NUL in it is refused", () => {
  expect(instantCursor(undefined)).toBeUndefined();
  expect(instantCursor(encodeCursor([0, "lead_1"]))).toEqual([0, "lead_1"]);
  for (const foreign of [null, "Ada", 1e300, -62_135_596_800_000] as const)
    expect(() => instantCursor(encodeCursor([foreign, "lead_1"]))).toThrow(Problem);
  expect(() => instantCursor(encodeCursor([0, "lead\0"]))).toThrow(Problem);
});
