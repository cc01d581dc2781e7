import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Context } from "#platform/context.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import { RUNTIME_ROLE } from "#platform/database/pool.ts";
import { seedLeads } from "#domains/leads/test-volume.ts";
import { tellPlans } from "#test/plans.ts";
import { testDatabase, testWorld } from "#test/world.ts";
import { listAttempts } from "./queries/attempts.ts";
import { CHANNELS } from "#domains/messaging/index.ts";
import { holdBrought, listAssignments, listOpenAssignments, listStandings } from "./queries/bulk-assignments.ts";
import { listBulks } from "./queries/bulk-enrollments.ts";
import { countCampaignTouches, listCampaignSequences } from "./queries/campaign-progress.ts";
import { countCampaignLeads, listCampaignLeadRows } from "./queries/campaign-rows.ts";
import { explainSteps, findEnrollment, listLeadEnrollments, listSequenceEnrollments } from "./queries/enrollments.ts";
import { findExecution, listExecutions } from "./queries/executions.ts";
import { countPlanned, listPlannedIds } from "./queries/planned.ts";
import { countEnrolled } from "./queries/sequence-rows.ts";
import { listStepResults } from "./queries/step-results.ts";
import { type SweepRules, nextSilence, sweepAll, sweepChanged } from "./queries/sweep-rows.ts";
import { countFunnel, countSteps, markReplied } from "./queries/stat-rows.ts";
import { listInside } from "./queries/version-move-rows.ts";
import { countInside, listVersionRows } from "./queries/version-rows.ts";

/** Tables that grow with the touches: none of them is read from end to end for a page. */
const LARGE = [
  "leads",
  "sequence_enrollments",
  "sequence_step_executions",
  "contact_attempts",
  "messages",
  "campaign_leads",
  "bulk_assignments",
];
const LEADS = 20_000;
const SEQUENCES = 20;
const DAY = { from: new Date("2024-01-04T00:00:00Z"), before: new Date("2024-01-05T00:00:00Z") };

let ctx: Context;
let connection: Client;
let plans: string[] = [];
let one: { lead: string; enrollment: string; execution: string; sequence: string; campaign: string };

/** Each lead in one of twenty sequences of two steps, the first touch sent, the second planned; every tenth in a campaign. */
async function fill(client: Client, workspace: string): Promise<void> {
  await client.query(
    `insert into retention_sequences (id, workspace_id, name, status) select 'seq_' || n, $1, 'Sequence ' || n, 'ACTIVE' from generate_series(1, $2) n`,
    [workspace, SEQUENCES],
  );
  await client.query(`
    insert into sequence_steps (id, workspace_id, sequence_id, step_order, channel)
    select 'step_' || n || s.id, workspace_id, s.id, n, case n when 0 then 'SMS' else 'EMAIL' end from retention_sequences s, generate_series(0, 1) n`);
  await client.query(`
    insert into sequence_versions (id, workspace_id, sequence_id, number, published_at, published_by_kind)
    select 'ver_' || n || id, workspace_id, id, n, now(), 'system' from retention_sequences, generate_series(1, 3) n`);
  await client.query(`
    insert into sequence_version_steps (version_id, step_id, workspace_id, step_order, channel, delay_value, delay_unit, is_active)
    select v.id, st.id, st.workspace_id, st.step_order, st.channel, st.delay_value, st.delay_unit, true
    from sequence_versions v join sequence_steps st on st.sequence_id = v.sequence_id`);
  await client.query(
    `
    insert into campaigns (id, workspace_id, name, status) select 'camp_' || n, $1, 'Campaign ' || n, 'ACTIVE' from generate_series(1, 10) n`,
    [workspace],
  );
  await client.query(
    `insert into sequence_enrollments (id, workspace_id, sequence_id, version_id, lead_id, campaign_id, status, current_step, enrolled_at)
     select 'enr_' || l.id, l.workspace_id, 'seq_' || 1 + place % $1, 'ver_1seq_' || 1 + place % $1, l.id, case when place % 10 = 0 then 'camp_' || 1 + place / 10 % 10 end,
       case when place % 100 = 0 then 'PAUSED' else 'ACTIVE' end, 1, l.created_at
     from (select *, row_number() over (order by id) as place from leads) l`,
    [SEQUENCES],
  );
  await client.query(`
    insert into campaign_leads (id, workspace_id, campaign_id, lead_id, assigned_at)
    select 'cl_' || lead_id, workspace_id, campaign_id, lead_id, enrolled_at from sequence_enrollments where campaign_id is not null`);
  await client.query(`
    insert into contact_attempts (id, workspace_id, lead_id, campaign_id, channel, status, provider, started_at, handed_at)
    select 'att_' || lead_id, workspace_id, lead_id, campaign_id, 'SMS', 'SUCCESS', 'sandbox', enrolled_at, enrolled_at from sequence_enrollments`);
  await client.query(`
    insert into sequence_step_executions (id, workspace_id, enrollment_id, step_id, version_id, lead_id, step_order, status, due_at, scheduled_at, executed_at, contact_attempt_id)
    select 'exe_' || n || lead_id, workspace_id, id, 'step_' || n || sequence_id, version_id, lead_id, n, case n when 0 then 'SENT' else 'SCHEDULED' end,
      enrolled_at + n * interval '1 day', case n when 1 then enrolled_at + interval '1 day' end, case n when 0 then enrolled_at end,
      case n when 0 then 'att_' || lead_id end
    from sequence_enrollments, generate_series(0, 1) n`);
  await client.query(`
    insert into messages (id, workspace_id, lead_id, direction, channel, status, purpose, "from", "to", text, contact_attempt_id, campaign_id, execution_id, created_at, sent_at)
    select 'msg_' || lead_id, workspace_id, lead_id, 'outbound', 'SMS', 'sent', 'sequence', '+1', '+1', 'Hi', id, campaign_id, 'exe_0' || lead_id, started_at, started_at
    from contact_attempts`);
  await client.query(`
    insert into bulk_enrollments (id, workspace_id, sequence_id, status, created_at)
    select 'bulk_' || n, '${workspace}', 'seq_' || 1 + n % ${SEQUENCES}, 'COMPLETED', now() from generate_series(1, 2000) n`);
  await client.query(`
    insert into bulk_assignments (id, workspace_id, campaign_id, status, total, before_lead, created_at)
    select 'basg_' || n, '${workspace}', 'camp_' || 1 + n % 10, 'COMPLETED', 1, 'lead_', now() from generate_series(1, 2000) n`);
  await client.query("update campaign_leads set bulk_assignment_id = 'basg_1' where campaign_id = 'camp_2'");
  await client.query("vacuum analyze");
}

