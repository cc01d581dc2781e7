import { Pool } from "pg";
import { Pool as HttpPool } from "undici";
import { newId } from "#platform/ids.ts";

/** As the engine does it: batches under way at once, rows of each, and calls of each at the vendor at once. */
const LANES = 3;
const BATCH = 256;
const CONCURRENCY = 128;

type Due = {
  id: string;
  enrollment: string;
  sequence: string;
  lead: string;
  phone: string;
  script: string;
  attempt: string;
  message: string;
};
type Answered = Due & { sid: string };

const TEXT = "Hello Ada, it is us.";
/** What the gate's answer takes up in an attempt: eleven checks, each with an outcome and its reason. */
const VERDICT = JSON.stringify({
  result: { kind: "send" },
  checks: Array.from({ length: 11 }, (_, place) => ({
    check: `check ${place}`,
    outcome: "pass",
    detail: "nothing stands in its way",
  })),
});

const CLAIM = `
  select e.id, e.enrollment_id as enrollment, n.sequence_id as sequence, e.lead_id as lead, l.phone, st.script_id as script
  from sequence_step_executions e join sequence_enrollments n on n.id = e.enrollment_id
  join sequence_version_steps st on st.version_id = e.version_id and st.step_id = e.step_id join leads l on l.id = e.lead_id
  where e.workspace_id = $1 and e.status = 'SCHEDULED' and e.scheduled_at <= $2
  order by e.scheduled_at limit ${BATCH} for update of e skip locked`;
const LINK = `
  update sequence_step_executions e set scheduled_at = null, contact_attempt_id = r.attempt
  from unnest($1::text[], $2::text[]) as r(id, attempt) where e.id = r.id`;
const ATTEMPTS = `
  insert into contact_attempts (id, workspace_id, lead_id, channel, script_id, provider, status, verdict, is_touch, started_at, handed_at)
  select r.id, $1, r.lead, 'SMS', r.script, 'twilio', 'IN_PROGRESS', $3, true, $2, $2
  from unnest($4::text[], $5::text[], $6::text[]) as r(id, lead, script)`;
const MESSAGES = `
  insert into messages (id, workspace_id, lead_id, direction, channel, status, purpose, "from", "to", text, segments, provider,
    contact_attempt_id, script_id, execution_id, tries, handed_at, created_at)
  select r.id, $1, r.lead, 'outbound', 'SMS', 'sending', 'sequence', '+12125550100', r.phone, '${TEXT}', 1, 'twilio',
    r.attempt, r.script, r.execution, 1, $2, $2
  from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[]) as r(id, lead, phone, attempt, execution, script)`;
const RECORD = `
  with r as materialized (
    select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) as r(id, attempt, message, enrollment, sid)
  ),
  m as (update messages m set status = 'sent', provider_ref = r.sid, sent_at = $6 from r where m.id = r.message),
  a as (
    update contact_attempts a set provider_ref = r.sid, tries = jsonb_build_array(jsonb_build_object('at', $6, 'outcome', 'accepted', 'detail', r.sid))
    from r where a.id = r.attempt
  ),
  n as (
    update sequence_enrollments n set current_step = 1, last_step_at = $6, status = 'COMPLETED', completed_at = $6, end_reason = 'finished'
    from r where n.id = r.enrollment
  )
  update sequence_step_executions e set status = 'SENT', executed_at = $6, result = jsonb_build_object('messageId', r.message)
  from r where e.id = r.id`;
const EVENTS = `
  insert into events (id, workspace_id, type, at, actor_kind, actor_id, lead_id, subject_id, payload)
  select r.id, $1, r.type, $2, 'system', 'raw', r.lead, r.subject, r.payload
  from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[]) as r(id, type, lead, subject, payload)`;

