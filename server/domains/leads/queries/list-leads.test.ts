import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { Cursor } from "#platform/http/cursor.ts";
import { suppress } from "../commands/suppress.ts";
import { upsertLeads } from "../commands/upsert-leads.ts";
import { LEAD_SORTS, LEAD_SOURCES, LEAD_STATUSES, SORT_ORDERS, type LeadFilter } from "../rules.ts";
import { fold, nameKeyOf, searchPatterns } from "../search-text.ts";
import { leadsWorld, rowOf } from "../test-leads.ts";
import { dice } from "../test-volume.ts";
import { countLeads } from "./count-leads.ts";
import { listLeads } from "./list-leads.ts";
import { nextLeadIds, type LeadView } from "./leads.ts";
import { firstMatching, nextInOrder, nextMatching } from "./next-leads.ts";
import { cursorKey } from "./page.ts";
import { searchPage, type Effort } from "./search-leads.ts";
import { shortBefore } from "./window.ts";

let world: Awaited<ReturnType<typeof leadsWorld>>;
let all: LeadView[];
let suppressed: Set<string>;

const TAGS = ["hot", "cold", "expo", "none has it"];
const FIRST = ["Ana", "Leo", "Søren", "Lucía", "Bea"];
const LAST = ["Silva", "Okafor", "Jørgensen", "", "de la Cruz"];

beforeAll(async () => {
  world = await leadsWorld();
  const { ctx } = world;
  const random = dice(11);
  const one = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const rows = Array.from({ length: 300 }, (_, place) => ({
    ...rowOf({
      firstName: one(FIRST),
      lastName: one(LAST),
      email: random() < 0.8 ? `p${place}@example.com` : undefined,
      phone: random() < 0.5 ? `+1212555${1_000 + place}` : undefined,
      externalId: `x${place}`,
      company: one(["Kestrel Fit", "Blue Fox", undefined]),
      country: one(["US", "PT", "DE", undefined]),
      status: one(LEAD_STATUSES),
      source: one(LEAD_SOURCES),
      tags: TAGS.slice(0, 3).filter(() => random() < 0.3),
      notes: random() < 0.2 ? "wants a call" : undefined,
    }),
    createdAt: new Date(Date.UTC(2026, 0, 1 + Math.floor(random() * 20))),
  }));
  await upsertLeads(ctx, rows, { policy: "fill" });
  await upsertLeads(ctx, [rowOf({ email: "nobody@example.com", tags: ["none has it"] })], { policy: "fill" });
  await ctx.db.deleteFrom("leads").where("email", "=", "nobody@example.com").execute();
  for (const place of [1, 5, 9, 30])
    await suppress(ctx, { kind: "EMAIL", value: `p${place}@example.com`, reason: "UNSUBSCRIBE" });
  all = (await listLeads(ctx, {}, { sort: "createdAt", order: "asc", limit: 1_000 })).rows;
  suppressed = new Set(all.filter(({ email }) => /^p(1|5|9|30)@/.test(email ?? "")).map(({ id }) => id));
  expect(all).toHaveLength(300);
});

const has = (value: string | null, wanted: boolean | undefined) => wanted === undefined || (value !== null) === wanted;
const among = <T>(value: T, list: readonly T[] | undefined) => !list?.length || list.includes(value);

/** All that work over the leads of a filter would take, batch after batch; none of them has more than `limit`. */
async function walk(filter: LeadFilter, limit: number, bounds: Parameters<typeof nextMatching>[4]): Promise<string[]> {
  const taken: string[] = [];
  for (let after: Cursor | null = null; ;) {
    const { ids, next }: Awaited<ReturnType<typeof nextMatching>> = await nextMatching(
      world.ctx,
      filter,
      after,
      limit,
      bounds,
    );
    expect(ids.length).toBeLessThanOrEqual(limit);
    taken.push(...ids);
    if (next === null) return taken;
    after = next;
  }
}

/** The same by work that keeps its place as text. */
async function walkByText(filter: LeadFilter, limit: number): Promise<string[]> {
  const taken: string[] = [];
  for (let after: string | null = null; ;) {
    const { ids, next }: Awaited<ReturnType<typeof nextInOrder>> = await nextInOrder(world.ctx, filter, after, limit);
    taken.push(...ids);
    if (next === null) return taken;
    after = next;
  }
}

