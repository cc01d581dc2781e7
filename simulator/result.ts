import { type Kysely, sql } from "kysely";
import type { DB } from "#platform/database/types.ts";
import type { Channel } from "#domains/messaging/index.ts";
import type { SimulationOrder, SimulationResult } from "#domains/outreach/index.ts";
import type { Act } from "./behaviour.ts";
import type { Touch } from "./observe.ts";
import { nextDate, read } from "./oracle.ts";
import type { Run } from "./run.ts";

/** What became of the wish to enrol one lead. */
export type Outcome = { leadId: string; kind: string; reason: string | null };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Some of those whom a reason met, to look at. */
const NAMED = 20;
const SHOWN_VIOLATIONS = 20;

/** What a person wants to know of a run: when, how many, who not and why. `zone`: whose days are counted. */
export async function resultOf(
  rows: Kysely<DB>,
  run: Run,
  about: { order: SimulationOrder; outcomes: readonly Outcome[]; zone: string },
): Promise<SimulationResult> {
  const { order, outcomes, zone } = about;
  const sent = run.touches.filter(({ purpose, isTaken }) => purpose === "sequence" && isTaken);
  const own = sent.filter(({ sequenceId }) => sequenceId === order.sequenceId);
  const names = "leadIds" in order.whom;
  const refused = outcomes.filter(({ kind }) => kind !== "enrolled");
  const mine = run.answers.filter(({ touch }) => touch.sequenceId === order.sequenceId).map(({ act }) => act);
  const steps = await countSteps(rows, order.sequenceId, order.startAt);
  return {
    enrolled: outcomes.length - refused.length,
    refusals: grouped(refused.map(({ reason }) => reason ?? "refused")),
    touches: own.length,
    byDay: byDay(own, zone),
    otherTouches: sent.length - own.length,
    busiestMinute: busiest(own, MINUTE_MS),
    busiestHour: busiest(own, HOUR_MS),
    steps,
    missed: (await listMissed(rows, order.sequenceId, order.startAt)).map((one) => ({
      ...one,
      leadIds: names ? one.leadIds : [],
    })),
    neverTouched: await listNeverTouched(rows, order.sequenceId, order.startAt, names),
    answers: answersIn(mine),
    ...(await countEnds(rows, order.sequenceId, order.startAt)),
    costMicros: null,
    violations: run.violations
      .slice(0, SHOWN_VIOLATIONS)
      .map(({ at, lead, what }) => `${at.toISOString()} ${lead}: ${what}`),
    digest: run.digest,
  };
}

function byDay(touches: readonly Touch[], zone: string): SimulationResult["byDay"] {
  const days = new Map<string, Record<Channel, number>>();
  for (const { at, channel } of touches) {
    const { date } = read(zone, at.getTime());
    const day = days.get(date) ?? { CALL: 0, SMS: 0, EMAIL: 0 };
    day[channel] += 1;
    days.set(date, day);
  }
  const dates = [...days.keys()].toSorted();
  const last = dates.at(-1) ?? "";
  const found: SimulationResult["byDay"] = [];
  // Days without a touch are days too.
  for (let date = dates[0] ?? ""; date !== "" && date <= last; date = nextDate(date, 1))
    found.push({ date, ...(days.get(date) ?? { CALL: 0, SMS: 0, EMAIL: 0 }) });
  return found;
}

function busiest(touches: readonly Touch[], ms: number): SimulationResult["busiestHour"] {
  const counts = new Map<number, number>();
  for (const { at } of touches) {
    const from = Math.floor(at.getTime() / ms) * ms;
    counts.set(from, (counts.get(from) ?? 0) + 1);
  }
  let most: { count: number; at: string } | null = null;
  for (const [from, count] of counts)
    if (most === null || count > most.count) most = { count, at: new Date(from).toISOString() };
  return most;
}

function grouped(reasons: readonly string[]): { reason: string; count: number }[] {
  return [...Map.groupBy(reasons, (reason) => reason)]
    .map(([reason, all]) => ({ reason, count: all.length }))
    .toSorted((one, other) => other.count - one.count);
}

function answersIn(acts: readonly Act[]): SimulationResult["answers"] {
  const count = (...kinds: readonly Act["kind"][]) => acts.filter(({ kind }) => kinds.includes(kind)).length;
  const calls = (end: string) => acts.filter((act) => act.kind === "call" && act.end === end).length;
  return {
    replies: count("reply"),
    opens: count("opened"),
    clicks: count("clicked"),
    callsAnswered: calls("answered"),
    optOuts: count("stop", "unsubscribed", "complained") + calls("opted_out"),
    bounces: count("bounced"),
  };
}

