import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Channel } from "#domains/messaging/index.ts";
import type { DelayUnit, ExecutionStatus } from "../states.ts";

export type StepRow = {
  id: string;
  stepOrder: number;
  channel: Channel;
  scriptId: string | null;
  delayValue: number;
  delayUnit: DelayUnit;
  conditions: Record<string, unknown>;
  isActive: boolean;
};

export type StepWithCounts = StepRow & {
  scriptName: string | null;
  executions: Partial<Record<ExecutionStatus, number>>;
};

/** The steps of a sequence's draft in their order, each with its executions counted by status: two statements, however many there are. */
export async function listSteps(ctx: Context, sequenceId: string): Promise<StepWithCounts[]> {
  const steps = await ctx.db
    .selectFrom("sequenceSteps as st")
    .leftJoin("scripts as sc", "sc.id", "st.scriptId")
    .select([
      "st.id",
      "st.stepOrder",
      "st.channel",
      "st.scriptId",
      "sc.name as scriptName",
      "st.delayValue",
      "st.delayUnit",
      "st.conditions",
      "st.isActive",
    ])
    .where("st.workspaceId", "=", ctx.workspace)
    .where("st.sequenceId", "=", sequenceId)
    .orderBy("st.stepOrder")
    .execute();
  if (steps.length === 0) return [];
  const counts = await ctx.db
    .selectFrom("sequenceStepExecutions")
    .select(({ fn }) => ["stepId" as const, "status" as const, fn.countAll<number>().as("count")])
    .where("workspaceId", "=", ctx.workspace)
    .where(
      "stepId",
      "in",
      steps.map((step) => step.id),
    )
    .groupBy(["stepId", "status"])
    .execute();
  return steps.map((step) => ({
    ...step,
    executions: Object.fromEntries(
      counts.filter(({ stepId }) => stepId === step.id).map(({ status, count }) => [status, count]),
    ),
  }));
}

/**
 * Makes the sequence's draft the steps of the list: new ones are inserted, others changed, and those not listed deleted. Nobody under way is
 * touched: they go through their version.
 */
export async function writeSteps(tx: Context, sequenceId: string, steps: readonly StepRow[]): Promise<void> {
  const ids = steps.map((step) => step.id);
  await sql`
    delete from sequence_steps where workspace_id = ${tx.workspace} and sequence_id = ${sequenceId} and not (id = any(${ids}::text[]))`.execute(
    tx.db,
  );
  if (steps.length === 0) return;
  await sql`
    insert into sequence_steps (id, workspace_id, sequence_id, step_order, channel, script_id, delay_value, delay_unit, conditions, is_active, created_at, updated_at)
    select r.id, ${tx.workspace}, ${sequenceId}, r."stepOrder", r.channel, r."scriptId", r."delayValue", r."delayUnit", r.conditions, r."isActive", ${tx.now()}, ${tx.now()}
    from json_to_recordset(${JSON.stringify(steps)}::json) as r(
      id text, "stepOrder" int, channel text, "scriptId" text, "delayValue" int, "delayUnit" text, conditions jsonb, "isActive" boolean)
    where not exists (select from sequence_steps st where st.id = r.id)`.execute(tx.db);
  await sql`
    update sequence_steps st set step_order = r."stepOrder", channel = r.channel, script_id = r."scriptId", delay_value = r."delayValue",
      delay_unit = r."delayUnit", conditions = r.conditions, is_active = r."isActive", updated_at = ${tx.now()}
    from json_to_recordset(${JSON.stringify(steps)}::json) as r(
      id text, "stepOrder" int, channel text, "scriptId" text, "delayValue" int, "delayUnit" text, conditions jsonb, "isActive" boolean)
    where st.id = r.id and st.workspace_id = ${tx.workspace} and st.sequence_id = ${sequenceId}`.execute(tx.db);
}
