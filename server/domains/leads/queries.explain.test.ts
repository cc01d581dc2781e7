import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Context } from "#platform/context.ts";
import { RUNTIME_ROLE } from "#platform/database/pool.ts";
import { tellPlans } from "#test/plans.ts";
import { testDatabase } from "#test/world.ts";
import { countLeads } from "./queries/count-leads.ts";
import { countWithLead } from "./queries/delete-lead.ts";
import { listIdentities, listTimeline } from "./queries/lead-page.ts";
import { findLead, findLeads, nextLeadIds } from "./queries/leads.ts";
import { listLeads } from "./queries/list-leads.ts";
import { nextMatching } from "./queries/next-leads.ts";
import type { LeadPage } from "./queries/page.ts";
import { countOpenProposals, listProposals } from "./queries/proposals.ts";
import { findActiveSuppressions, findLeadsByAddress, listSuppressionRows } from "./queries/suppressions.ts";
import { findScores } from "./queries/scores.ts";
import { listSubmissions } from "./queries/list-submissions.ts";
import { loadKnownLeads } from "./queries/upsert-load.ts";
import type { LeadFilter } from "./rules.ts";
import { leadsWorld } from "./test-leads.ts";
import { seedLeads } from "./test-volume.ts";

/** Tables that grow with the leads: none of them is read from end to end for a page. */
const LARGE = [
  "lead_field_values",
  "leads",
  "lead_identities",
  "lead_tags",
  "lead_name_words",
  "events",
  "suppressions",
  "lead_scores",
  "lead_submissions",
  "merge_proposals",
];
const LEADS = 30_000;

let ctx: Context;
let connection: Client;
let plans: string[] = [];
let tagIds: string[] = [];
let first: { id: string; email: string; phone: string; lastName: string };

beforeAll(async () => {
  const { url } = await testDatabase();
  const world = await leadsWorld();
  const { workspace } = world;
  connection = new Client({ connectionString: url });
  connection.on("error", () => undefined);
  await connection.connect();
  await seedLeads(connection, { workspace, leads: LEADS, withFields: 20_000 });
  await connection.query(`
    insert into events (id, workspace_id, type, at, actor_kind, lead_id, payload)
    select 'evt_' || n || substr(id, 6), workspace_id, 'leads.lead-updated', created_at, 'system', id, '{}'
    from leads cross join generate_series(1, 2) n`);
  await connection.query(`
    insert into suppressions (id, workspace_id, kind, value, reason, actor_kind, created_at)
    select 'sup_' || substr(id, 6), workspace_id, 'EMAIL', email, 'HARD_BOUNCE', 'vendor', created_at from leads where status in ('NEW', 'LOST')`);
  await connection.query(`
    insert into merge_proposals (id, workspace_id, lead_id, other_lead_id, kind, value, reason)
    select 'prop_' || substr(id, 6), workspace_id, id, lag(id) over (order by id), 'PHONE', coalesce(phone, ''), 'test'
    from leads order by id offset 1 limit 20000`);
  await connection.query(`
    insert into lead_submissions (id, workspace_id, provider, external_id, status, payload, lead_id, received_at)
    select 'sbm_' || substr(id, 6), workspace_id, 'form', id, 'CREATED', '{}', id, created_at from leads`);
  await connection.query("vacuum analyze");
  const db = await tellPlans(connection, {
    workspace,
    onPlan: (plan) => plans.push(plan),
    analyze: false,
    nested: true,
  });
  ctx = { ...world.ctx, db };
  tagIds = (await db.selectFrom("tags").select("id").orderBy("nameKey").execute()).map(({ id }) => id);
  const [one] = (await listLeads(ctx, { hasPhone: true }, { sort: "name", order: "asc", limit: 1 })).rows;
  if (!one?.email || !one.phone) throw new Error("The volume has no lead with an e-mail and a phone.");
  first = { id: one.id, email: one.email, phone: one.phone, lastName: one.lastName };
}, 120_000);

afterAll(() => connection.end());

