import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import { newId } from "#platform/ids.ts";
import type { SimulationStatus } from "../states.ts";

export type SimulationRow = {
  id: string;
  sequenceId: string;
  sequenceName: string;
  status: SimulationStatus;
  /** As it was asked, checked by the contract. */
  input: Record<string, unknown>;
  seed: number;
  startAt: Date;
  days: number;
  daysDone: number;
  touches: number;
  failure: string | null;
  createdBy: string | null;
  createdAt: Date;
  finishedAt: Date | null;
};
export type SimulationWithResult = SimulationRow & { result: Record<string, unknown> | null };

const COLUMNS = [
  "m.id",
  "m.sequenceId",
  "s.name as sequenceName",
  "m.status",
  "m.input",
  "m.seed",
  "m.startAt",
  "m.days",
  "m.daysDone",
  "m.touches",
  "m.failure",
  "m.createdBy",
  "m.createdAt",
  "m.finishedAt",
] as const;

const simulations = (ctx: Context) =>
  ctx.db
    .selectFrom("simulations as m")
    .innerJoin("retentionSequences as s", "s.id", "m.sequenceId")
    .select(COLUMNS)
    .where("m.workspaceId", "=", ctx.workspace);

export const findSimulation = (ctx: Context, id: string): Promise<SimulationWithResult | undefined> =>
  simulations(ctx).select("m.result").where("m.id", "=", id).executeTakeFirst();

export const lockSimulation = (tx: Context, id: string): Promise<SimulationRow | undefined> =>
  simulations(tx).where("m.id", "=", id).forUpdate("m").executeTakeFirst();

/** Newest first; one row more than asked when there are more. */
export async function listSimulations(
  ctx: Context,
  page: { sequenceId?: string; limit: number; after?: Cursor },
): Promise<SimulationRow[]> {
  let query = simulations(ctx)
    .orderBy("m.createdAt", "desc")
    .orderBy("m.id", "desc")
    .limit(page.limit + 1);
  if (page.sequenceId) query = query.where("m.sequenceId", "=", page.sequenceId);
  if (page.after) {
    const [at, id] = page.after;
    query = query.where((eb) => eb(eb.refTuple("m.createdAt", "m.id"), "<", eb.tuple(new Date(at ?? 0), id)));
  }
  return query.execute();
}

export async function countOpenSimulations(ctx: Context): Promise<number> {
  const { count } = await ctx.db
    .selectFrom("simulations")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("workspaceId", "=", ctx.workspace)
    .where("status", "in", ["QUEUED", "RUNNING"])
    .executeTakeFirstOrThrow();
  return count;
}

/** Workspaces with simulations that are not over. */
export async function workspacesWithOpenSimulations(ctx: Pick<Context, "db">): Promise<string[]> {
  const { rows } = await sql<{ workspaceId: string }>`
    select app_workspaces_with_open_simulations() as workspace_id`.execute(ctx.db);
  return rows.map(({ workspaceId }) => workspaceId);
}

export async function insertSimulation(
  tx: Context,
  asked: { sequenceId: string; input: Record<string, unknown>; seed: number; startAt: Date; days: number },
): Promise<string> {
  const id = newId("sim");
  await tx.db
    .insertInto("simulations")
    .values({
      ...asked,
      id,
      workspaceId: tx.workspace,
      input: sql<Record<string, unknown>>`${JSON.stringify(asked.input)}::jsonb`,
      createdBy: tx.actor.id,
      createdAt: tx.now(),
    })
    .execute();
  return id;
}

/** Takes the oldest that waits, or whose process has not said since `lostBefore` that it runs it. */
export async function claimSimulation(ctx: Context, lostBefore: Date): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    update simulations set status = 'RUNNING', beat_at = ${ctx.now()}, days_done = 0, touches = 0
    where id = (
      select id from simulations where workspace_id = ${ctx.workspace} and status in ('QUEUED', 'RUNNING')
        and (status = 'QUEUED' or beat_at < ${lostBefore})
      order by created_at, id limit 1 for update skip locked)
    returning id`.execute(ctx.db);
  return rows[0]?.id ?? null;
}

/** Writes down how far it has come; false when it was cancelled, or is gone. */
export async function beatSimulation(
  ctx: Context,
  id: string,
  progress: { daysDone: number; touches: number },
): Promise<boolean> {
  const { numUpdatedRows } = await ctx.db
    .updateTable("simulations")
    .set({ ...progress, beatAt: ctx.now() })
    .where("id", "=", id)
    .where("status", "=", "RUNNING")
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Ends one that runs; whoever cancelled it meanwhile has ended it already. */
export async function endSimulation(
  ctx: Context,
  id: string,
  end:
    | { status: "COMPLETED"; result: unknown; daysDone: number; touches: number }
    | { status: "FAILED"; failure: string }
    | { status: "CANCELLED" },
): Promise<void> {
  const { result, ...change } = { result: undefined, ...end };
  await ctx.db
    .updateTable("simulations")
    .set({
      ...change,
      finishedAt: ctx.now(),
      ...(result !== undefined && { result: sql<Record<string, unknown>>`${JSON.stringify(result)}::jsonb` }),
    })
    .where("workspaceId", "=", ctx.workspace)
    .where("id", "=", id)
    .where("status", "in", ["QUEUED", "RUNNING"])
    .execute();
}

export async function forgetSimulations(ctx: Context, before: Date): Promise<void> {
  await ctx.db
    .deleteFrom("simulations")
    .where("workspaceId", "=", ctx.workspace)
    .where("createdAt", "<", before)
    .where("status", "not in", ["QUEUED", "RUNNING"])
    .execute();
}
