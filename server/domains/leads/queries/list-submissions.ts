import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import type { SubmissionStatus } from "../sets.ts";
import type { FieldFault } from "../upsert/lead-row.ts";

export type SubmissionRow = {
  id: string;
  provider: string;
  sourceId: string | null;
  label: string | null;
  status: SubmissionStatus;
  leadId: string | null;
  leadName: string | null;
  detail: string | null;
  faults: FieldFault[];
  payload: unknown;
  pageUrl: string | null;
  tries: number;
  dueAt: Date | null;
  receivedAt: Date;
  processedAt: Date | null;
};

/** Newest first, of a source or in a state. */
export async function listSubmissions(
  ctx: Context,
  page: { limit: number; after?: Cursor; sourceId?: string; status?: SubmissionStatus },
): Promise<SubmissionRow[]> {
  const { after, sourceId, status } = page;
  const { rows } = await sql<SubmissionRow>`
    select s.id, s.provider, s.source_id, s.label, s.status, s.lead_id, s.detail, s.faults, s.payload, s.page_url, s.tries, s.due_at,
      s.received_at, s.processed_at, nullif(coalesce(l.full_name, btrim(l.first_name || ' ' || l.last_name)), '') as lead_name
    from lead_submissions s left join leads l on l.id = s.lead_id
    where s.workspace_id = ${ctx.workspace} ${sourceId ? sql`and s.source_id = ${sourceId}` : sql``}
      ${status ? sql`and s.status = ${status}` : sql``}
      ${after ? sql`and (s.received_at, s.id) < (${new Date(after[0] ?? 0)}::timestamptz, ${after[1]})` : sql``}
    order by s.received_at desc, s.id desc limit ${page.limit + 1}`.execute(ctx.db);
  return rows;
}
