import * as fc from "fast-check";
import { sql } from "kysely";
import { beforeAll, expect, test } from "vitest";
import type { Context } from "#platform/context.ts";
import { createCustomField } from "../commands/create-custom-field.ts";
import { upsertLeads } from "../commands/upsert-leads.ts";
import { type LeadFilter, LEAD_SORTS, SORT_ORDERS } from "../rules.ts";
import { leadsWorld, rowOf } from "../test-leads.ts";
import { dice } from "../test-volume.ts";
import { selectLeadIds } from "./filter.ts";
import { listLeads } from "./list-leads.ts";
import type { LeadPage } from "./page.ts";
import { lengthOf, shortBefore, WINDOW, type Window } from "./window.ts";

let ctx: Context;

const person = (place: number, random: () => number) => ({
  ...rowOf({
    lastName: random() < 0.5 ? "Silva" : "Okafor",
    email: `p${place}@example.com`,
    status: random() < 0.5 ? "NEW" : "LOST",
    country: random() < 0.5 ? "PT" : "DE",
    tags: ["a", "b", "c"].filter(() => random() < 0.4),
    // The oldest alone have one.
    meta:
      place < 50
        ? { custom: { seats: place % 9, topics: random() < 0.5 ? ["sleep", "food"] : ["food"], town: "Lima" } }
        : {},
  }),
  createdAt: new Date(Date.UTC(2026, 0, 1, Math.floor(place / 3))),
});

beforeAll(async () => {
  ({ ctx } = await leadsWorld());
  await createCustomField(ctx, { label: "Seats", type: "number", options: [] });
  await createCustomField(ctx, { label: "Topics", type: "multi_select", options: ["Sleep", "Food"] });
  await createCustomField(ctx, { label: "Town", type: "text", options: [] });
  const random = dice(5);
  await upsertLeads(
    ctx,
    Array.from({ length: 90 }, (_, place) => person(place, random)),
    { policy: "fill" },
  );
  // As many scores as there are among people, and some that are equal.
  await sql`update lead_scores set score = n % 31 * 3, label = case when n % 31 * 3 >= 70 then 'HOT' when n % 31 * 3 >= 40 then 'WARM' else 'COLD' end
    from (select lead_id as id, row_number() over (order by md5(lead_id)) as n from lead_scores) as numbered
    where id = lead_id`.execute(ctx.db);
});

const orderOf = {
  createdAt: sql`l.created_at`,
  updatedAt: sql`l.updated_at`,
  name: sql`l.name_key`,
  score: sql`s.score`,
};

/** Read to the end in one statement. */
async function unbounded(filter: LeadFilter, { sort, order }: Pick<LeadPage, "sort" | "order">): Promise<string[]> {
  const [key, way] = [orderOf[sort], sql.raw(order)];
  const { rows } = await sql<{ id: string }>`
    select l.id from leads l join lead_scores s on s.lead_id = l.id where l.id in (${selectLeadIds(ctx, filter)})
    order by ${key} ${way}, l.id ${way}`.execute(ctx.db);
  return rows.map(({ id }) => id);
}

type Bounds = { window: Window; few: { fetched: number; beside: number } };

/** All pages after each other; `between` is done behind each that is not the last. */
async function pages(filter: LeadFilter, page: LeadPage, bounds: Bounds, between?: () => Promise<void>) {
  const ids: string[] = [];
  let short = 0;
  for (let { after } = page; ;) {
    const { rows, stoppedAt, looked } = await listLeads(ctx, filter, { ...page, after }, bounds);
    const shown = rows.slice(0, page.limit);
    ids.push(...shown.map(({ id }) => id));
    const last = shown.at(-1);
    const next = rows.length > page.limit && last ? ([last.key, last.id] as const) : stoppedAt;
    if (!next) return { ids, short };
    if (next === stoppedAt) {
      short += 1;
      const growth = 2 ** shortBefore(after);
      expect([bounds.window.together * Math.min(8, growth), bounds.window.apart * Math.min(12, growth)]).toContain(
        looked,
      );
    }
    await between?.();
    after = next;
  }
}