/** The plans of what ran; large tables that were read from end to end in them. */
async function fullScans(run: () => Promise<unknown>): Promise<string[]> {
  plans = [];
  await run();
  expect(plans.length).toBeGreaterThan(0);
  return plans.flatMap((plan) =>
    LARGE.filter((table) => new RegExp(`Seq Scan on (public\\.)?${table}\\b`).test(plan)).map(
      (table) => `${table}: ${plan}`,
    ),
  );
}

const sorts = [
  { sort: "createdAt", order: "desc" },
  { sort: "updatedAt", order: "desc" },
  { sort: "name", order: "asc" },
  { sort: "score", order: "desc" },
] as const;

const filters: [string, () => LeadFilter][] = [
  ["nothing", () => ({})],
  ["a status", () => ({ status: ["LOST"] })],
  ["statuses", () => ({ status: ["CONVERTED", "LOST"] })],
  ["a source", () => ({ source: ["META"] })],
  ["statuses and sources", () => ({ status: ["NEW", "LOST"], source: ["META", "API"] })],
  ["a score label", () => ({ scoreLabel: ["HOT"] })],
  ["score labels and a status", () => ({ scoreLabel: ["WARM", "HOT"], status: ["LOST"] })],
  ["a country", () => ({ country: ["PT"] })],
  ["countries", () => ({ country: ["PT", "DE"] })],
  ["a rare tag", () => ({ tagsAny: tagIds.slice(-1) })],
  ["a common tag", () => ({ tagsAny: tagIds.slice(0, 1) })],
  ["tags, all of them", () => ({ tagsAll: tagIds.slice(0, 2) })],
  ["no such tag", () => ({ tagsNone: tagIds.slice(0, 1) })],
  ["no phone", () => ({ hasPhone: false })],
  ["a day", () => ({ createdFrom: "2024-01-05T00:00:00Z", createdBefore: "2024-01-06T00:00:00Z" })],
  ["a rare value of an own field", () => ({ custom: ["plan:is:gold"] })],
  ["a common value of an own field", () => ({ custom: ["plan:is:silver"] })],
  ["a number above another", () => ({ custom: ["seats:above:19990"] })],
  ["a number below another", () => ({ custom: ["seats:below:15000"] })],
  ["a day before another and a status", () => ({ custom: ["renews_on:before:2026-01-02"], status: ["LOST"] })],
  ["an own field that is not set", () => ({ custom: ["plan:unset"] })],
  ["an own field that is gone", () => ({ custom: ["gone:set"] })],
  ["an e-mail that is searched for", () => ({ search: first.email })],
  ["a part of a phone", () => ({ search: first.phone.slice(4) })],
  ["a name", () => ({ search: first.lastName })],
  ["a mistyped name", () => ({ search: "banerjeee" })],
  ["a common word", () => ({ search: "example" })],
  ["a name and a status", () => ({ search: "silva", status: ["LOST"] })],
];

test.each(filters)(
  "the list by %s reads no large table from end to end, in any order, on any page",
  async (_name, filter) => {
    for (const sort of sorts) {
      const page: LeadPage = { ...sort, limit: 50 };
      let last: { key: string | number; id: string } | undefined;
      expect(await fullScans(async () => (last = (await listLeads(ctx, filter(), page)).rows.at(-1)))).toEqual([]);
      if (last)
        expect(
          await fullScans(() => listLeads(ctx, filter(), { ...page, after: [last?.key ?? "", last?.id ?? ""] })),
        ).toEqual([]);
    }
  },
);

