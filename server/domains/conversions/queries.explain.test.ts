import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Context } from "#platform/context.ts";
import { tellPlans } from "#test/plans.ts";
import { testDatabase, testWorld } from "#test/world.ts";
import { type ConversionFilter, listConversions } from "./queries/conversions.ts";

let ctx: Context;
let connection: Client;
let plans: string[] = [];
let leadId: string;

/** Twenty thousand, of which the five oldest alone are of another kind and the five after them from another source. */
beforeAll(async () => {
  const { url } = await testDatabase();
  const world = await testWorld();
  leadId = (await world.make.lead()).id;
  connection = new Client({ connectionString: url });
  connection.on("error", () => undefined);
  await connection.connect();
  await connection.query(
    `insert into conversions (id, workspace_id, lead_id, status, source, created_at)
     select 'conv_' || lpad(n::text, 6, '0'), $1, case when n % 1000 = 0 then $2 end, case when n <= 5 then 'churn' else 'customer' end,
       case when n between 6 and 10 then 'tracker' else 'direct' end, timestamptz '2026-01-01' + n * interval '1 minute'
     from generate_series(1, 20000) n`,
    [world.workspace, leadId],
  );
  await connection.query("vacuum analyze conversions");
  const db = await tellPlans(connection, { workspace: world.workspace, onPlan: (plan) => plans.push(plan) });
  ctx = { ...world.ctx, db };
}, 60_000);
afterAll(() => connection.end());

const LATER = new Date("2026-01-08T00:00:00Z");
const filters: [string, () => ConversionFilter, number][] = [
  ["all", () => ({}), 51],
  ["of a rare kind", () => ({ status: "churn" }), 5],
  ["of a common kind", () => ({ status: "customer" }), 51],
  ["of a rare source", () => ({ source: "tracker" }), 5],
  ["of a source and kind", () => ({ source: "direct", status: "churn" }), 5],
  ["of a time", () => ({ from: new Date("2026-01-05T00:00:00Z"), before: LATER }), 51],
  ["of a lead", () => ({ leadIds: [leadId] }), 20],
];

test.each(filters)(
  "a page of conversions, %s, reads no more than the page from each kind, and the next one too",
  async (_name, filter, count) => {
    for (const after of [undefined, [LATER.getTime(), "conv_999999"] as const]) {
      plans = [];
      const rows = await listConversions(ctx, filter(), { limit: 50, after });
      if (!after) expect(rows).toHaveLength(count);
      const nodes = plans
        .flatMap((plan) => plan.split(/^\s*->/m))
        .filter((node) => /Scan .*on conversions\b/.test(node));
      const read = nodes.flatMap((node) => [
        ...node.matchAll(/(?:actual time=\S+ rows=|Rows Removed by Filter: )([\d.]+)/g),
      ]);
      expect(read.length).toBeGreaterThan(0);
      expect(Math.max(...read.map(([, found]) => Number(found)))).toBeLessThanOrEqual(51);
    }
  },
);
