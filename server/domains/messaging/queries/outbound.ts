import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Channel, MessageStatus } from "../channels.ts";
import { CHECKS, type Override, type Verdict } from "../gate.ts";
import type { ShortLink } from "../tracking/track.ts";
import { closeAnswered } from "./replies.ts";
import { insertLinks } from "./tracked-links.ts";

// Statements on the way of a send name rows by their ids alone; row-level security adds the workspace. Named in the statement as well, a
// workspace that the planner's statistics do not know yet looks like one of a row or two, and its whole share of the table is read for each
// batch (migration 0006 keeps the policy's own condition from looking so).

export type Purpose = "sequence" | "one_off" | "confirmation" | "test" | "reply";

/** A message that passed the gate, with everything its vendor needs. */
export type NewMessage = {
  id: string;
  /** Until then it is kept for the process that prepared it. */
  leasedUntil: Date;
  attemptId: string;
  leadId: string;
  channel: Channel;
  purpose: Purpose;
  from: string;
  /** The name of the sender that it goes out from; null or empty: the workspace's. */
  fromName: string | null;
  senderId: string | null;
  to: string;
  subject: string | null;
  text: string;
  html: string | null;
  headers: Record<string, string>;
  call: Record<string, unknown>;
  segments: number;
  /** Its short links: of texts whose clicks are noted. */
  links: readonly ShortLink[];
  provider: string;
  scriptId: string | null;
  scriptVersionId: string | null;
  campaignId: string | null;
  executionId: string | null;
  verdict: Verdict;
  isTouch: boolean;
  /** Goes with it into the queue. */
  override?: Override | null;
  /** It is one of the few that try a paused vendor, since then. */
  probeAt?: Date | null;
};

const ADDRESS_PLACE = CHECKS.indexOf("address");
/** Where a verdict holds the address that a touch goes to. */
const ADDRESS_DETAIL = ["checks", String(ADDRESS_PLACE), "detail"];

/**
 * The verdicts of a batch, each different one once. Most say the same but for the address; written out with every row, a kilobyte each, they
 * took longer to be read than all else in an attempt (12 of 15 ms for 256). `verdict` counts from 1.
 */
function verdictsOf(messages: readonly Pick<NewMessage, "verdict" | "to">[]): {
  verdicts: string[];
  rows: { verdict: number; address: string | null }[];
} {
  const places = new Map<string, number>();
  const rows = messages.map(({ verdict, to }) => {
    const hasAddress = verdict.checks[ADDRESS_PLACE]?.detail === to;
    const checks = hasAddress
      ? verdict.checks.map((check, place) => (place === ADDRESS_PLACE ? { ...check, detail: "" } : check))
      : verdict.checks;
    const text = JSON.stringify({ ...verdict, checks });
    const place = places.get(text) ?? places.size + 1;
    places.set(text, place);
    return { verdict: place, address: hasAddress ? to : null };
  });
  return { verdicts: [...places.keys()], rows };
}

/**
 * Rows first: attempts and queued messages, each batch in two statements. `leaseUntil` is when another process may take them up, should this
 * one die before the hand-over. Attempts of leased messages are IN_PROGRESS from the start, so that the hand-over, which follows within
 * moments, need not write them again; those of messages left to the queue are PENDING.
 */