/** What is told of one send: the message, the step, and the end of a sequence of one step. */
function eventsOf(one: Answered) {
  const step = { enrollmentId: one.enrollment, sequenceId: one.sequence, sequenceName: "Spring" };
  const message = { messageId: one.message, channel: "SMS", executionId: one.id };
  return [
    {
      type: "raw.sent",
      subject: one.message,
      payload: { ...message, purpose: "sequence", summary: TEXT, to: one.phone },
    },
    { type: "raw.step", subject: one.id, payload: { ...step, ...message, stepOrder: 0 } },
    { type: "raw.end", subject: one.enrollment, payload: step },
  ].map((event) => ({ ...event, id: newId("evt"), lead: one.lead, payload: JSON.stringify(event.payload) }));
}

/** One array a property: the form in which `unnest` takes rows. */
const columns = <Row, Name extends keyof Row>(rows: readonly Row[], ...names: Name[]) =>
  names.map((name) => rows.map((row) => row[name]));

/**
 * The least that sending due steps takes, with nothing but `pg` and `undici`, writing every row and column that the engine writes: claim,
 * attempt and message rows, commit, HTTP; then in one transaction the outcome, the enrollment and the events. No gate, no rendering, no
 * flip before the call, no row-level security, nothing that is looked up twice.
 */
export async function rawDispatch(options: {
  url: string;
  workspace: string;
  vendor: string;
  at: Date;
}): Promise<number> {
  const { url, workspace, vendor, at } = options;
  const db = new Pool({ connectionString: url, max: 10 });
  const http = new HttpPool(vendor, { connections: CONCURRENCY, pipelining: 1 });
  let sent = 0;

  async function inTransaction<T>(work: (query: typeof db.query) => Promise<T>): Promise<T> {
    const client = await db.connect();
    try {
      await client.query("begin");
      const result = await work(client.query.bind(client));
      await client.query("commit");
      return result;
    } finally {
      client.release();
    }
  }

  const claim = (): Promise<Due[]> =>
    inTransaction(async (query) => {
      const { rows } = await query<Omit<Due, "attempt" | "message">>(CLAIM, [workspace, at]);
      const due = rows.map((row) => ({ ...row, attempt: newId("att"), message: newId("msg") }));
      await query(ATTEMPTS, [workspace, at, VERDICT, ...columns(due, "attempt", "lead", "script")]);
      await query(MESSAGES, [workspace, at, ...columns(due, "message", "lead", "phone", "attempt", "id", "script")]);
      await query(LINK, columns(due, "id", "attempt"));
      return due;
    });

  const record = (answered: readonly Answered[]): Promise<void> =>
    inTransaction(async (query) => {
      await query(RECORD, [...columns(answered, "id", "attempt", "message", "enrollment", "sid"), at]);
      const events = answered.flatMap(eventsOf);
      await query(EVENTS, [workspace, at, ...columns(events, "id", "type", "lead", "subject", "payload")]);
    });

  async function send(due: Due): Promise<Answered> {
    const form = `To=${encodeURIComponent(due.phone)}&From=%2B12125550100&Body=${encodeURIComponent(TEXT)}&StatusCallback=${due.message}`;
    const { statusCode, body } = await http.request({
      method: "POST",
      path: "/2010-04-01/Accounts/AC/Messages.json",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: form,
    });
    const answer: unknown = await body.json();
    if (statusCode !== 201 || typeof answer !== "object" || !answer || !("sid" in answer))
      throw new Error(`the stub answered ${statusCode}`);
    return { ...due, sid: String(answer.sid) };
  }

  async function lane(): Promise<void> {
    for (let due = await claim(); due.length > 0; due = await claim()) {
      for (let from = 0; from < due.length; from += CONCURRENCY) {
        const answered = await Promise.all(due.slice(from, from + CONCURRENCY).map(send));
        await record(answered);
        sent += answered.length;
      }
    }
  }

  await Promise.all(Array.from({ length: LANES }, lane));
  await http.close();
  await db.end();
  return sent;
}
