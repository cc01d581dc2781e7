import * as fc from "fast-check";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { createCustomField } from "../commands/create-custom-field.ts";
import { upsertLeads } from "../commands/upsert-leads.ts";
import { type LeadFilter, SORT_ORDERS } from "../rules.ts";
import { leadsWorld, rowOf } from "../test-leads.ts";
import { dice } from "../test-volume.ts";
import { fieldPage } from "./field-page.ts";
import { selectLeadIds } from "./filter.ts";
import { cursorKey } from "./page.ts";

test("a page by own fields is the same however far the list is read before those who meet the condition are gathered", async () => {
  const { ctx } = await leadsWorld();
  await createCustomField(ctx, { label: "Seats", type: "number", options: [] });
  await createCustomField(ctx, { label: "Topics", type: "multi_select", options: ["Sleep", "Food"] });
  await createCustomField(ctx, { label: "Town", type: "text", options: [] });
  const random = dice(5);
  const rows = Array.from({ length: 80 }, (_, place) => ({
    ...rowOf({
      lastName: random() < 0.5 ? "Silva" : "Okafor",
      email: `p${place}@example.com`,
      status: random() < 0.5 ? "NEW" : "LOST",
      // The oldest alone have one.
      meta:
        place < 50
          ? { custom: { seats: place % 9, topics: random() < 0.5 ? ["sleep", "food"] : ["food"], town: "Lima" } }
          : {},
    }),
    createdAt: new Date(Date.UTC(2026, 0, 1, Math.floor(place / 3))),
  }));
  await upsertLeads(ctx, rows, { policy: "fill" });
  const condition = fc.constantFrom(
    "seats:above:3",
    "seats:below:6",
    "topics:is:food",
    "topics:is:sleep",
    "town:has:im",
    "seats:set",
    "seats:not:4",
    "gone:set",
  );
  const cases = fc.record({
    custom: fc.uniqueArray(condition, { minLength: 1, maxLength: 3 }),
    status: fc.option(fc.constant<["NEW"]>(["NEW"]), { nil: undefined }),
    sort: fc.constantFrom("createdAt" as const, "name" as const),
    order: fc.constantFrom(...SORT_ORDERS),
    limit: fc.integer({ min: 1, max: 20 }),
    firstLook: fc.constantFrom(2, 7, 1_000),
  });
  let gathered = 0;
  await fc.assert(
    fc.asyncProperty(cases, async ({ custom, status, sort, order, limit, firstLook }) => {
      const filter: LeadFilter = { custom, status };
      const column = sql.ref(sort === "name" ? "l.name_key" : "l.created_at");
      const way = sql.raw(order);
      const { rows: wanted } = await sql<{ id: string }>`
        select l.id from leads l where l.id in (${selectLeadIds(ctx, filter)}) order by ${column} ${way}, l.id ${way}`.execute(
        ctx.db,
      );
      const seen: string[] = [];
      for (let after: readonly [string | number, string] | undefined; ;) {
        const keys = await fieldPage(ctx, filter, { sort, order, limit, after }, firstLook);
        if (!keys) {
          expect(custom).toEqual(["seats:not:4"]);
          return;
        }
        const shown = keys.slice(0, limit);
        seen.push(...shown.map(({ id }) => id));
        const last = shown.at(-1);
        if (keys.length <= limit || !last) break;
        after = [cursorKey(last.key), last.id];
      }
      if (firstLook < 10 && wanted.length > 0) gathered += 1;
      expect(seen).toEqual(wanted.map(({ id }) => id));
    }),
    { numRuns: 120 },
  );
  expect(gathered).toBeGreaterThan(0);
});