export async function insertMessages(
  ctx: Context,
  messages: readonly Omit<NewMessage, "leasedUntil">[],
  leaseUntil: Date,
): Promise<void> {
  if (messages.length === 0) return;
  const now = ctx.now();
  const attemptStatus = leaseUntil > now ? "IN_PROGRESS" : "PENDING";
  const said = verdictsOf(messages);
  const attempts = messages.map((m, place) => ({
    id: m.attemptId,
    lead_id: m.leadId,
    channel: m.channel,
    script_id: m.scriptId,
    script_version_id: m.scriptVersionId,
    campaign_id: m.campaignId,
    provider: m.provider,
    is_touch: m.isTouch,
    ...said.rows[place],
  }));
  await sql`
    insert into contact_attempts (id, workspace_id, lead_id, channel, script_id, script_version_id, campaign_id, provider, status, verdict, is_touch,
      started_at, handed_at)
    select r.id, ${ctx.workspace}, r.lead_id, r.channel, r.script_id, r.script_version_id, r.campaign_id, r.provider, ${attemptStatus},
      case when r.address is null then v.verdict else jsonb_set(v.verdict, ${ADDRESS_DETAIL}, to_jsonb(r.address)) end,
      r.is_touch, ${now}, ${now}
    from json_to_recordset(${JSON.stringify(attempts)}::json) as r(
      id text, lead_id text, channel text, script_id text, script_version_id text, campaign_id text, provider text, is_touch boolean, verdict int,
      address text)
    join unnest(${said.verdicts}::jsonb[]) with ordinality as v(verdict, place) on v.place = r.verdict`.execute(ctx.db);
  const rows = messages.map((m) => ({
    id: m.id,
    lead_id: m.leadId,
    channel: m.channel,
    purpose: m.purpose,
    from: m.from,
    to: m.to,
    subject: m.subject,
    text: m.text,
    html: m.html,
    headers: m.headers,
    call: m.call,
    segments: m.segments,
    provider: m.provider,
    attempt: m.attemptId,
    script_id: m.scriptId,
    script_version_id: m.scriptVersionId,
    campaign_id: m.campaignId,
    execution_id: m.executionId,
    sender_id: m.senderId,
    override: m.override ?? null,
    probe_at: m.probeAt ?? null,
  }));
  await sql`
    insert into messages (id, workspace_id, lead_id, direction, channel, status, purpose, "from", "to", subject, text, html, headers, call,
      segments, provider, contact_attempt_id, script_id, script_version_id, campaign_id, execution_id, sender_id, override, probe_at, due_at,
      created_at)
    select r.id, ${ctx.workspace}, r.lead_id, 'outbound', r.channel, 'queued', r.purpose, r."from", r."to", r.subject, r.text, r.html, r.headers, r.call,
      r.segments, r.provider, r.attempt, r.script_id, r.script_version_id, r.campaign_id, r.execution_id, r.sender_id, r.override, r.probe_at,
      ${leaseUntil}, ${now}
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(
      id text, lead_id text, channel text, purpose text, "from" text, "to" text, subject text, text text, html text, headers jsonb, call jsonb,
      segments int, provider text, attempt text, script_id text, script_version_id text, campaign_id text, execution_id text, sender_id text, override jsonb,
      probe_at timestamptz)`.execute(ctx.db);
  await insertLinks(ctx, messages);
}

/** A queued message as it is taken up again: a retry, a one-off, or what a dead process left behind. */
export type QueuedMessage = {
  id: string;
  leadId: string | null;
  channel: Channel;
  purpose: Purpose;
  from: string;
  to: string;
  subject: string | null;
  text: string;
  html: string | null;
  headers: Record<string, unknown>;
  call: Record<string, unknown>;
  segments: number;
  tries: number;
  contactAttemptId: string | null;
  scriptId: string | null;
  campaignId: string | null;
  executionId: string | null;
  provider: string | null;
  senderId: string | null;
  override?: Override | null;
};

export async function claimQueued(tx: Context, limit: number): Promise<QueuedMessage[]> {
  const rows = await tx.db
    .selectFrom("messages")
    .select([
      "id",
      "leadId",
      "channel",
      "purpose",
      "from",
      "to",
      "subject",
      "text",
      "html",
      "headers",
      "call",
      "segments",
      "tries",
      "contactAttemptId",
      "scriptId",
      "campaignId",
      "executionId",
      "provider",
      "senderId",
      "override",
    ])
    .where("workspaceId", "=", tx.workspace)
    .where("status", "=", "queued")
    .where("dueAt", "<=", tx.now())
    .orderBy("dueAt")
    .orderBy("id")
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
  return rows;
}

