import { Pool } from "pg";
import { Pool as HttpPool } from "undici";
import { newId } from "#platform/ids.ts";

/** As the engine does it: batches under way at once, rows of each, and calls of each at the vendor at once. */
const LANES = 3;
const BATCH = 200;
const CONCURRENCY = 128;

type Due = { id: string; lead: string; phone: string; attempt: string; message: string };
type Answered = { id: string; attempt: string; message: string; sid: string };

const CLAIM = `
  select e.id, e.lead_id as lead, l.phone from sequence_step_executions e join leads l on l.id = e.lead_id
  where e.workspace_id = $1 and e.status = 'SCHEDULED' and e.scheduled_at <= $2
  order by e.scheduled_at limit ${BATCH} for update of e skip locked`;
const LINK = `
  update sequence_step_executions e set scheduled_at = null, contact_attempt_id = r.attempt
  from unnest($1::text[], $2::text[]) as r(id, attempt) where e.id = r.id`;
const ATTEMPTS = `
  insert into contact_attempts (id, workspace_id, lead_id, channel, provider, status, is_touch, started_at, handed_at)
  select r.id, $1, r.lead, 'SMS', 'twilio', 'IN_PROGRESS', true, $2, $2 from unnest($3::text[], $4::text[]) as r(id, lead)`;
const MESSAGES = `
  insert into messages (id, workspace_id, lead_id, direction, channel, status, purpose, "from", "to", text, segments, provider,
    contact_attempt_id, execution_id, tries, handed_at, created_at)
  select r.id, $1, r.lead, 'outbound', 'SMS', 'sending', 'sequence', '+12125550100', r.phone, 'Hello Ada, it is us.', 1, 'twilio',
    r.attempt, r.execution, 1, $2, $2
  from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) as r(id, lead, phone, attempt, execution)`;
const RECORD = `
  with r as (select * from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as r(id, attempt, message, sid)),
  m as (update messages m set status = 'sent', provider_ref = r.sid, sent_at = $5 from r where m.id = r.message),
  a as (update contact_attempts a set provider_ref = r.sid from r where a.id = r.attempt)
  update sequence_step_executions e set status = 'SENT', executed_at = $5 from r where e.id = r.id`;

/**
 * The least that sending due steps takes, with nothing but `pg` and `undici`: claim, attempt and message rows, commit, HTTP, result. No gate,
 * no rendering, no events, no following steps. Answers how many were sent.
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

  async function claim(): Promise<Due[]> {
    const client = await db.connect();
    try {
      await client.query("begin");
      const { rows } = await client.query<{ id: string; lead: string; phone: string }>(CLAIM, [workspace, at]);
      const due = rows.map((row) => ({ ...row, attempt: newId("att"), message: newId("msg") }));
      const column = (name: keyof Due) => due.map((one) => one[name]);
      await client.query(ATTEMPTS, [workspace, at, column("attempt"), column("lead")]);
      await client.query(MESSAGES, [
        workspace,
        at,
        column("message"),
        column("lead"),
        column("phone"),
        column("attempt"),
        column("id"),
      ]);
      await client.query(LINK, [column("id"), column("attempt")]);
      await client.query("commit");
      return due;
    } finally {
      client.release();
    }
  }

  async function send({ id, attempt, message, phone }: Due): Promise<Answered> {
    const form = `To=${encodeURIComponent(phone)}&From=%2B12125550100&Body=Hello%20Ada%2C%20it%20is%20us.&StatusCallback=${message}`;
    const { statusCode, body } = await http.request({
      method: "POST",
      path: "/2010-04-01/Accounts/AC/Messages.json",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: form,
    });
    const answer: unknown = await body.json();
    if (statusCode !== 201 || typeof answer !== "object" || !answer || !("sid" in answer))
      throw new Error(`the stub answered ${statusCode}`);
    return { id, attempt, message, sid: `raw-${String(answer.sid)}` };
  }

  async function lane(): Promise<void> {
    for (let due = await claim(); due.length > 0; due = await claim()) {
      for (let from = 0; from < due.length; from += CONCURRENCY) {
        const answered = await Promise.all(due.slice(from, from + CONCURRENCY).map(send));
        const column = (name: keyof Answered) => answered.map((one) => one[name]);
        await db.query(RECORD, [column("id"), column("attempt"), column("message"), column("sid"), at]);
        sent += answered.length;
      }
    }
  }

  await Promise.all(Array.from({ length: LANES }, lane));
  await http.close();
  await db.end();
  return sent;
}
