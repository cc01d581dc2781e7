import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { putBack } from "#platform/database/put-back.ts";
import { findLeadsByAddresses, type LeadParting } from "#domains/leads/index.ts";

export type MovedTouches = { rows: Record<string, unknown>[]; given: string[] };

type Sent = { attemptId: string; kind: "EMAIL" | "PHONE"; value: string };

/** What went out for the survivor while the two were one, to addresses of the other, was in contact with the other too, and counts toward their caps. */
export async function shareTouches(tx: Context, { survivorId, otherId, mergedAt }: LeadParting): Promise<void> {
  const { rows } = await sql<Sent>`
    select a.id as attempt_id, case m.channel when 'EMAIL' then 'EMAIL' else 'PHONE' end as kind, m."to" as value
    from (select id from contact_attempts where lead_id = ${survivorId}
      -- One that it was given by the undo of another merge.
      union select attempt_id from shared_touches where lead_id = ${survivorId}) own
    join contact_attempts a on a.id = own.id
    join messages m on m.contact_attempt_id = a.id
    where a.workspace_id = ${tx.workspace} and a.is_touch and m.direction = 'outbound'
      -- What is with its vendor, or waits, has no time yet.
      and (a.handed_at is null and a.status in ('PENDING', 'IN_PROGRESS') or a.handed_at >= ${mergedAt})`.execute(
    tx.db,
  );
  const holders = await findLeadsByAddresses(tx, rows);
  const theirs = rows.flatMap(({ attemptId }, place) => (holders[place]?.includes(otherId) ? [attemptId] : []));
  await share(tx, otherId, theirs);
}

async function share(tx: Context, leadId: string, attemptIds: readonly string[]): Promise<string[]> {
  if (attemptIds.length === 0) return [];
  const { rows } = await sql<{ attemptId: string }>`
    insert into shared_touches (workspace_id, lead_id, attempt_id)
    select ${tx.workspace}, ${leadId}, w.id from unnest(${[...attemptIds]}::text[]) w(id)
    on conflict do nothing returning attempt_id`.execute(tx.db);
  return rows.map(({ attemptId }) => attemptId);
}

/** What counts for the other counts for the survivor of a merge, and goes with the other, who is deleted. `given`: what is new to the survivor. */
export async function giveSharedTouches(tx: Context, survivorId: string, otherId: string): Promise<MovedTouches> {
  const { rows } = await sql<{ row: Record<string, unknown>; attemptId: string }>`
    select to_jsonb(s) as row, s.attempt_id from shared_touches s
    where s.workspace_id = ${tx.workspace} and s.lead_id = ${otherId}`.execute(tx.db);
  const given = await share(
    tx,
    survivorId,
    rows.map(({ attemptId }) => attemptId),
  );
  return { rows: rows.map(({ row }) => row), given };
}

export async function takeSharedTouchesBack(
  tx: Context,
  survivorId: string,
  { rows, given }: MovedTouches,
): Promise<void> {
  await sql`
    delete from shared_touches
    where workspace_id = ${tx.workspace} and lead_id = ${survivorId} and attempt_id = any(${[...given]}::text[])`.execute(
    tx.db,
  );
  await putBack(tx, "shared_touches", rows, sql`exists (select from contact_attempts a where a.id = r.attempt_id)`);
}