/** Moves queued messages to a later time: a wait, or a retry. */
export async function deferQueued(tx: Context, items: readonly { id: string; until: Date }[]): Promise<void> {
  if (items.length === 0) return;
  await sql`
    update messages m set due_at = r.until from json_to_recordset(${JSON.stringify(items)}::json) as r(id text, until timestamptz)
    where m.workspace_id = ${tx.workspace} and m.id = r.id and m.status = 'queued'`.execute(tx.db);
}

/** What a change of one outbound message writes. Nulls leave a column as it is. */
export type MessageChange = {
  id: string;
  status: MessageStatus;
  providerRef: string | null;
  failure: string | null;
  sentAt: Date | null;
  deliveredAt: Date | null;
  dueAt: Date | null;
};

export async function updateMessages(tx: Context, changes: readonly MessageChange[]): Promise<void> {
  if (changes.length === 0) return;
  await sql`
    update messages m set status = r.status, provider_ref = coalesce(r."providerRef", m.provider_ref), failure = coalesce(r.failure, m.failure),
      sent_at = coalesce(m.sent_at, r."sentAt"), delivered_at = coalesce(m.delivered_at, r."deliveredAt"), due_at = r."dueAt"
    from json_to_recordset(${JSON.stringify(changes)}::json) as r(
      id text, status text, "providerRef" text, failure text, "sentAt" timestamptz, "deliveredAt" timestamptz, "dueAt" timestamptz)
    where m.workspace_id = ${tx.workspace} and m.id = r.id`.execute(tx.db);
  await closeAnswered(
    tx,
    changes.flatMap(({ id, sentAt }) => (sentAt ? [id] : [])),
  );
}

/** What a change of an attempt writes. Nulls leave a column as it is; `tried` is appended to its list of tries. */
export type AttemptChange = {
  id: string;
  status: string;
  providerRef: string | null;
  result: string | null;
  completedAt: Date | null;
  duration: number | null;
  costMicros: number | null;
  transcript: string | null;
  recordingUrl: string | null;
  tried: { at: string; outcome: string; detail: string } | null;
};

export async function updateAttempts(tx: Context, changes: readonly AttemptChange[]): Promise<void> {
  if (changes.length === 0) return;
  await sql`
    update contact_attempts a set status = r.status, provider_ref = coalesce(r."providerRef", a.provider_ref), result = coalesce(r.result, a.result),
      completed_at = coalesce(r."completedAt", a.completed_at), duration = coalesce(r.duration, a.duration),
      cost_micros = coalesce(r."costMicros", a.cost_micros), transcript = coalesce(r.transcript, a.transcript),
      recording_url = coalesce(r."recordingUrl", a.recording_url),
      tries = case when r.tried is null then a.tries else a.tries || jsonb_build_array(r.tried) end
    from json_to_recordset(${JSON.stringify(changes)}::json) as r(
      id text, status text, "providerRef" text, result text, "completedAt" timestamptz, duration int, "costMicros" bigint, transcript text,
      "recordingUrl" text, tried jsonb)
    where a.id = r.id`.execute(tx.db);
}

/** An outbound message as outcomes and callbacks change it, locked until the transaction ends. */
export type OpenMessage = {
  id: string;
  leadId: string | null;
  channel: Channel;
  status: MessageStatus;
  purpose: Purpose;
  to: string;
  subject: string | null;
  text: string;
  provider: string | null;
  tries: number;
  executionId: string | null;
  campaignId: string | null;
  contactAttemptId: string | null;
  senderId: string | null;
  probeAt: Date | null;
  dueAt: Date | null;
  attemptStatus: "PENDING" | "IN_PROGRESS" | "SUCCESS" | "NO_ANSWER" | "FAILED" | "UNKNOWN" | null;
};

