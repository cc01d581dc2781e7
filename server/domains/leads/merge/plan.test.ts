import fc from "fast-check";
import { expect, test } from "vitest";
import { LEAD_STATUSES } from "../status.ts";
import type { KnownLead } from "../upsert/known.ts";
import { MERGE_FIELDS, MERGE_SIDES, changesBetween, furtherStatus, planMerge, planUndo } from "./plan.ts";

const text = fc.constantFrom("Ana", "Leo", "Kestrel", "Osprey", "Zoë");
const maybe = fc.option(text, { nil: null });

/** Leads as the database holds them: at most one first address of a kind, names of tags in order and once each. */
const lead = (id: string): fc.Arbitrary<KnownLead> =>
  fc
    .record({
      externalId: maybe,
      source: fc.constantFrom("MANUAL" as const, "API" as const),
      firstName: fc.constantFrom("", "Ana", "Leo"),
      lastName: fc.constantFrom("", "Banerjee", "Silva"),
      fullName: maybe,
      company: maybe,
      jobTitle: maybe,
      website: maybe,
      notes: maybe,
      region: maybe,
      country: fc.constantFrom(null, "US", "DE"),
      status: fc.constantFrom(...LEAD_STATUSES),
      timeZone: fc.constantFrom("Europe/Berlin", "America/New_York"),
      timeZoneSource: fc.constantFrom("explicit" as const, "phone" as const, "workspace" as const),
      meta: fc.dictionary(fc.constantFrom("plan", "size", "form"), text),
      tags: fc.uniqueArray(text).map((tags) => tags.toSorted()),
      phones: fc.uniqueArray(fc.constantFrom("+12125550100", "+12125550101", "+12125550102"), { maxLength: 2 }),
      emails: fc.uniqueArray(fc.constantFrom("a", "b").map((name) => `${id}-${name}@example.com`)),
    })
    .map(({ phones, emails, ...fields }) => ({
      id,
      sourceLabel: null,
      createdAt: new Date("2026-03-01T00:00:00Z"),
      ...fields,
      addresses: [
        ...phones.map((value, place) => ({ kind: "PHONE" as const, value, isPrimary: place === 0 })),
        ...emails.map((value, place) => ({ kind: "EMAIL" as const, value, isPrimary: place === 0 })),
      ],
    }));

const choice = fc.dictionary(fc.constantFrom(...MERGE_FIELDS), fc.constantFrom(...MERGE_SIDES));

test("undoing a merge that nothing followed gives the survivor back exactly as it was", () => {
  fc.assert(
    fc.property(lead("one"), lead("two"), choice, (survivor, other, fields) => {
      const { draft } = planMerge(survivor, other, fields);
      expect(changesBetween(survivor, planUndo(draft, survivor, other, draft))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test("no address and no tag of either lead is lost, and of each kind one address at most comes first", () => {
  fc.assert(
    fc.property(lead("one"), lead("two"), choice, (survivor, other, fields) => {
      const { draft } = planMerge(survivor, other, fields);
      const values = draft.addresses.map(({ value }) => value);
      for (const { value } of [...survivor.addresses, ...other.addresses]) expect(values).toContain(value);
      expect(new Set(values).size).toBe(values.length);
      for (const kind of ["PHONE", "EMAIL"]) {
        const own = draft.addresses.filter((address) => address.kind === kind);
        expect(own.filter(({ isPrimary }) => isPrimary)).toHaveLength(own.length > 0 ? 1 : 0);
      }
      expect(draft.tags.toSorted()).toEqual([...new Set([...survivor.tags, ...other.tags])].toSorted());
    }),
  );
});

test("what was edited after the merge stays when it is undone, the rest goes back", () => {
  const [survivor, other] = fc.sample(fc.tuple(lead("one"), lead("two")), { numRuns: 1, seed: 7 })[0] ?? [];
  if (!survivor || !other) throw new Error("no sample");
  const own = { ...survivor, company: null, jobTitle: "Coach", meta: { plan: "one" } };
  const others = { ...other, company: "Kestrel", jobTitle: "Owner", meta: { plan: "two", size: "5" } };
  const { draft: merged } = planMerge(own, others, { jobTitle: "other" });
  expect(merged).toMatchObject({ company: "Kestrel", jobTitle: "Owner", meta: { plan: "one", size: "5" } });
  const edited = { ...merged, jobTitle: "Founder", meta: { ...merged.meta, form: "late" } };
  expect(planUndo(edited, own, others, merged)).toMatchObject({
    company: null,
    jobTitle: "Founder",
    meta: { plan: "one", form: "late" },
  });
});

test("a sale outweighs a loss, a loss outweighs work in progress, and nothing goes backwards", () => {
  expect(furtherStatus("LOST", "CONVERTED")).toBe("CONVERTED");
  expect(furtherStatus("IN_PROGRESS", "LOST")).toBe("LOST");
  expect(furtherStatus("NEW", "CONTACTED")).toBe("CONTACTED");
});
