import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LEAD_HAPPENINGS, LEAD_STATUSES, readStatus, statusAfter, type LeadStatus } from "./status.ts";

const anyStatus = fc.constantFrom(...LEAD_STATUSES);
const anyHappenings = fc.array(fc.constantFrom(...LEAD_HAPPENINGS), { maxLength: 12 });

describe("how a lead's status moves by itself", () => {
  test.each([
    ["NEW", ["CONTACTED", "IN_PROGRESS", "CONVERTED"]],
    ["CONTACTED", ["CONTACTED", "IN_PROGRESS", "CONVERTED"]],
    ["IN_PROGRESS", ["IN_PROGRESS", "IN_PROGRESS", "CONVERTED"]],
    ["CONVERTED", ["CONVERTED", "CONVERTED", "CONVERTED"]],
    ["LOST", ["LOST", "IN_PROGRESS", "LOST"]],
  ] as const)("from %s a delivered outbound, an inbound and a sale lead to %j", (from, to) => {
    expect(LEAD_HAPPENINGS.map((happening) => statusAfter(from, happening))).toEqual(to);
  });

  test("no series of happenings moves a lead backward along NEW, CONTACTED, IN_PROGRESS, CONVERTED", () => {
    const order: LeadStatus[] = ["NEW", "CONTACTED", "IN_PROGRESS", "CONVERTED"];
    fc.assert(
      fc.property(fc.constantFrom(...order), anyHappenings, (start, happenings) => {
        let status: LeadStatus = start;
        for (const happening of happenings) {
          const next = statusAfter(status, happening);
          expect(order.indexOf(next)).toBeGreaterThanOrEqual(order.indexOf(status));
          status = next;
        }
      }),
    );
  });

  test("a lost lead stays lost until it writes", () => {
    fc.assert(
      fc.property(anyHappenings, (happenings) => {
        const silent = happenings.filter((happening) => happening !== "inbound");
        expect(silent.reduce(statusAfter, "LOST")).toBe("LOST");
      }),
    );
  });

  test("the same happening twice changes no more than once", () => {
    fc.assert(
      fc.property(anyStatus, fc.constantFrom(...LEAD_HAPPENINGS), (status, happening) => {
        const once = statusAfter(status, happening);
        expect(statusAfter(once, happening)).toBe(once);
      }),
    );
  });
});

describe("reading another system's status", () => {
  test("every status is read from its own name in any writing", () => {
    for (const status of LEAD_STATUSES) {
      expect(readStatus(status)).toBe(status);
      expect(readStatus(` ${status.toLowerCase().replace("_", "-")} `)).toBe(status);
    }
  });

  test("customary words are understood and unknown ones are refused rather than guessed", () => {
    expect(["Customer", "Closed Won", "Kunde", "Contacté", "In Bearbeitung", "Disqualified"].map(readStatus)).toEqual([
      "CONVERTED",
      "CONVERTED",
      "CONVERTED",
      "CONTACTED",
      "IN_PROGRESS",
      "LOST",
    ]);
    expect(["CREATED", "complete", "", "Florida", "true"].map(readStatus)).toEqual(Array(5).fill(undefined));
  });
});
