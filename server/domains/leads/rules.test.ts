import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { GOES_WITH_LEAD, STAYS_WITHOUT_LEAD } from "./queries/delete-lead.ts";
import {
  CONSENT_BASES,
  CONSENT_CHANNELS,
  CONSENT_KINDS,
  IDENTITY_KINDS,
  IMPORT_STATUSES,
  LEAD_SOURCES,
  LEAD_STATUSES,
  leadFilterSchema,
  mayImport,
  PROPOSAL_STATUSES,
  SCOPES_OF,
  SUPPRESSION_REASONS,
  SUPPRESSION_SCOPES,
  TIME_ZONE_SOURCES,
} from "./rules.ts";
import { leadsWorld } from "./test-leads.ts";

describe("the database and the code agree", () => {
  test.each([
    ["leads_source_check", LEAD_SOURCES],
    ["leads_status_check", LEAD_STATUSES],
    ["leads_time_zone_source_check", TIME_ZONE_SOURCES],
    ["lead_identities_kind_check", IDENTITY_KINDS],
    ["lead_row_keys_source_check", LEAD_SOURCES],
    ["suppressions_kind_check", IDENTITY_KINDS],
    ["suppressions_reason_check", SUPPRESSION_REASONS],
    ["suppressions_scope_check", SUPPRESSION_SCOPES],
    ["merge_proposals_kind_check", IDENTITY_KINDS],
    ["merge_proposals_status_check", PROPOSAL_STATUSES],
    ["import_jobs_status_check", IMPORT_STATUSES],
    ["consent_records_basis_check", CONSENT_BASES],
    ["consent_records_kind_check", CONSENT_KINDS],
    ["consent_records_channel_check", CONSENT_CHANNELS],
  ])("on the members of %s", async (name, members) => {
    const { ctx } = await leadsWorld();
    const { rows } = await sql<{ text: string }>`
      select pg_get_constraintdef(oid) as text from pg_constraint where conname = ${name}`.execute(ctx.db);
    const allowed = [...(rows[0]?.text ?? "").matchAll(/'([^']+)'/g)].map(([, member]) => member);
    expect(new Set(allowed)).toEqual(new Set(members));
  });

  test("on what goes with a lead and what stays without it", async () => {
    const { ctx } = await leadsWorld();
    const { rows } = await sql<{ table: string; rule: string }>`
      select conrelid::regclass::text as "table", confdeltype as rule from pg_constraint
      where contype = 'f' and confrelid = 'leads'::regclass`.execute(ctx.db);
    const tables = (rule: string) => new Set(rows.filter((row) => row.rule === rule).map(({ table }) => table));
    expect(tables("c")).toEqual(new Set([...GOES_WITH_LEAD.map(({ table }) => table), "merge_proposals"]));
    expect(tables("n")).toEqual(new Set(STAYS_WITHOUT_LEAD.map(({ table }) => table)));
  });
});

test("a filter of the address bar, where everything is text, reads as one of a body", () => {
  const typed = leadFilterSchema.parse({ status: "NEW", source: ["API", "META"], hasEmail: "false", suppressed: true });
  expect(typed).toEqual({ status: ["NEW"], source: ["API", "META"], hasEmail: false, suppressed: true });
  expect(leadFilterSchema.parse(typed)).toEqual(typed);
  expect(leadFilterSchema.safeParse({ hasEmail: "maybe" }).success).toBe(false);
});

test("an import that has ended is only read", () => {
  expect(IMPORT_STATUSES.filter((status) => mayImport(status, "cancel"))).toEqual(["UPLOADED", "MAPPED", "RUNNING"]);
  expect(mayImport("COMPLETED", "start")).toBe(false);
});

test("every kind of address can be closed as a whole", () => {
  for (const kind of IDENTITY_KINDS) expect(SCOPES_OF[kind]).toContain("ALL");
});
