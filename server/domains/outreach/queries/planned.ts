import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import type { Channel } from "#domains/messaging/index.ts";

/** A calendar counts so many planned touches; a workspace with more sees that it does. */
const MOST_COUNTED = 100_000;

/**
 * How many touches are planned between each of these instants and the next, the last stretch ending at `until`. What is overdue counts as
 * planned for now. `place` counts the stretches from 0; those with none are left out.
 */
export async function countPlanned(
  ctx: Context,
  starts: readonly Date[],
  until: Date,
): Promise<{ counts: { place: number; channel: Channel; planned: number }[]; isMore: boolean }> {
  const now = ctx.now();
  const { rows } = await sql<{ place: number; channel: Channel; planned: number }>`
    with planned as materialized (
      select step_id, greatest(scheduled_at, ${now}) as at from sequence_step_executions
      where workspace_id = ${ctx.workspace} and status = 'SCHEDULED' and scheduled_at < ${until}
      order by scheduled_at limit ${MOST_COUNTED + 1}
    )
    select width_bucket(p.at, ${starts}::timestamptz[]) - 1 as place, st.channel, count(*)::int as planned
    from planned p join sequence_steps st on st.id = p.step_id
    where p.at < ${until}
    group by 1, 2`.execute(ctx.db);
  const all = rows.reduce((sum, { planned }) => sum + planned, 0);
  return { counts: rows.filter(({ place }) => place >= 0), isMore: all > MOST_COUNTED };
}

/** Ids of planned executions in the order in which they go out; one more than asked when there are more. */
export async function listPlannedIds(
  ctx: Context,
  { from, before }: { from: Date; before: Date },
  page: { limit: number; after?: Cursor },
): Promise<string[]> {
  let query = ctx.db
    .selectFrom("sequenceStepExecutions")
    .select("id")
    .where("workspaceId", "=", ctx.workspace)
    .where("status", "=", "SCHEDULED")
    .where("scheduledAt", ">=", from)
    .where("scheduledAt", "<", before)
    .orderBy("scheduledAt")
    .orderBy("id")
    .limit(page.limit + 1);
  if (page.after) {
    const [at, id] = page.after;
    query = query.where((eb) => eb(eb.refTuple("scheduledAt", "id"), ">", eb.tuple(new Date(at ?? 0), id)));
  }
  return (await query.execute()).map(({ id }) => id);
}
