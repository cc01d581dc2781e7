import { type RawBuilder, sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { isCustomer } from "#domains/conversions/index.ts";
import { isShutOff, leadsOpenedAfter } from "#domains/leads/index.ts";
import {
  type Channel,
  STATUSES_LEFT_ALONE,
  firstContactAfter,
  leadsInContact,
  wasInContactAfter,
} from "#domains/messaging/index.ts";
import type { ReentryRule } from "../states.ts";

/** What a sweep goes by. */
export type SweepRules = {
  minDaysSinceLastContact: number;
  excludeStatus: readonly string[];
  allowStatuses: readonly string[] | null;
  reentry: ReentryRule;
  channels: readonly Channel[];
};

/** How far a sequence's sweep has come. `passUntil` null: none is under way; `sweptUntil` null: everybody is looked at. */
export type SweepState = {
  sweptUntil: Date | null;
  passUntil: Date | null;
  passAfterAt: Date | null;
  passAfterId: string | null;
};

const DAY_MS = 86_400_000;
/** What was committed late, by a transaction that began before the last sweep, is looked at again: to consider somebody twice is harmless. */
const OVERLAP_MS = 10 * 60_000;

/** Workspaces with a sequence whose last sweep began before the instant, or is not over. */
export async function workspacesToSweep(ctx: Pick<Context, "db">, before: Date): Promise<string[]> {
  const { rows } = await sql<{ workspaceId: string }>`
    select app_workspaces_to_sweep(${before}) as workspace_id`.execute(ctx.db);
  return rows.map(({ workspaceId }) => workspaceId);
}

/** The state of a sequence's sweep, locked; fresh where its rules have changed. Undefined: another process is at it. */
export async function lockSweep(tx: Context, sequenceId: string, rules: SweepRules): Promise<SweepState | undefined> {
  const told = JSON.stringify(rules);
  await sql`
    insert into trigger_sweeps (sequence_id, workspace_id, rules, wake_at)
    values (${sequenceId}, ${tx.workspace}, ${told}::jsonb, ${tx.now()}) on conflict (sequence_id) do nothing`.execute(
    tx.db,
  );
  const { rows } = await sql<SweepState & { isSame: boolean }>`
    select swept_until, pass_until, pass_after_at, pass_after_id, rules = ${told}::jsonb as is_same
    from trigger_sweeps where sequence_id = ${sequenceId} for update skip locked`.execute(tx.db);
  const [row] = rows;
  if (!row) return undefined;
  const { isSame, ...state } = row;
  if (isSame) return state;
  await sql`update trigger_sweeps set rules = ${told}::jsonb where sequence_id = ${sequenceId}`.execute(tx.db);
  return { sweptUntil: null, passUntil: null, passAfterAt: null, passAfterId: null };
}

export async function writeSweep(
  tx: Context,
  sequenceId: string,
  { sweptUntil, passUntil, passAfterAt, passAfterId }: SweepState,
  wakeAt: Date,
): Promise<void> {
  await tx.db
    .updateTable("triggerSweeps")
    .set({ sweptUntil, passUntil, passAfterAt, passAfterId, wakeAt })
    .where("sequenceId", "=", sequenceId)
    .execute();
}

/** Until when a contact counts as long enough ago. */
export const silentSince = ({ minDaysSinceLastContact }: Pick<SweepRules, "minDaysSinceLastContact">, until: Date) =>
  new Date(until.getTime() - minDaysSinceLastContact * DAY_MS);

/** SQL: may the trigger take in this lead, under the alias `l`? The rules of entry decide once more when they come in. */
function qualifies(tx: Context, sequenceId: string, rules: SweepRules, until: Date): RawBuilder<unknown> {
  const { excludeStatus, allowStatuses, reentry, channels } = rules;
  const silent = silentSince(rules, until);
  const isStill = sql`n.status in ('ACTIVE', 'PAUSED')`;
  const blocks =
    reentry.rule === "never"
      ? sql`true`
      : reentry.rule === "always"
        ? isStill
        : sql`(${isStill} or n.completed_at > ${new Date(until.getTime() - reentry.days * DAY_MS)})`;
  return sql`l.workspace_id = ${tx.workspace} and l.erased_at is null and l.created_at <= ${silent}
    and l.status <> all(${[...excludeStatus]}::text[])
    and ${allowStatuses ? sql`l.status = any(${[...allowStatuses]}::text[])` : sql`l.status <> all(${[...STATUSES_LEFT_ALONE]}::text[])`}
    and not exists (select from sequence_enrollments n where n.sequence_id = ${sequenceId} and n.lead_id = l.id and ${blocks})
    and not ${wasInContactAfter(tx, sql`l.id`, silent)}
    and not ${isCustomer(sql`l.id`)}
    and not ${isShutOff(tx, sql`l`, channels)}`;
}

export type SweptPage = { leadIds: string[]; looked: number; lastAt: Date | null; lastId: string | null };

type PageRow = { id: string; at: Date | null; isIn: boolean };

const pageOf = (rows: readonly PageRow[]): SweptPage => ({
  leadIds: rows.filter(({ isIn }) => isIn).map(({ id }) => id),
  looked: rows.length,
  lastAt: rows.at(-1)?.at ?? null,
  lastId: rows.at(-1)?.id ?? null,
});

/** The next of all leads, in order of their creation, and who of them comes in: what a sequence begins with. */
export async function sweepAll(
  tx: Context,
  sequenceId: string,
  rules: SweepRules,
  { passAfterAt, passAfterId }: SweepState,
  until: Date,
  limit: number,
): Promise<SweptPage> {
  const after = passAfterAt ? sql`and (created_at, id) > (${passAfterAt}::timestamptz, ${passAfterId})` : sql``;
  const { rows } = await sql<PageRow>`
    with page as materialized (
      select id, created_at from leads
      where workspace_id = ${tx.workspace} and created_at <= ${silentSince(rules, until)} ${after}
      order by created_at, id limit ${limit}
    )
    select l.id, l.created_at as at, (${qualifies(tx, sequenceId, rules, until)}) as is_in
    from page join leads l on l.id = page.id order by l.created_at, l.id`.execute(tx.db);
  return pageOf(rows);
}

/**
 * The next of those of whom something may have changed since the last sweep, and who of them comes in: whose last contact or creation has just
 * become long enough ago, who was changed, whose address was opened again, whom the re-entry rule lets in from now on. Each is a short
 * span of an index: where nothing happened nothing is read.
 */
export async function sweepChanged(
  tx: Context,
  sequenceId: string,
  rules: SweepRules,
  { passAfterId }: SweepState,
  { since, until }: { since: Date; until: Date },
  limit: number,
): Promise<SweptPage> {
  const begun = new Date(since.getTime() - OVERLAP_MS);
  const [from, to] = [silentSince(rules, begun), silentSince(rules, until)];
  const { reentry } = rules;
  const days = reentry.rule === "after_days" ? reentry.days * DAY_MS : 0;
  const reopened = sql`
    union all
    select n.lead_id from sequence_enrollments n where n.sequence_id = ${sequenceId}
      and n.completed_at > ${new Date(begun.getTime() - days)} and n.completed_at <= ${new Date(until.getTime() - days)}`;
  const { rows } = await sql<PageRow>`
    with page as materialized (
      select distinct c.lead_id as id from (
        ${leadsInContact(tx, from, to)}
        union all
        select id as lead_id from leads where workspace_id = ${tx.workspace} and created_at > ${from} and created_at <= ${to}
        union all
        select id as lead_id from leads where workspace_id = ${tx.workspace} and updated_at > ${begun}
        union all
        ${leadsOpenedAfter(tx, begun)}
        ${reentry.rule === "never" ? sql`` : reopened}
      ) c where c.lead_id > ${passAfterId ?? ""} order by 1 limit ${limit}
    )
    select l.id, null::timestamptz as at, (${qualifies(tx, sequenceId, rules, until)}) as is_in
    from page join leads l on l.id = page.id order by l.id`.execute(tx.db);
  return pageOf(rows);
}

/** No silence becomes long enough before; null when nobody's is on its way. What people change in between is found by the next sweep. */
export async function nextSilence(ctx: Context, rules: SweepRules, until: Date): Promise<Date | null> {
  const silent = silentSince(rules, until);
  const { rows } = await sql<{ at: Date | null }>`
    select min(created_at) as at from leads where workspace_id = ${ctx.workspace} and created_at > ${silent}`.execute(
    ctx.db,
  );
  const known = [rows[0]?.at ?? null, await firstContactAfter(ctx, silent)].flatMap((at) => at ?? []);
  const wait = until.getTime() - silent.getTime();
  return known.length === 0 ? null : new Date(Math.min(...known.map((at) => at.getTime())) + wait);
}

/** Channels of the steps that whoever comes in now goes through. */
export async function listUsedChannels(ctx: Context, sequenceId: string): Promise<Channel[]> {
  const { rows } = await sql<{ channel: Channel }>`
    select distinct st.channel from sequence_version_steps st
    where st.is_active and st.version_id = (
      select v.id from sequence_versions v where v.sequence_id = ${sequenceId} order by v.number desc limit 1)
    order by st.channel`.execute(ctx.db);
  return rows.map(({ channel }) => channel);
}
