import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Channel } from "#domains/messaging/index.ts";

/** The channels of the steps that each enrollment's run has still before it. */
export async function listRemainingChannels(
  ctx: Context,
  enrollmentIds: readonly string[],
): Promise<Map<string, Channel[]>> {
  if (enrollmentIds.length === 0) return new Map();
  const { rows } = await sql<{ id: string; channels: Channel[] }>`
    select n.id, array_agg(distinct st.channel) as channels
    from sequence_enrollments n join sequence_version_steps st on st.version_id = n.version_id and st.is_active
    left join sequence_step_executions e on e.enrollment_id = n.id and e.run = n.run and e.step_id = st.step_id
    where n.workspace_id = ${ctx.workspace} and n.id = any(${[...enrollmentIds]}::text[])
      and (e.status in ('PENDING', 'SCHEDULED') or (e.id is null and st.step_order >= n.current_step))
    group by n.id`.execute(ctx.db);
  return new Map(rows.map(({ id, channels }) => [id, channels]));
}