const other: [string, () => Promise<unknown>][] = [
  ["a lead", () => findLead(ctx, first.id)],
  ["leads by id", () => findLeads(ctx, [first.id])],
  ["a lead's addresses", () => listIdentities(ctx, first.id)],
  ["a lead's timeline", () => listTimeline(ctx, first.id, { limit: 50 })],
  ["leads of an address", () => findLeadsByAddress(ctx, "PHONE", first.phone)],
  ["the next leads of a filter", () => nextLeadIds(ctx, { status: ["LOST"] }, first.id, 100)],
  ["the next leads of a filter in their order", () => nextMatching(ctx, { status: ["LOST"] }, null, 100)],
  ["the count of a rare status", () => countLeads(ctx, { status: ["LOST"] })],
  [
    "what upsert knows",
    () => loadKnownLeads(ctx, { addresses: [{ kind: "EMAIL", value: first.email }], externals: [], rows: [] }, "look"),
  ],
  ["suppressions in force", () => findActiveSuppressions(ctx, [{ kind: "EMAIL", value: first.email }])],
  ["the list of suppressions", () => listSuppressionRows(ctx, { limit: 50, active: true })],
  ["suppressions for a reason", () => listSuppressionRows(ctx, { limit: 50, reason: "MANUAL" })],
  [
    "suppressions by a part of the address",
    () => listSuppressionRows(ctx, { limit: 50, search: "silva", kind: "PHONE" }),
  ],
  ["open proposals", () => listProposals(ctx, { status: "OPEN", limit: 50 })],
  ["open proposals of a lead", () => countOpenProposals(ctx, first.id)],
  ["submissions", () => listSubmissions(ctx, { limit: 50 })],
  ["submissions in a state", () => listSubmissions(ctx, { limit: 50, status: "FAILED" })],
  ["scores of leads", () => findScores(ctx, [first.id])],
  ["what goes with a lead", () => countWithLead(ctx, first.id)],
];

test.each(other)("%s is found by an index", async (_name, run) => {
  expect(await fullScans(run)).toEqual([]);
});

/** The rows of large tables and of their indexes that were read, whether they met a condition or not, by what really ran. */
async function rowsRead(run: () => Promise<unknown>): Promise<number> {
  await connection.query("reset role; set auto_explain.log_analyze = on; set auto_explain.log_timing = off");
  await connection.query(`set role ${RUNTIME_ROLE}`);
  plans = [];
  await run();
  await connection.query("reset role; set auto_explain.log_analyze = off");
  await connection.query(`set role ${RUNTIME_ROLE}`);
  // Each node of a plan with what is said of it.
  const scan = new RegExp(`Scan .*on (public\\.)?(${LARGE.join("|")})\\b`);
  const nodes = plans.flatMap((plan) => plan.split(/^\s*->/m)).filter((node) => scan.test(node));
  const numberIn = (node: string, pattern: RegExp) => Number(pattern.exec(node)?.[1] ?? 0);
  return nodes.reduce((sum, node) => {
    const loops = numberIn(node, /loops=(\d+)/);
    return sum + loops * (numberIn(node, /actual rows=([\d.]+)/) + numberIn(node, /Rows Removed by Filter: (\d+)/));
  }, 0);
}

/** Conditions that many leads meet each, and few or none together. */
const together: [string, () => LeadFilter][] = [
  [
    "a common tag without a phone of a status",
    () => ({ tagsAny: tagIds.slice(0, 1), hasPhone: false, status: ["LOST"] }),
  ],
  [
    "two values, a status and a country",
    () => ({ custom: ["plan:is:silver", "renews_on:before:2026-02-01"], status: ["LOST"], country: ["PT"] }),
  ],
  [
    "old leads by a number and a date",
    () => ({ custom: ["seats:below:15000", "renews_on:before:2026-02-01"], createdFrom: "2024-01-10T00:00:00Z" }),
  ],
  ["what all have not", () => ({ custom: ["plan:unset", "seats:set"], suppressed: true, scoreLabel: ["HOT"] })],
  ["whoever is suppressed", () => ({ suppressed: true, status: ["CONTACTED"] })],
  ["a common word and a field that is not set", () => ({ search: "example", custom: ["plan:unset", "renews_on:set"] })],
];

test.each([...filters, ...together])(
  "the list by %s looks at a bounded number of rows, in any order",
  async (_name, filter) => {
    const bounds = { window: { together: 400, apart: 300 }, few: { fetched: 200, beside: 500 } };
    for (const sort of sorts) {
      const read = await rowsRead(() => listLeads(ctx, filter(), { ...sort, limit: 50 }, bounds));
      expect(read).toBeLessThan(filter().search ? 12_000 : 3_000);
    }
  },
);

test("a plan that reads a large table from end to end is noticed", async () => {
  expect(
    await fullScans(() => ctx.db.selectFrom("leads").select("id").where("company", "=", "x").execute()),
  ).toHaveLength(1);
});
