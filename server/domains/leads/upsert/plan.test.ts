import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sourceKey, type KnownLead } from "./known.ts";
import type { LeadRow } from "./lead-row.ts";
import { planUpsert, type PlanOptions, type RowOutcome, type UpsertPlan } from "./plan.ts";

const NOW = new Date("2026-03-02T12:00:00Z");

/** Rows over a few people's addresses, so that they meet in every way. */
const few = (prefix: string) => fc.constantFrom(`${prefix}1`, `${prefix}2`, `${prefix}3`);
const identity = fc.oneof(
  few("e").map((name) => ({ kind: "EMAIL" as const, value: `${name}@example.com`, raw: name })),
  few("+1212555000").map((value) => ({ kind: "PHONE" as const, value, raw: value })),
  few("https://www.linkedin.com/in/l").map((value) => ({ kind: "LINKEDIN" as const, value, raw: value })),
);
const row: fc.Arbitrary<LeadRow> = fc.record({
  source: fc.constantFrom("MANUAL" as const, "API" as const),
  externalId: fc.option(few("x"), { nil: undefined, freq: 4 }),
  dedupeKey: fc.option(few("row:"), { nil: undefined }),
  firstName: fc.constantFrom("", "Ana", "Leo"),
  lastName: fc.constantFrom("", "Silva"),
  identities: fc.uniqueArray(identity, { maxLength: 3, selector: ({ value }) => value }),
  company: fc.option(few("c"), { nil: undefined }),
  tags: fc.uniqueArray(few("t"), { maxLength: 2 }),
  meta: fc.constant({}),
  raw: fc.constant({}),
});
const rows = fc.array(row, { minLength: 1, maxLength: 14 });

const ids = () => {
  let last = 0;
  return () => `lead_${String(++last).padStart(6, "0")}`;
};
const options = (makeId: () => string): PlanOptions => ({
  policy: "fill",
  now: NOW,
  workspaceZone: "America/New_York",
  makeId,
});

/** What the database would hold after a plan was written. */
function write(before: Map<string, KnownLead>, plan: UpsertPlan): Map<string, KnownLead> {
  const after = new Map(before);
  for (const { isNew: _isNew, changed: _changed, statusBefore: _statusBefore, ...lead } of plan.drafts)
    after.set(lead.id, lead);
  return after;
}
const keysOf = (plans: readonly UpsertPlan[]) =>
  new Map(
    plans.flatMap(({ rowKeys }) => rowKeys.map(({ source, key, leadId }) => [sourceKey(source, key), leadId] as const)),
  );

/** Applies rows one after the other, each as a batch of its own. */
function applySingly(list: readonly LeadRow[]) {
  const makeId = ids();
  const plans: UpsertPlan[] = [];
  let leads = new Map<string, KnownLead>();
  const outcomes: RowOutcome[] = [];
  for (const one of list) {
    const plan = planUpsert([one], [...leads.values()], keysOf(plans), options(makeId));
    leads = write(leads, plan);
    plans.push(plan);
    outcomes.push(...plan.outcomes);
  }
  return { leads, outcomes, proposals: plans.flatMap(({ proposals }) => proposals), keys: keysOf(plans) };
}

const holders = (leads: Map<string, KnownLead>, kind: string) => {
  const found = new Map<string, string[]>();
  for (const lead of leads.values()) {
    for (const address of lead.addresses) {
      if (address.kind === kind) found.set(address.value, [...(found.get(address.value) ?? []), lead.id]);
    }
  }
  return found;
};

describe("a batch of rows", () => {
  test("does what its rows do one after the other", () => {
    fc.assert(
      fc.property(rows, (list) => {
        const singly = applySingly(list);
        const plan = planUpsert(list, [], new Map(), options(ids()));
        expect(plan.outcomes).toEqual(singly.outcomes);
        expect(write(new Map(), plan)).toEqual(singly.leads);
        expect(keysOf([plan])).toEqual(singly.keys);
        const pair = ({ leadId, otherLeadId, kind, value }: (typeof plan.proposals)[number]) =>
          `${leadId} ${otherLeadId} ${kind} ${value}`;
        expect(new Set(plan.proposals.map(pair))).toEqual(new Set(singly.proposals.map(pair)));
      }),
      { numRuns: 500 },
    );
  });

  test("that comes again makes no lead and changes none", () => {
    fc.assert(
      fc.property(rows, (list) => {
        // A row with neither address nor ID nor key is a new person each time; files give every such row a key.
        const told = list.map((one, place) => ({ ...one, dedupeKey: one.dedupeKey ?? `row:${place}` }));
        const { leads, keys } = applySingly(told);
        const again = planUpsert(
          told,
          [...leads.values()],
          keys,
          options(() => "lead_new"),
        );
        expect(again.outcomes.filter(({ kind }) => kind === "created" || kind === "updated")).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("never gives an e-mail or LinkedIn page to two leads, nor two primary addresses of a kind to one", () => {
    fc.assert(
      fc.property(rows, (list) => {
        const { leads } = applySingly(list);
        for (const kind of ["EMAIL", "LINKEDIN"]) {
          for (const ids of holders(leads, kind).values()) expect(ids).toHaveLength(1);
        }
        for (const { addresses } of leads.values()) {
          for (const kind of ["EMAIL", "PHONE", "LINKEDIN"]) {
            const own = addresses.filter((address) => address.kind === kind);
            expect(own.filter(({ isPrimary }) => isPrimary)).toHaveLength(own.length > 0 ? 1 : 0);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test("finds the same with only the two oldest of the leads that share a phone", () => {
    const shared = ["a", "b", "c", "d"].map((name) => ({
      source: "API" as const,
      firstName: name,
      lastName: "",
      identities: [
        { kind: "EMAIL" as const, value: `${name}@example.com`, raw: "" },
        { kind: "PHONE" as const, value: "+12125550142", raw: "" },
      ],
      meta: {},
      raw: {},
    }));
    const { leads } = applySingly(shared);
    const fifth: LeadRow = {
      ...shared[0],
      source: "API",
      firstName: "e",
      lastName: "",
      meta: {},
      raw: {},
      identities: [
        { kind: "EMAIL", value: "e@example.com", raw: "" },
        { kind: "PHONE", value: "+12125550142", raw: "" },
      ],
    };
    const all = planUpsert(
      [fifth],
      [...leads.values()],
      new Map(),
      options(() => "lead_9"),
    );
    const two = planUpsert(
      [fifth],
      [...leads.values()].slice(0, 2),
      new Map(),
      options(() => "lead_9"),
    );
    expect(two).toEqual(all);
    expect(two.proposals).toMatchObject([{ leadId: "lead_000001", otherLeadId: "lead_9" }]);
  });
});