/** The filter in plain code, lead by lead. */
function fits(lead: LeadView, filter: LeadFilter): boolean {
  const tags = lead.tags.map(({ id }) => id);
  const text = fold(
    [
      lead.firstName,
      lead.lastName,
      lead.email,
      lead.phone?.slice(1),
      lead.company,
      lead.notes,
      ...lead.tags.map(({ name }) => name),
    ].join(" "),
  );
  return (
    among(lead.status, filter.status) &&
    among(lead.source, filter.source) &&
    (!filter.country?.length || (lead.country !== null && filter.country.includes(lead.country))) &&
    (!filter.tagsAny?.length || filter.tagsAny.some((tag) => tags.includes(tag))) &&
    (filter.tagsAll ?? []).every((tag) => tags.includes(tag)) &&
    !(filter.tagsNone ?? []).some((tag) => tags.includes(tag)) &&
    has(lead.email, filter.hasEmail) &&
    has(lead.phone, filter.hasPhone) &&
    (filter.suppressed === undefined || suppressed.has(lead.id) === filter.suppressed) &&
    (!filter.createdFrom || lead.createdAt >= new Date(filter.createdFrom)) &&
    (!filter.createdBefore || lead.createdAt < new Date(filter.createdBefore)) &&
    (!filter.search ||
      fold(filter.search)
        .split(" ")
        .every((word) => text.includes(word)))
  );
}

/** Scores have a table and a story of their own. */
const SORTS = LEAD_SORTS.filter((sort) => sort !== "score");
type Sort = (typeof SORTS)[number];

const keyOf = (lead: LeadView, sort: Sort) =>
  sort === "name"
    ? nameKeyOf({
        ...lead,
        addresses: [
          { kind: "EMAIL" as const, value: lead.email ?? "" },
          { kind: "PHONE" as const, value: lead.phone ?? "" },
        ].filter(({ value }) => value !== ""),
      })
    : lead[sort].toISOString();

function expectedIds(filter: LeadFilter, sort: Sort, order: (typeof SORT_ORDERS)[number]): string[] {
  const found = all.filter((lead) => fits(lead, filter)).map((lead) => ({ id: lead.id, key: keyOf(lead, sort) }));
  found.sort((one, other) => (one.key === other.key ? (one.id < other.id ? -1 : 1) : one.key < other.key ? -1 : 1));
  return (order === "asc" ? found : found.toReversed()).map(({ id }) => id);
}