beforeAll(async () => {
  const { url } = await testDatabase();
  const world = await testWorld();
  const { workspace } = world;
  connection = new Client({ connectionString: url });
  connection.on("error", () => undefined);
  await connection.connect();
  await seedLeads(connection, { workspace, leads: LEADS, tags: 0 });
  await fill(connection, workspace);
  const db = await tellPlans(connection, { workspace, onPlan: (plan) => plans.push(plan), nested: true });
  ctx = { ...world.ctx, db };
  const row = await db
    .selectFrom("sequenceEnrollments")
    .select(["id", "leadId", "sequenceId", "campaignId"])
    .where("campaignId", "is not", null)
    .orderBy("id")
    .limit(1)
    .executeTakeFirstOrThrow();
  const { id: enrollment, leadId: lead, sequenceId: sequence, campaignId } = row;
  one = { lead, enrollment, sequence, execution: `exe_0${lead}`, campaign: campaignId ?? "" };
}, 120_000);

afterAll(() => connection.end());

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

const after: Cursor = [Date.UTC(2024, 0, 5), "zzz"];
const pages = [{ limit: 50 }, { limit: 50, after }];
const orders = pages.flatMap((page) => [
  { ...page, order: "asc" as const },
  { ...page, order: "desc" as const },
]);

const lists: [string, () => Promise<unknown>][] = [
  ["a sequence's people", () => all(pages, (page) => listSequenceEnrollments(ctx, one.sequence, page))],
  [
    "a sequence's paused people",
    () => all(pages, (page) => listSequenceEnrollments(ctx, one.sequence, { ...page, status: "PAUSED" })),
  ],
  [
    "the people who go through one version",
    () => all(pages, (page) => listSequenceEnrollments(ctx, one.sequence, { ...page, version: 1 })),
  ],
  ["a lead's enrollments", () => listLeadEnrollments(ctx, one.lead)],
  ["an enrollment", () => findEnrollment(ctx, one.enrollment)],
  ["an enrollment's steps", () => explainSteps(ctx, { id: one.enrollment, versionId: `ver_1${one.sequence}`, run: 1 })],
  ["executions", () => all(orders, (page) => listExecutions(ctx, {}, page))],
  ["planned executions", () => all(orders, (page) => listExecutions(ctx, { status: "SCHEDULED" }, page))],
  ["failed executions", () => all(orders, (page) => listExecutions(ctx, { status: "FAILED" }, page))],
  ["a channel's executions", () => all(orders, (page) => listExecutions(ctx, { channel: "EMAIL" }, page))],
  ["a sequence's executions", () => all(orders, (page) => listExecutions(ctx, { sequenceId: one.sequence }, page))],
  [
    "a campaign's executions",
    () => all(orders, (page) => listExecutions(ctx, { campaignId: one.campaign }, page, { few: 0 })),
  ],
  ["a day's planned executions", () => all([{ limit: 50 }], (page) => listPlannedIds(ctx, DAY, page))],
  ["planned executions by day", () => countPlanned(ctx, [DAY.from], DAY.before)],
  ["a lead's executions", () => all(orders, (page) => listExecutions(ctx, { leadId: one.lead }, page))],
  [
    "a day's executions",
    () =>
      all(orders, (page) =>
        listExecutions(
          ctx,
          { dueFrom: new Date("2024-01-04T00:00:00Z"), dueBefore: new Date("2024-01-05T00:00:00Z") },
          page,
        ),
      ),
  ],
  ["an execution", () => findExecution(ctx, one.execution)],
  ["attempts", () => all(pages, (page) => listAttempts(ctx, {}, page))],
  ["a channel's attempts", () => all(pages, (page) => listAttempts(ctx, { channel: "SMS" }, page))],
  [
    "a campaign's failed attempts",
    () => all(pages, (page) => listAttempts(ctx, { campaignId: one.campaign, status: "FAILED" }, page)),
  ],
  ["a campaign's attempts", () => all(pages, (page) => listAttempts(ctx, { campaignId: one.campaign }, page))],
  ["a lead's attempts", () => all(pages, (page) => listAttempts(ctx, { leadId: one.lead }, page))],
  ["a campaign's leads", () => all(pages, (page) => listCampaignLeadRows(ctx, one.campaign, page))],
  [
    "a campaign's leads in a state",
    () => all(pages, (page) => listCampaignLeadRows(ctx, one.campaign, { ...page, status: "FAILED" })),
  ],
  [
    "a version's people",
    () => all(pages, (page) => listSequenceEnrollments(ctx, one.sequence, { ...page, version: 2 })),
  ],
  ["a campaign's progress", () => countCampaignLeads(ctx, [one.campaign])],
  ["a campaign's sequences", () => listCampaignSequences(ctx, one.campaign)],
  ["a campaign's touches", () => countCampaignTouches(ctx, one.campaign)],
  ["a sequence's numbers", () => countEnrolled(ctx, [one.sequence])],
  ["a sequence's steps in numbers", () => countSteps(ctx, one.sequence)],
  ["how many are inside each version", () => countInside(ctx, one.sequence)],
  ["a sequence's versions", () => listVersionRows(ctx, one.sequence, { limit: 50, after: [3, "ver_3"] })],
  [
    "the people of a version",
    () =>
      all([null, { enrolledAt: new Date("2024-01-05T00:00:00Z"), id: "zzz" }], (behind) =>
        listInside(ctx, { versionId: `ver_1${one.sequence}`, status: "ACTIVE", after: behind, limit: 100 }),
      ),
  ],
  ["a sequence's funnel", () => countFunnel(ctx, one.sequence)],
  [
    "the touch that was answered",
    () => markReplied(ctx, [{ leadId: one.lead, messageId: "msg_none", at: new Date("2030-01-01T00:00:00Z") }]),
  ],
  ["a sweep of those of whom something changed", () => sweepOnce({ rule: "never" })],
  ["such a sweep with a re-entry rule", () => sweepOnce({ rule: "after_days", days: 30 })],
  ["the next silence", () => nextSilence(ctx, SWEEP, SWEPT.until)],
  [
    "what came of steps that conditions ask for",
    () => listStepResults(ctx, [{ key: "k", enrollmentId: one.enrollment, run: 1, versionId: `ver_1${one.sequence}` }]),
  ],
  ["bulk assignments of a campaign", () => listAssignments(ctx, { campaignId: one.campaign, limit: 50 })],
  ["bulk assignments under way", () => listOpenAssignments(ctx)],
  ["how leads stand to a campaign", () => listStandings(ctx, one.campaign, CHANNELS, [one.lead])],
  ["whom a bulk assignment put into a campaign", () => holdBrought(ctx, "basg_1", null, 100)],
  ["bulk enrolments of a sequence", () => listBulks(ctx, { sequenceId: one.sequence, limit: 50 })],
];