const condition = fc.constantFrom(
  "seats:above:3",
  "seats:below:6",
  "seats:is:4",
  "seats:unset",
  "topics:is:food",
  "topics:is:sleep",
  "town:has:im",
  "seats:set",
  "seats:not:4",
  "gone:set",
);
const some = <T>(list: readonly T[]) =>
  fc.option(fc.uniqueArray(fc.constantFrom(...list), { minLength: 1 }), { nil: undefined });
const asked = fc.record({
  custom: fc.uniqueArray(condition, { maxLength: 3 }),
  status: some(["NEW", "LOST"] as const),
  country: some(["PT", "DE"]),
  scoreLabel: some(["COLD", "WARM", "HOT"] as const),
  suppressed: fc.constantFrom(undefined, undefined, false, true),
});
const shape = fc.record({
  sort: fc.constantFrom(...LEAD_SORTS),
  order: fc.constantFrom(...SORT_ORDERS),
  limit: fc.integer({ min: 1, max: 20 }),
});
const bound = fc.record({
  window: fc.constantFrom({ together: 9, apart: 7 }, { together: 40, apart: 20 }, { together: 1_000, apart: 1_000 }),
  few: fc.constantFrom({ fetched: 0, beside: 0 }, { fetched: 20, beside: 60 }, { fetched: 1_000, beside: 1_000 }),
});

test(
  "pages that stop after a few entries hold together what one reading to the end holds, in its order",
  { timeout: 60_000 },
  async () => {
    const tagIds = (await ctx.db.selectFrom("tags").select("id").execute()).map(({ id }) => id);
    let stops = 0;
    await fc.assert(
      fc.asyncProperty(
        asked,
        some(tagIds),
        some(tagIds),
        shape,
        bound,
        async (filter, tagsAny, tagsAll, page, bounds) => {
          const all: LeadFilter = { ...filter, tagsAny, tagsAll };
          const found = await pages(all, page, bounds);
          stops += found.short;
          expect(found.ids).toEqual(await unbounded(all, page));
        },
      ),
      { numRuns: 60 },
    );
    expect(stops).toBeGreaterThan(0);
  },
);

test(
  "whoever was there before and behind all pages stands in them once and in order, whatever comes, goes and changes in between",
  { timeout: 60_000 },
  async () => {
    let place = 1_000;
    await fc.assert(
      fc.asyncProperty(shape, fc.constantFrom(5, 20), fc.integer(), async (page, window, seed) => {
        const random = dice(seed);
        const filter: LeadFilter = { status: ["NEW"], custom: ["seats:unset"] };
        const before = await unbounded(filter, page);
        const { ids } = await pages(
          filter,
          page,
          { window: { together: window, apart: window }, few: { fetched: 0, beside: 0 } },
          async () => {
            if (random() < 0.7) return;
            const { rows } = await sql<{
              id: string;
            }>`select id from leads order by md5(id || ${String(place)}) limit 1`.execute(ctx.db);
            // One goes, who may be the one at whom reading stopped, and another comes.
            await sql`delete from leads where id = ${rows[0]?.id ?? ""}`.execute(ctx.db);
            await upsertLeads(ctx, [person((place += 1), random)], { policy: "fill" });
          },
        );
        const stayed = new Set(await unbounded(filter, page));
        expect(ids.filter((id) => stayed.has(id) && before.includes(id))).toEqual(
          before.filter((id) => stayed.has(id)),
        );
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 10 },
    );
  },
);

test("to look through 1,000,000 leads takes at most 100 requests, and the first looks at no more than a few thousand", () => {
  for (const liesTogether of [true, false]) {
    const stream = { branches: [], carriesLead: true, liesTogether, repeats: false, rest: {} };
    const lengths: number[] = [];
    for (let looked = 0; looked < 1_000_000; looked += lengths.at(-1) ?? 0)
      lengths.push(lengthOf(stream, { after: [0, "lead_1", lengths.length] }, WINDOW));
    expect(lengths.length).toBeLessThanOrEqual(100);
    expect(lengths[0]).toBeLessThanOrEqual(4_000);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(32_000);
  }
});
