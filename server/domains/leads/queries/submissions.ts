import { sql } from "kysely";
import { inTransaction, type Context } from "#platform/context.ts";
import { storableJson } from "#platform/http/json.ts";
import { newId } from "#platform/ids.ts";
import type { SubmissionStatus } from "../sets.ts";
import type { FieldFault } from "../upsert/lead-row.ts";
import { dropErased, erasedSubmissionKey } from "./erased-submissions.ts";

export type NewSubmission = {
  /** The vendor of an advertisement, or `form` or `api`. */
  provider: string;
  externalId: string;
  sourceId: string | null;
  label: string | null;
  payload: unknown;
  pageUrl: string | null;
  ip: string | null;
  /** RECEIVED is taken in at once; SPAM and FAILED never. */
  status: "RECEIVED" | "SPAM" | "FAILED";
  detail?: string;
};

/**
 * Keeps what came in. What came before is left alone, and not among the ids that are returned; what came before and was erased with its person
 * is not kept again.
 */
export async function insertSubmissions(ctx: Context, submissions: readonly NewSubmission[]): Promise<string[]> {
  if (submissions.length === 0) return [];
  const rows = submissions.map(({ externalId, sourceId, pageUrl, ...row }) => ({
    ...row,
    id: newId("sbm"),
    external_id: externalId,
    source_id: sourceId,
    page_url: pageUrl,
    due_at: row.status === "RECEIVED" ? ctx.now() : null,
    key: erasedSubmissionKey(ctx, row.provider, externalId),
  }));
  return inTransaction(ctx, async (tx) => {
    const { rows: stored } = await sql<{ id: string; key: string }>`
      with r as (select * from json_to_recordset(${storableJson(rows)}::json) as r(id text, provider text, external_id text, source_id text,
        label text, payload jsonb, page_url text, ip text, status text, detail text, due_at timestamptz, key text)),
      stored as (
        insert into lead_submissions (id, workspace_id, provider, external_id, source_id, label, payload, page_url, ip, status, detail, due_at,
          received_at, processed_at)
        select r.id, ${tx.workspace}, r.provider, r.external_id, r.source_id, r.label, r.payload, r.page_url, r.ip, r.status, r.detail, r.due_at,
          ${tx.now()}, case when r.status = 'RECEIVED' then null else ${tx.now()}::timestamptz end
        from r
        where not exists (select from lead_submissions e where e.workspace_id = ${tx.workspace} and e.provider = r.provider and e.external_id = r.key)
        on conflict (workspace_id, provider, external_id) do nothing
        returning id
      )
      select stored.id, r.key from stored join r on r.id = stored.id`.execute(tx.db);
    // Whoever waited here for an erasure to end saw nothing of it when this began.
    return dropErased(tx, stored);
  });
}

export type DueSubmission = {
  id: string;
  provider: string;
  externalId: string;
  sourceId: string | null;
  label: string | null;
  payload: unknown;
  pageUrl: string | null;
  ip: string | null;
  tries: number;
  receivedAt: Date;
};

/** Takes up what is due, the oldest first, so that until `leaseUntil` nobody else does; with `only`, of these. `tries` counts this one. */
export async function claimSubmissions(
  ctx: Context,
  leaseUntil: Date,
  limit: number,
  only?: readonly string[],
): Promise<DueSubmission[]> {
  const which = only ? sql`and id = any(${[...only]}::text[])` : sql``;
  const { rows } = await sql<DueSubmission>`
    update lead_submissions s set due_at = ${leaseUntil}, tries = s.tries + 1
    from (select id from lead_submissions where workspace_id = ${ctx.workspace} and due_at <= ${ctx.now()} ${which}
      order by due_at limit ${limit} for update skip locked) as due
    where s.id = due.id
    returning s.id, s.provider, s.external_id, s.source_id, s.label, s.payload, s.page_url, s.ip, s.tries, s.received_at`.execute(
    ctx.db,
  );
  return rows;
}

export type SubmissionOutcome = {
  id: string;
  status: SubmissionStatus;
  leadId: string | null;
  label: string | null;
  detail: string | null;
  faults: FieldFault[];
  /** What was fetched meanwhile; null leaves what is there. */
  payload: unknown;
  /** When it is tried again: RECEIVED alone has it. */
  dueAt: Date | null;
};

/** Those of submissions that are not settled yet, held until the transaction ends. */
export async function holdReceived(tx: Context, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select id from lead_submissions
    where workspace_id = ${tx.workspace} and id = any(${[...ids]}::text[]) and status = 'RECEIVED' order by id for update`.execute(
    tx.db,
  );
  return new Set(rows.map(({ id }) => id));
}

/** Writes down what became of submissions, of those that are not settled yet. */
export async function settleSubmissions(ctx: Context, outcomes: readonly SubmissionOutcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  const rows = outcomes.map(({ leadId, dueAt, ...row }) => ({ ...row, lead_id: leadId, due_at: dueAt }));
  await sql`
    update lead_submissions s set status = r.status, lead_id = r.lead_id, label = coalesce(r.label, s.label), detail = r.detail,
      faults = r.faults, payload = coalesce(r.payload, s.payload), due_at = r.due_at,
      processed_at = case when r.due_at is null then ${ctx.now()}::timestamptz end
    from json_to_recordset(${storableJson(rows)}::json) as r(id text, status text, lead_id text, label text, detail text, faults jsonb,
      payload jsonb, due_at timestamptz)
    where s.workspace_id = ${ctx.workspace} and s.id = r.id and s.status = 'RECEIVED'`.execute(ctx.db);
}

/** Lets a person have tried again what failed. False: there is no such submission, or it has not failed. */
export async function reviveSubmission(ctx: Context, id: string): Promise<boolean> {
  const { numUpdatedRows } = await ctx.db
    .updateTable("leadSubmissions")
    .set({ status: "RECEIVED", dueAt: ctx.now(), tries: 0, processedAt: null })
    .where("workspaceId", "=", ctx.workspace)
    .where("id", "=", id)
    .where((eb) => eb.or([eb("status", "=", "FAILED"), eb.and([eb("status", "=", "RECEIVED"), eb("tries", ">", 0)])]))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Has what was taken for a machine's taken in after all. False: it is not, or not any more, or nothing of it is left. */
export async function clearOfSpam(tx: Context, id: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update lead_submissions set status = 'RECEIVED', detail = null, due_at = ${tx.now()}, tries = 0, processed_at = null
    where workspace_id = ${tx.workspace} and id = ${id} and status = 'SPAM' and not payload ? 'erased'`.execute(tx.db);
  return numAffectedRows === 1n;
}

/** What is to be said of a submission before it is changed; undefined where there is none. */
export const findSubmission = (ctx: Context, id: string) =>
  ctx.db
    .selectFrom("leadSubmissions")
    .select(["status", "sourceId", "label"])
    .where("workspaceId", "=", ctx.workspace)
    .where("id", "=", id)
    .executeTakeFirst();

/** Workspaces in which something is due, found without reading it. */
export async function workspacesWithDueSubmissions(ctx: Pick<Context, "db">, until: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select app_workspaces_with_due_submissions(${until}) as id`.execute(
    ctx.db,
  );
  return rows.map(({ id }) => id);
}