const SWEEP: SweepRules = {
  minDaysSinceLastContact: 7,
  excludeStatus: ["LOST"],
  allowStatuses: null,
  reentry: { rule: "never" },
  channels: ["SMS", "EMAIL"],
};
const NO_PASS = { sweptUntil: null, passUntil: null, passAfterAt: null, passAfterId: null };
const SWEPT = { since: new Date("2024-02-01T12:00:00Z"), until: new Date("2024-02-01T12:05:00Z") };
const sweepOnce = (reentry: SweepRules["reentry"]) =>
  sweepChanged(ctx, one.sequence, { ...SWEEP, reentry }, NO_PASS, SWEPT, 1_000);

async function all<Page>(of: readonly Page[], run: (page: Page) => Promise<unknown>): Promise<void> {
  for (const page of of) await run(page);
}

test("a campaign's executions are the same whether they are found page after page among the next of each step or gathered", async () => {
  const filter = { campaignId: one.campaign };
  for (const page of orders) {
    const { rows: gathered } = await listExecutions(ctx, filter, { ...page, limit: 200 }, { few: 1_000_000 });
    expect(gathered.length).toBeGreaterThan(0);
    for (const lookedAt of [3, 150]) {
      const found: string[] = [];
      for (let from = page.after; found.length < 200;) {
        const { rows, stoppedAt, looked } = await listExecutions(
          ctx,
          filter,
          { ...page, after: from },
          { lookedAt, few: 0 },
        );
        const shown = rows.slice(0, page.limit);
        found.push(...shown.map(({ id }) => id));
        expect(looked > 0).toBe(stoppedAt !== null);
        const last = shown.at(-1);
        const next: Cursor | null =
          rows.length > page.limit && last ? [last.dueAt?.getTime() ?? 0, last.id] : stoppedAt;
        if (!next) break;
        from = next;
      }
      expect(found.slice(0, 200)).toEqual(gathered.slice(0, 200).map(({ id }) => id));
    }
  }
});

