import { sql } from "kysely";
import type { Context } from "#platform/context.ts";

/** What came of a step that a lead has come to, as far as it is known now. */
export type StepResult = {
  enrollmentId: string;
  run: number;
  stepOrder: number;
  isDelivered: boolean;
  hasReplied: boolean;
  /** A call that somebody answered. */
  wasPickedUp: boolean;
  messageId: string | null;
};

/** Of all steps of these enrollments that were carried out, in one statement. */
export async function listStepResults(ctx: Context, enrollmentIds: readonly string[]): Promise<StepResult[]> {
  if (enrollmentIds.length === 0) return [];
  const { rows } = await sql<StepResult>`
    select e.enrollment_id, e.run, e.step_order, e.status = 'DELIVERED' as is_delivered, e.replied_at is not null as has_replied,
      coalesce(a.channel = 'CALL' and a.status = 'SUCCESS', false) as was_picked_up, m.id as message_id
    from sequence_step_executions e
    left join contact_attempts a on a.id = e.contact_attempt_id
    left join messages m on m.execution_id = e.id
    where e.enrollment_id = any(${[...enrollmentIds]}::text[]) and e.status in ('SENT', 'DELIVERED', 'FAILED')`.execute(
    ctx.db,
  );
  return rows;
}
