import type { ClientBase, Pool } from "pg";
import { newId } from "#platform/ids.ts";

export const ALWAYS = { days: [1, 2, 3, 4, 5, 6, 7], start: "00:00", end: "24:00" };

/**
 * An active SMS sequence with `count` leads whose first step is due at `at`, made directly in the tables, with the workspace's limits wide
 * open. It has that one step, or another two days later. Every lead has a number of its own, so that a vendor can tell who was sent what. `db`
 * must be the owner's connection.
 */
export async function seedDueSms(
  db: ClientBase | Pool,
  {
    workspace,
    count,
    at,
    hasNext = false,
    content = "Hello {{ firstName }}, it is us.",
    conditions = {},
  }: {
    workspace: string;
    count: number;
    at: Date;
    hasNext?: boolean;
    content?: string;
    /** Of the first step, in the language of conditions. */
    conditions?: Record<string, unknown>;
  },
): Promise<void> {
  const script = newId("scr");
  const sequence = newId("seq");
  const step = newId("step");
  const version = newId("ver");
  await db.query(
    `update workspace_settings set send_window = $2, sms_per_minute = 100000, cap_per_channel_per_day = 50, cap_per_week = 350
     where workspace_id = $1`,
    [workspace, JSON.stringify(ALWAYS)],
  );
  await db.query("insert into scripts (id, workspace_id, name, type, content) values ($1, $2, 'Hello', 'SMS', $3)", [
    script,
    workspace,
    content,
  ]);
  await db.query(
    "insert into retention_sequences (id, workspace_id, name, status, settings) values ($1, $2, 'Spring', 'ACTIVE', $3)",
    [sequence, workspace, JSON.stringify({ sendWindow: ALWAYS })],
  );
  await db.query(
    "insert into sequence_steps (id, workspace_id, sequence_id, step_order, channel, script_id, conditions) values ($1, $2, $3, 0, 'SMS', $4, $5)",
    [step, workspace, sequence, script, JSON.stringify(conditions)],
  );
  if (hasNext)
    await db.query(
      `insert into sequence_steps (id, workspace_id, sequence_id, step_order, channel, script_id, delay_value, delay_unit)
       values ($1, $2, $3, 1, 'SMS', $4, 2, 'DAYS')`,
      [newId("step"), workspace, sequence, script],
    );
  await db.query(
    `insert into sequence_versions (id, workspace_id, sequence_id, number, published_at, published_by_kind) values ($1, $2, $3, 1, $4, 'system')`,
    [version, workspace, sequence, at],
  );
  await db.query(
    `insert into sequence_version_steps (version_id, step_id, workspace_id, step_order, channel, script_id, delay_value, delay_unit, conditions, is_active)
     select $1, id, workspace_id, step_order, channel, script_id, delay_value, delay_unit, conditions, is_active from sequence_steps where sequence_id = $2`,
    [version, sequence],
  );
  const rows = Array.from({ length: count }, (_, place) => ({
    lead: newId("lead"),
    enrollment: newId("enr"),
    execution: newId("exe"),
    phone: `+49151${10_000_000 + place}`,
  }));
  await db.query(
    `with r as materialized (select * from json_to_recordset($1::json) as r(lead text, enrollment text, execution text, phone text)),
     people as (
       insert into leads (id, workspace_id, first_name, last_name, phone, country, time_zone, time_zone_source)
       select lead, $2, 'Ada', 'Example', phone, 'DE', 'Europe/Berlin', 'country' from r
     ), enrolled as (
       insert into sequence_enrollments (id, workspace_id, sequence_id, version_id, lead_id, enrolled_at) select enrollment, $2, $3, $6, lead, $5 from r
     )
     insert into sequence_step_executions (id, workspace_id, enrollment_id, step_id, version_id, lead_id, step_order, status, due_at, scheduled_at)
     select execution, $2, enrollment, $4, $6, lead, 0, 'SCHEDULED', $5, $5 from r`,
    [JSON.stringify(rows), workspace, sequence, step, at, version],
  );
  await db.query("analyze leads, sequence_enrollments, sequence_step_executions");
}