test.each(lists)("%s: no large table is read from end to end", async (_name, run) => {
  expect(await fullScans(run)).toEqual([]);
});

test("a page of executions reads no more than the page from each step and status", async () => {
  expect((await listExecutions(ctx, {}, { order: "desc", limit: 50 })).rows).toHaveLength(51);
  plans = [];
  await listExecutions(ctx, {}, { order: "desc", limit: 50 });
  expect(plans.join("\n")).not.toMatch(/Bitmap Heap Scan on sequence_step_executions/);
});

test("attempts of a rare status are read from the index of a channel's statuses, none of the others", async () => {
  await connection.query("reset role");
  await connection.query(
    "update contact_attempts set status = 'FAILED' where id in (select id from contact_attempts order by started_at limit 3)",
  );
  await connection.query(`analyze contact_attempts; set role ${RUNTIME_ROLE}`);
  const failed = { status: "FAILED" as const };
  for (const filter of [failed, { ...failed, channel: "SMS" as const }]) {
    plans = [];
    expect(await listAttempts(ctx, filter, { limit: 50 })).toHaveLength(3);
    const nodes = plans.flatMap((plan) => plan.split(/^\s*->/m)).filter((node) => node.includes("on contact_attempts"));
    const read = nodes.flatMap((node) => [
      ...node.matchAll(/(?:actual time=\S+ rows=|Rows Removed by Filter: )([\d.]+)/g),
    ]);
    expect(read.length).toBeGreaterThan(0);
    expect(Math.max(...read.map(([, rows]) => Number(rows)))).toBeLessThanOrEqual(3);
    expect(plans.join("\n")).toContain("contact_attempts_status_idx");
  }
});

test("a sweep reads no leads, touches or messages of whom nothing changed, and a page of all leads no more than the page", async () => {
  const quiet = { since: new Date("2034-02-01T12:00:00Z"), until: new Date("2034-02-01T12:05:00Z") };
  plans = [];
  expect(await sweepChanged(ctx, one.sequence, SWEEP, NO_PASS, quiet, 1_000)).toMatchObject({ looked: 0 });
  const read = [...plans.join("\n").matchAll(/actual time=\S+ rows=([\d.]+)/g)].map(([, rows]) => Number(rows));
  expect(read.length).toBeGreaterThan(5);
  expect(Math.max(0, ...read)).toBe(0);
  plans = [];
  expect(await sweepAll(ctx, one.sequence, SWEEP, NO_PASS, quiet.until, 100)).toMatchObject({ looked: 100 });
  expect(plans.join("\n")).not.toMatch(/Seq Scan on (public\.)?leads\b/);
});
