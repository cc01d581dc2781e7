import { sql } from "kysely";
import type { Context } from "#platform/context.ts";

/**
 * The Message-IDs of the mails that went out earlier in the same run of the enrollments of these executions, oldest first: what a follow-up
 * refers to. A mail that failed is none that anybody could answer. By the keys of executions and messages; executions without are missing.
 */
export async function listEarlierMails(
  ctx: Context,
  executionIds: readonly string[],
): Promise<Map<string, readonly string[]>> {
  if (executionIds.length === 0) return new Map();
  const { rows } = await sql<{ id: string; mails: string[] }>`
    select own.id, array_agg(m.headers->>'Message-ID' order by m.handed_at, m.id) as mails
    from sequence_step_executions own
    join sequence_step_executions e on e.enrollment_id = own.enrollment_id and e.run = own.run and e.id <> own.id
    join messages m on m.execution_id = e.id
    where own.id = any(${executionIds}) and m.channel = 'EMAIL' and m.status in ('sent', 'delivered', 'unknown')
      and m.headers ? 'Message-ID'
    group by own.id`.execute(ctx.db);
  return new Map(rows.map(({ id, mails }) => [id, mails]));
}
