import { sql } from "kysely";
import type { Context } from "#platform/context.ts";

/** What came of a step that a lead has come to, as far as it is known now. */
export type StepResult = {
  /** Of the question. */
  key: string;
  /** The step's place in the version that was asked by. */
  stepOrder: number;
  isDelivered: boolean;
  hasReplied: boolean;
  /** A call that somebody answered. */
  wasPickedUp: boolean;
  messageId: string | null;
};

/** Of the steps of these runs that were carried out, each at the place where the version has it: one statement. */
export async function listStepResults(
  ctx: Context,
  asks: readonly { key: string; enrollmentId: string; run: number; versionId: string }[],
): Promise<StepResult[]> {
  if (asks.length === 0) return [];
  const wanted = asks.map(({ key, enrollmentId, run, versionId }) => ({ key, enrollmentId, run, versionId }));
  const { rows } = await sql<StepResult>`
    select w.key, st.step_order, e.status = 'DELIVERED' as is_delivered, e.replied_at is not null as has_replied,
      coalesce(a.channel = 'CALL' and a.status = 'SUCCESS', false) as was_picked_up, m.id as message_id
    from json_to_recordset(${JSON.stringify(wanted)}::json) as w(key text, "enrollmentId" text, run int, "versionId" text)
    join sequence_step_executions e on e.enrollment_id = w."enrollmentId" and e.run = w.run and e.status in ('SENT', 'DELIVERED', 'FAILED')
    join sequence_version_steps st on st.version_id = w."versionId" and st.step_id = e.step_id
    left join contact_attempts a on a.id = e.contact_attempt_id
    left join messages m on m.execution_id = e.id`.execute(ctx.db);
  return rows;
}
