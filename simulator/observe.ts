import { type Kysely, sql } from "kysely";
import type { DB } from "#platform/database/types.ts";
import type { WorkspaceSettings } from "#domains/accounts/index.ts";
import { settingsOf } from "#domains/outreach/index.ts";
import type { Rules } from "./invariants.ts";
import type { HandOver } from "./vendors.ts";

/** A hand-over, with what the rows say of whose touch it was. `executionId` and what follows it are null for a confirmation or a one-off. */
export type Touch = HandOver & {
  leadId: string | null;
  purpose: string;
  executionId: string | null;
  enrollmentId: string | null;
  enrolledAt: Date | null;
  sequenceId: string | null;
  campaignId: string | null;
  stepOrder: number | null;
  run: number | null;
};

type Rows = Kysely<DB>;

/** Reads the rows behind a transcript, in one statement. A message without a row was handed over before its row was there: it is left out. */
export async function touchesOf(db: Rows, transcript: readonly HandOver[]): Promise<Touch[]> {
  if (transcript.length === 0) return [];
  const { rows } = await sql<Omit<Touch, keyof HandOver> & { id: string }>`
    select m.id, m.lead_id as "leadId", m.purpose, m.execution_id as "executionId", e.enrollment_id as "enrollmentId",
      n.enrolled_at as "enrolledAt", n.sequence_id as "sequenceId", n.campaign_id as "campaignId", e.step_order as "stepOrder", e.run
    from messages m
    left join sequence_step_executions e on e.id = m.execution_id
    left join sequence_enrollments n on n.id = e.enrollment_id
    where m.id = any(${transcript.map(({ messageId }) => messageId)})`.execute(db);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return transcript.flatMap((one) => {
    const row = byId.get(one.messageId);
    return row ? [{ ...row, ...one }] : [];
  });
}

/** Something in the rows that no rule allows. */
export type RowFault = { what: string; leadId: string | null; id: string };

/** Up to where rows have been looked at: the oldest transaction that was under way then. A scratch database lives too short for its numbers to begin again. */
export type Mark = string;

export async function markOf(db: Rows): Promise<Mark> {
  const { rows } = await sql<{ mark: Mark }>`
    select (pg_snapshot_xmin(pg_current_snapshot())::text::bigint % 4294967296)::text as mark`.execute(db);
  return rows[0]?.mark ?? "0";
}

/**
 * Who stands still: an active enrollment has one step that is planned for a time, or with its vendor; one that is over has none left. While the
 * sequence or campaign is paused nobody is asked. `idle`: nothing is under way, so nothing that is due may be left lying either. `since`: only enrollments
 * of which a row was written after that mark are looked at, by whomever and for whatever reason; null, all.
 */
export async function findStuck(
  db: Rows,
  now: Date,
  { idle, since }: { idle: boolean; since: Mark | null },
): Promise<RowFault[]> {
  const isNew = (table: string) => sql`${sql.ref(`${table}.xmin`)}::text::bigint >= ${since}::bigint`;
  const whose =
    since === null
      ? sql``
      : sql`where n.id in (
          select w.id from sequence_enrollments w where ${isNew("w")}
          union select w.enrollment_id from sequence_step_executions w where ${isNew("w")}
          union select x.enrollment_id from messages w join sequence_step_executions x on x.id = w.execution_id where ${isNew("w")})`;
  const { rows } = await sql<RowFault>`
    -- An earlier run is another lead's that came by a merge: it may be with its vendor while the run that goes on has its planned step.
    with open as materialized (
      select n.id, n.lead_id, n.status, own.* from sequence_enrollments n cross join lateral (
        select count(*) as steps, count(*) filter (where u.is_handed) as handed, count(*) filter (where e.run = n.run) as now_steps,
          count(*) filter (where e.run = n.run and e.status = 'SCHEDULED' and e.scheduled_at is not null) as now_planned,
          count(*) filter (where e.run = n.run and u.is_handed) as now_handed,
          count(*) filter (where e.run <> n.run and e.scheduled_at is not null) as once_planned
        from sequence_step_executions e left join messages m on m.execution_id = e.id
        cross join lateral (select m.status = 'queued' and m.due_at is not null or m.status in ('sending', 'unknown') as is_handed) u
        where e.enrollment_id = n.id and e.status in ('PENDING', 'SCHEDULED')) own ${whose})
    select 'an active enrollment has no one step that is planned or under way' as what, o.lead_id as "leadId", o.id
    from open o where o.status = 'ACTIVE' and (o.now_steps <> 1 or o.now_planned + o.now_handed <> 1)
    union all
    select 'an earlier run of an enrollment goes on', o.lead_id, o.id from open o where o.once_planned > 0
    union all
    select 'an enrollment that is over has a step left', o.lead_id, o.id
    from open o where o.status not in ('ACTIVE', 'PAUSED') and o.handed <> o.steps
    union all
    select 'a step that is due was left lying', e.lead_id, e.id from sequence_step_executions e
    where ${idle} and e.status = 'SCHEDULED' and e.scheduled_at <= ${now}
    union all
    select 'a message that is due was left lying', m.lead_id, m.id from messages m
    where ${idle} and m.status = 'queued' and m.due_at <= ${now}
    limit 20`.execute(db);
  return rows;
}