const openColumns = [
  "messages.id",
  "messages.direction",
  "messages.leadId",
  "messages.channel",
  "messages.status",
  "messages.purpose",
  "messages.to",
  "messages.subject",
  "messages.text",
  "messages.provider",
  "messages.tries",
  "messages.executionId",
  "messages.campaignId",
  "messages.contactAttemptId",
  "messages.senderId",
  "messages.probeAt",
  "messages.dueAt",
] as const;

export async function lockMessages(tx: Context, ids: readonly string[]): Promise<Map<string, OpenMessage>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.db
    .selectFrom("messages")
    .leftJoin("contactAttempts", "contactAttempts.id", "messages.contactAttemptId")
    .select([...openColumns, "contactAttempts.status as attemptStatus"])
    .where("messages.id", "=", sql<string>`any(${ids})`)
    .orderBy("messages.id")
    .forUpdate("messages")
    .execute();
  // Asked of the rows, not of the database: it would read an index of all that went out.
  return new Map(rows.flatMap(({ direction, ...row }) => (direction === "outbound" ? [[row.id, row] as const] : [])));
}

/** Ids of the messages with these vendor references. */
export async function findByProviderRefs(
  ctx: Context,
  provider: string,
  refs: readonly string[],
): Promise<Map<string, string>> {
  if (refs.length === 0) return new Map();
  const rows = await ctx.db
    .selectFrom("messages")
    .select(["id", "providerRef"])
    .where("workspaceId", "=", ctx.workspace)
    .where("provider", "=", provider)
    .where("providerRef", "=", sql<string>`any(${refs})`)
    .where("direction", "=", "outbound")
    .execute();
  return new Map(rows.flatMap((row) => (row.providerRef ? [[row.providerRef, row.id]] : [])));
}

/** Queued messages of these leads (or only of these executions) that nobody has handed over: cancelled, with their attempts. */
export async function cancelQueued(
  tx: Context,
  which: { leadIds?: readonly string[]; executionIds?: readonly string[]; channel?: Channel },
  reason: string,
): Promise<{ id: string; executionId: string | null }[]> {
  let query = tx.db
    .updateTable("messages")
    .set({ status: "cancelled", failure: reason, dueAt: null })
    .where("workspaceId", "=", tx.workspace)
    .where("status", "=", "queued")
    .where("purpose", "!=", "confirmation");
  if (which.leadIds) query = query.where("leadId", "=", sql<string>`any(${which.leadIds})`);
  if (which.executionIds) query = query.where("executionId", "=", sql<string>`any(${which.executionIds})`);
  if (which.channel) query = query.where("channel", "=", which.channel);
  const rows = await query.returning(["id", "executionId", "contactAttemptId"]).execute();
  const attempts = rows.flatMap((row) => (row.contactAttemptId ? [row.contactAttemptId] : []));
  if (attempts.length > 0) {
    await tx.db
      .updateTable("contactAttempts")
      .set({ status: "FAILED", result: reason, handedAt: null, completedAt: tx.now() })
      .where("workspaceId", "=", tx.workspace)
      .where("id", "=", sql<string>`any(${attempts})`)
      .execute();
  }
  return rows;
}

/** How many answers to STOP, START or HELP a number was given since then. */
export async function countConfirmations(ctx: Context, to: string, since: Date): Promise<number> {
  const { count } = await ctx.db
    .selectFrom("messages")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("workspaceId", "=", ctx.workspace)
    .where("to", "=", to)
    .where("createdAt", ">=", since)
    .where("purpose", "=", "confirmation")
    .executeTakeFirstOrThrow();
  return count;
}

/** Messages handed over before `since` whose outcome nobody recorded: their process died. */
export async function listStaleSends(tx: Context, since: Date, limit: number): Promise<string[]> {
  const rows = await tx.db
    .selectFrom("messages")
    .select("id")
    .where("workspaceId", "=", tx.workspace)
    .where("status", "=", "sending")
    .where("handedAt", "<", since)
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
  return rows.map((row) => row.id);
}