/** Executions of those who came in at the start. */
const executions = (sequenceId: string, startAt: Date) => sql`
  from sequence_step_executions e
  join sequence_enrollments n on n.id = e.enrollment_id and n.run = e.run
  join sequence_steps s on s.id = e.step_id
  left join messages m on m.execution_id = e.id
  where n.sequence_id = ${sequenceId} and n.enrolled_at >= ${startAt}`;

async function countSteps(rows: Kysely<DB>, sequenceId: string, startAt: Date): Promise<SimulationResult["steps"]> {
  const found = await sql<SimulationResult["steps"][number]>`
    select e.step_order as "stepOrder", s.channel,
      count(*) filter (where e.status in ('SENT', 'DELIVERED') or e.status = 'SCHEDULED' and m.status = 'unknown')::int as sent,
      count(*) filter (where e.status = 'SKIPPED')::int as skipped, count(*) filter (where e.status = 'FAILED')::int as failed,
      count(*) filter (where e.status in ('PENDING', 'SCHEDULED') and m.status is distinct from 'unknown')::int as waiting
    ${executions(sequenceId, startAt)} group by 1, 2 order by 1, 2`.execute(rows);
  return found.rows;
}

/** A reason that begins with somebody's address is the same for all. */
const REASON = sql`regexp_replace(coalesce(e.result->>'reason', m.failure, 'no reason'), '^(\\S+@\\S+|\\+[0-9]+): ', '')`;

async function listMissed(rows: Kysely<DB>, sequenceId: string, startAt: Date): Promise<SimulationResult["missed"]> {
  const found = await sql<SimulationResult["missed"][number]>`
    select e.step_order as "stepOrder", s.channel, ${REASON} as reason, count(*)::int as count,
      (array_agg(e.lead_id order by e.lead_id))[1:${sql.lit(NAMED)}] as "leadIds"
    ${executions(sequenceId, startAt)} and e.status in ('SKIPPED', 'FAILED') group by 1, 2, 3 order by 4 desc, 1, 3 limit 200`.execute(
    rows,
  );
  return found.rows;
}

async function listNeverTouched(
  rows: Kysely<DB>,
  sequenceId: string,
  startAt: Date,
  names: boolean,
): Promise<SimulationResult["neverTouched"]> {
  const found = await sql<{ leadId: string; reason: string }>`
    select distinct on (n.id) n.lead_id as "leadId",
      regexp_replace(coalesce(e.result->>'reason', case e.status when 'SCHEDULED' then 'waits: ' || coalesce(e.verdict->'result'->>'reason', 'not due yet') end,
        'no step'), '^(\\S+@\\S+|\\+[0-9]+): ', '') as reason
    from sequence_enrollments n left join sequence_step_executions e on e.enrollment_id = n.id and e.run = n.run
    where n.sequence_id = ${sequenceId} and n.enrolled_at >= ${startAt} and not exists (
      select from sequence_step_executions x join messages m on m.execution_id = x.id
      where x.enrollment_id = n.id and x.run = n.run and m.handed_at is not null)
    order by n.id, e.step_order`.execute(rows);
  return {
    count: found.rows.length,
    reasons: grouped(found.rows.map(({ reason }) => reason)),
    leadIds: names ? found.rows.slice(0, NAMED).map(({ leadId }) => leadId) : [],
  };
}

async function countEnds(
  rows: Kysely<DB>,
  sequenceId: string,
  startAt: Date,
): Promise<Pick<SimulationResult, "ended" | "underWay">> {
  const found = await sql<{ status: string; reason: string | null; count: number }>`
    select status, split_part(end_reason, ':', 1) as reason, count(*)::int as count from sequence_enrollments
    where sequence_id = ${sequenceId} and enrolled_at >= ${startAt} group by 1, 2 order by 3 desc`.execute(rows);
  const isOpen = ({ status }: { status: string }) => status === "ACTIVE" || status === "PAUSED";
  return {
    ended: found.rows
      .filter((row) => !isOpen(row))
      .map(({ reason, count }) => ({
        reason: reason === null || reason === "" ? "went through all steps" : reason,
        count,
      })),
    underWay: found.rows.filter(isOpen).reduce((sum, { count }) => sum + count, 0),
  };
}