/** Messages whose outcome nobody told within this time are settled by a person. */
export async function listUnknown(db: Rows, before: Date): Promise<{ id: string; to: string }[]> {
  const { rows } = await sql<{ id: string; to: string }>`
    select id, "to" from messages where status = 'unknown' and handed_at < ${before} order by handed_at, "to"`.execute(
    db,
  );
  return rows;
}

/** What is not in its last state although all that could still come has come. */
export async function findUnsettled(db: Rows): Promise<RowFault[]> {
  const { rows } = await sql<RowFault>`
    select 'a message has no outcome: ' || m.status as what, m.lead_id as "leadId", m.id from messages m
    where m.direction = 'outbound' and m.status in ('sending', 'unknown')
    union all
    select 'an attempt has no outcome although its message is ' || m.status, a.lead_id, a.id
    from contact_attempts a join messages m on m.contact_attempt_id = a.id
    where a.status in ('PENDING', 'IN_PROGRESS') and m.status in ('delivered', 'failed', 'cancelled')
    union all
    select 'a message is ' || m.status || ' and its step ' || e.status, m.lead_id, m.id
    from messages m join sequence_step_executions e on e.id = m.execution_id
    where m.status = 'sent' and e.status <> 'SENT' or m.status = 'delivered' and e.status <> 'DELIVERED'
      or m.status = 'failed' and e.status not in ('FAILED', 'SKIPPED') or m.status = 'cancelled' and e.status <> 'SKIPPED'
    union all
    select 'a step has two messages', min(m.lead_id), m.execution_id from messages m
    where m.execution_id is not null and m.status <> 'cancelled' group by m.execution_id having count(*) > 1
    union all
    select 'an event of a vendor was not taken in: ' || i.status, null, i.id from inbound_events i where i.status <> 'processed'
    limit 20`.execute(db);
  return rows;
}

/** Who should have been let in by a trigger, and never was. */
export async function findLeftOut(
  db: Rows,
  expected: readonly { leadId: string; sequenceId: string }[],
): Promise<RowFault[]> {
  const { rows } = await sql<RowFault>`
    select 'a trigger did not let in' as what, r."leadId", r."sequenceId" as id
    from json_to_recordset(${JSON.stringify(expected)}::json) as r("leadId" text, "sequenceId" text)
    where not exists (select from sequence_enrollments n where n.lead_id = r."leadId" and n.sequence_id = r."sequenceId")
    limit 20`.execute(db);
  return rows;
}

/**
 * The rules that hold in a workspace, as its rows say: leads with their zones, sequences with their windows, and touches that caps count already.
 * `keys`: how leads are told in a repeated run whose ids are others; the rest by their ids.
 */
export async function readRules(
  db: Rows,
  settings: WorkspaceSettings,
  keys: ReadonlyMap<string, string>,
): Promise<Rules> {
  const leads = await db.selectFrom("leads").select(["id", "timeZone", "country"]).execute();
  const sequences = await db.selectFrom("retentionSequences").select(["id", "settings"]).execute();
  const earlier = await db
    .selectFrom("contactAttempts")
    .select(["leadId", "channel", "handedAt"])
    .where("isTouch", "=", true)
    .where("handedAt", "is not", null)
    .execute();
  const senders = await db
    .selectFrom("senders")
    .select(["address", "channel", "perMinute", "perDay", "rampStartedAt"])
    .execute();
  return {
    settings,
    senders: new Map(
      senders.map(({ address, rampStartedAt: rampFrom, ...sender }) => [address, { ...sender, rampFrom }]),
    ),
    leads: new Map(
      leads.map(({ id, timeZone, country }) => [
        id,
        { key: keys.get(id) ?? id, zone: timeZone, country: country ?? settings.country },
      ]),
    ),
    sequences: new Map(
      sequences.map(({ id, settings: own }) => {
        const { sendWindow, stopOnReply } = settingsOf(own);
        return [id, { key: id, window: sendWindow ?? null, stopOnReply }];
      }),
    ),
    earlier: earlier.flatMap(({ leadId, channel, handedAt }) => (handedAt ? [{ leadId, channel, at: handedAt }] : [])),
  };
}