const some = <T>(list: readonly T[]) =>
  fc.option(fc.uniqueArray(fc.constantFrom(...list), { minLength: 1 }), { nil: undefined, freq: 2 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const day = fc.integer({ min: 1, max: 20 }).map((date) => new Date(Date.UTC(2026, 0, date)).toISOString());

test(
  "a page holds what the filter says in plain code, in order, and pages meet without gap or overlap",
  { timeout: 120_000 },
  async () => {
    const { ctx } = world;
    const tagIds = (await ctx.db.selectFrom("tags").select("id").execute()).map(({ id }) => id);
    const filters: fc.Arbitrary<LeadFilter> = fc.record({
      status: some(LEAD_STATUSES),
      source: some(LEAD_SOURCES),
      country: some(["US", "PT", "DE"]),
      tagsAny: maybe(fc.subarray(tagIds)),
      tagsAll: maybe(fc.subarray(tagIds, { maxLength: 2 })),
      tagsNone: maybe(fc.subarray(tagIds, { maxLength: 2 })),
      hasEmail: maybe(fc.boolean()),
      hasPhone: maybe(fc.boolean()),
      suppressed: maybe(fc.boolean()),
      createdFrom: maybe(day),
      createdBefore: maybe(day),
      search: maybe(
        fc.constantFrom("silva", "ana", "ana silva", "jorgensen", "kestrel fit", "call", "p1", "hot", "2125551"),
      ),
    });
    const cases = fc.tuple(
      filters,
      fc.constantFrom(...SORTS),
      fc.constantFrom(...SORT_ORDERS),
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom(
        {},
        { window: { together: 25, apart: 20 }, few: { fetched: 0, beside: 0 } },
        { window: { together: 60, apart: 20 }, few: { fetched: 30, beside: 30 } },
      ),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ([filter, sort, order, limit, bounds]) => {
        const expected = expectedIds(filter, sort, order);
        const seen: string[] = [];
        for (let after: readonly [string | number, string] | undefined; ;) {
          const { rows, stoppedAt } = await listLeads(ctx, filter, { sort, order, limit, after }, bounds);
          const shown = rows.slice(0, limit);
          seen.push(...shown.map(({ id }) => id));
          const last = shown.at(-1);
          if (rows.length > limit && last) after = [last.key, last.id];
          else if (stoppedAt?.[0] != null) after = [stoppedAt[0], stoppedAt[1]];
          else break;
        }
        expect(seen).toEqual(expected);
        expect(await countLeads(ctx, filter)).toEqual({ count: expected.length, isEstimate: false });
        expect(new Set(await nextLeadIds(ctx, filter, null, 1_000))).toEqual(new Set(expected));
        const oldest = expectedIds(filter, "createdAt", "asc");
        expect(await walk(filter, limit, bounds)).toEqual(oldest);
        const first = { ids: oldest.slice(0, limit), isAll: oldest.length <= limit };
        expect(await firstMatching(ctx, filter, limit)).toEqual(first);
      }),
      { numRuns: 150 },
    );
  },
);

test(
  "a search finds the same whichever way it takes: in order, by the index, or window after window",
  { timeout: 60_000 },
  async () => {
    const { ctx } = world;
    const both = (count: number) => ({ together: count, apart: count });
    const brief = {
      firstLook: both(2),
      common: 99,
      secondLook: both(10),
      tooCommon: 99,
      longLook: both(40),
      matches: 1_000,
    };
    const ways: Effort[] = [
      { ...brief, longLook: both(2) },
      { ...brief, longLook: both(3), matches: 1 },
      { ...brief, common: 1, longLook: both(5), matches: 3 },
      { ...brief, common: 0 },
      { ...brief, matches: 1 },
      { ...brief, firstLook: both(20), tooCommon: 1, longLook: both(60) },
      { ...brief, firstLook: both(1_000), common: 0, longLook: both(1_000) },
    ];
    const filters: LeadFilter[] = ["silva", "ana silva", "jorgensen", "p1", "2125551"].flatMap((search) => [
      { search },
      { search, status: ["NEW", "LOST"] },
      { search, country: ["PT"], hasPhone: true },
    ]);
    for (const filter of filters) {
      for (const effort of ways) {
        for (const sort of SORTS) {
          const page = { sort, order: "asc", limit: 4 } as const;
          const patterns = searchPatterns(filter.search ?? "");
          const expected = expectedIds(filter, sort, "asc").slice(0, 8);
          const seen: string[] = [];
          for (let after: Cursor | undefined; seen.length < expected.length;) {
            const { keys, stoppedAt } = await searchPage(ctx, filter, patterns, { ...page, after }, effort);
            seen.push(...keys.slice(0, page.limit).map(({ id }) => id));
            const last = keys.length > page.limit ? keys[page.limit - 1] : stoppedAt;
            if (!last) break;
            const place = [cursorKey(last.key), last.id] as const;
            after = last === stoppedAt ? [...place, shortBefore(after) + 1] : place;
          }
          expect(seen.slice(0, 8)).toEqual(expected);
        }
      }
    }
  },
);

test("work over the leads of a filter takes each once, and what was begun by their ids goes on by them", async () => {
  for (const filter of [
    {},
    { search: "silva" },
    { status: ["NEW", "LOST"] },
    { tagsAny: ["gone"] },
  ] satisfies LeadFilter[])
    expect(await walkByText(filter, 7)).toEqual(expectedIds(filter, "createdAt", "asc"));
  const byId = all.map(({ id }) => id).toSorted();
  const half = byId[149] ?? "";
  const { ids, next } = await nextInOrder(world.ctx, {}, half, 100);
  expect({ ids, next }).toEqual({ ids: byId.slice(150, 250), next: byId[249] });
  expect(await nextInOrder(world.ctx, {}, next, 100)).toEqual({ ids: byId.slice(250), next: null });
});

test("what a filter names twice finds each lead once, and counts it once", async () => {
  const { ctx } = world;
  const [tag = ""] = all.flatMap(({ tags }) => tags.map(({ id }) => id));
  const once: LeadFilter[] = [
    { status: ["NEW"] },
    { source: ["API"] },
    { country: ["PT"] },
    { tagsAny: [tag] },
    { tagsAll: [tag] },
    { scoreLabel: ["COLD"] },
  ];
  for (const filter of once) {
    const twice: LeadFilter = Object.fromEntries(
      Object.entries(filter).map(([key, value]) => [key, Array.isArray(value) ? [...value, ...value] : value]),
    );
    for (const sort of LEAD_SORTS) {
      const page = { sort, order: "asc", limit: 1_000 } as const;
      const [wanted, found] = [await listLeads(ctx, filter, page), await listLeads(ctx, twice, page)];
      expect(found.rows.map(({ id }) => id)).toEqual(wanted.rows.map(({ id }) => id));
      expect(wanted.rows.length).toBeGreaterThan(0);
    }
    expect(await countLeads(ctx, twice)).toEqual(await countLeads(ctx, filter));
  }
});
