import { sql } from "kysely";
import { type Context, inTransaction } from "#platform/context.ts";
import { isCollision, isDatabaseAway } from "#platform/database/faults.ts";
import { emitAll, eventsOf } from "#platform/events.ts";
import type { Loop } from "#platform/loops.ts";
import type { Runtime } from "#platform/runtime.ts";
import { type Room, serveSideBySide } from "#platform/side-by-side.ts";
import {
  type BudgetLease,
  CHANNELS,
  type Draft,
  type NewMessage,
  type Preparation,
  type Surroundings,
  handOver,
  loadSurroundings,
  openLease,
  prepareMessages,
} from "#domains/messaging/index.ts";
import { stepFailed, stepSkipped } from "../messages.ts";
import {
  type DueExecution,
  type ExecutionChange,
  claimDue,
  countDue,
  lockOpenEnrollments,
  updateExecutions,
} from "../queries/engine.ts";
import { listEarlierMails } from "../queries/earlier-mails.ts";
import { loadScripts, type TouchScript } from "../queries/scripts.ts";
import { type Advance, advance } from "./advance.ts";
import { judgeConditions } from "./condition-facts.ts";
import { type EndReason, end, reasonToStop } from "./end.ts";
import { renderTouch } from "./render-touch.ts";
import { type ConditionRuling, rulingsOf, settingsOf } from "./terms.ts";

/** Executions claimed at once: what a batch costs but for its rows is about four sends' worth. Two chunks of a vendor that takes 128 at once. */
const BATCH = 256;
/** Batches of one workspace under way at once: while one waits for its vendor, the next is judged and the one before recorded. */
const LANES = 3;
/** Batches that are claimed and judged at once, over all workspaces: each holds a connection of the pool meanwhile. */
const PLANNED_AT_ONCE = 3;
/** A turn takes up no further batch after this long, but beside those that wait for a vendor. */
const TURN_MS = 3_000;

/**
 * Takes one batch of due executions from claim to record: claim, gate, render and rows in one transaction; then the hand-over; then the
 * record. Answers how many were claimed.
 */
export async function dispatchBatch(
  ctx: Context,
  lease: BudgetLease = openLease(),
  room: Room = (work) => work(),
): Promise<number> {
  const { around, due, ready } = await room(async () => {
    const surroundings = { ...(await loadSurroundings(ctx, CHANNELS, lease)), backlog: countDue };
    return { around: surroundings, ...(await planTogether(ctx, surroundings)) };
  });
  await handOver(ctx, ready, around);
  return due.length;
}

/** What was claimed, and what of it may be handed over. */
type Planned = { due: readonly DueExecution[]; ready: readonly NewMessage[] };

/**
 * A batch in one transaction. Where it fails for what is in it, each of it has a transaction of its own, and the faulty one is set aside with
 * its reason: one execution's fault never touches another.
 */
async function planTogether(ctx: Context, around: Surroundings): Promise<Planned> {
  const claimed: DueExecution[] = [];
  try {
    return await inTransaction(ctx, (tx) => plan(tx, around, BATCH, claimed));
  } catch (error) {
    if (claimed.length === 0 || isDatabaseAway(error) || isCollision(error)) throw error;
    ctx.log.error({ err: error, executions: claimed.length }, "a batch could not be planned");
  }
  const planned: Planned[] = [];
  for (let turn = claimed.length; turn > 0; turn -= 1) planned.push(await planApart(ctx, around));
  return { due: planned.flatMap(({ due }) => due), ready: planned.flatMap(({ ready }) => ready) };
}

async function planApart(ctx: Context, around: Surroundings): Promise<Planned> {
  const claimed: DueExecution[] = [];
  try {
    return await inTransaction(ctx, (tx) => plan(tx, around, 1, claimed));
  } catch (error) {
    const [faulty] = claimed;
    if (!faulty || isDatabaseAway(error) || isCollision(error)) throw error;
    ctx.log.error({ err: error, execution: faulty.id }, "a planned step could not be judged");
    await inTransaction(ctx, (tx) => setAside(tx, faulty, error instanceof Error ? error.message : String(error)));
    return { due: claimed, ready: [] };
  }
}

/** Nothing is known of it but that it fails: its lead leaves the sequence, with the reason. */
async function setAside(tx: Context, { id, enrollmentId }: DueExecution, reason: string): Promise<void> {
  const open = await lockOpenEnrollments(tx, { ids: [enrollmentId] });
  await updateExecutions(tx, [
    {
      id,
      status: "FAILED",
      executedAt: tx.now(),
      contactAttemptId: null,
      scheduledAt: null,
      result: { reason },
      verdict: null,
    },
  ]);
  await end(tx, open, "a touch failed", reason);
}

async function plan(tx: Context, around: Surroundings, limit: number, claimed: DueExecution[]): Promise<Planned> {
  const due = await claimDue(tx, limit);
  if (due.length === 0) return { due, ready: [] };
  claimed.push(...due);
  const scripts = await loadScripts(tx, [...new Set(due.flatMap((execution) => execution.scriptId ?? []))]);
  const conditions = await judgeConditions(
    tx,
    due.map((execution) => ({ ...execution, key: execution.id })),
  );
  const followUps = due.filter(({ channel, stepOrder }) => channel === "EMAIL" && stepOrder > 0);
  const earlier = await listEarlierMails(
    tx,
    followUps.map(({ id }) => id),
  );
  const drafts = due.map((execution) =>
    draftOf(
      tx,
      execution,
      scripts.get(execution.scriptId ?? ""),
      conditions.get(execution.id),
      earlier.get(execution.id),
    ),
  );
  const preparations = await prepareMessages(tx, drafts, around);
  await settle(tx, due, preparations);
  const ready = due.flatMap((execution) => {
    const preparation = preparations.get(execution.id);
    return preparation?.kind === "prepared" ? [preparation.message] : [];
  });
  return { due, ready };
}

function draftOf(
  tx: Context,
  execution: DueExecution,
  script: TouchScript | undefined,
  conditions: ConditionRuling | undefined,
  earlier: readonly string[] | undefined,
): Draft {
  const settings = settingsOf(execution.settings);
  return {
    key: execution.id,
    leadId: execution.leadId,
    channel: execution.channel,
    priority: execution.priority,
    window: settings.sendWindow ?? null,
    allowStatuses: settings.allowStatuses ?? null,
    extra: rulingsOf(execution, tx.now(), conditions),
    override: null,
    purpose: "sequence",
    scriptId: execution.scriptId,
    scriptVersionId: script?.versionId ?? null,
    campaignId: execution.campaignId,
    executionId: execution.id,
    render: (facts) =>
      renderTouch({
        ctx: tx,
        ...facts,
        script: script ?? null,
        earlier,
        channel: execution.channel,
        campaignName: execution.campaignName,
      }),
  };
}

/** Writes what became of each claimed execution, and plans what follows for those that will not be sent. */
async function settle(
  tx: Context,
  due: readonly DueExecution[],
  preparations: Map<string, Preparation>,
): Promise<void> {
  const now = tx.now();
  const changes: ExecutionChange[] = [];
  const advances: Advance[] = [];
  const stops: { execution: DueExecution; why: EndReason; reason: string }[] = [];
  const skipped: { execution: DueExecution; reason: string }[] = [];
  const failed: { execution: DueExecution; reason: string }[] = [];

  for (const execution of due) {
    const preparation = preparations.get(execution.id);
    // Its lead is being decided about elsewhere: it stays due, and comes with the next batch.
    if (!preparation || preparation.kind === "busy") continue;
    const base = {
      id: execution.id,
      executedAt: null,
      contactAttemptId: null,
      scheduledAt: null,
      result: {},
      verdict: null,
    };
    if (preparation.kind === "prepared") {
      changes.push({ ...base, status: "SCHEDULED", contactAttemptId: preparation.message.attemptId });
    } else if (preparation.kind === "unrenderable") {
      changes.push({
        ...base,
        status: "FAILED",
        executedAt: now,
        result: { reason: preparation.reason },
        verdict: preparation.verdict,
      });
      failed.push({ execution, reason: preparation.reason });
      if (settingsOf(execution.settings).onFailure === "stop")
        stops.push({ execution, why: "a touch failed", reason: preparation.reason });
      else advances.push(advanceOf(execution, now));
    } else {
      const { result } = preparation.verdict;
      if (result.kind === "wait") {
        // The same row, later: a deferral is no attempt and no new execution.
        changes.push({
          ...base,
          status: "SCHEDULED",
          scheduledAt: new Date(result.until),
          verdict: preparation.verdict,
        });
      } else if (result.kind !== "send") {
        changes.push({
          ...base,
          status: "SKIPPED",
          executedAt: now,
          result: { reason: result.reason },
          verdict: preparation.verdict,
        });
        skipped.push({ execution, reason: result.reason });
        if (result.kind === "stop") stops.push({ execution, why: reasonToStop(result.check), reason: result.reason });
        else advances.push(advanceOf(execution, now));
      }
    }
  }
  await updateExecutions(tx, changes);
  const withReason = ({ execution, reason }: { execution: DueExecution; reason: string }) => ({
    payload: { ...aboutStep(execution), reason },
    leadId: execution.leadId,
    subjectId: execution.id,
  });
  await emitAll(tx, [eventsOf(stepSkipped, skipped.map(withReason)), eventsOf(stepFailed, failed.map(withReason))]);
  await advance(
    tx,
    advances.filter((one) =>
      due.some((execution) => execution.enrollmentId === one.enrollmentId && execution.enrollmentStatus === "ACTIVE"),
    ),
  );
  for (const { execution, why, reason } of stops)
    await end(tx, await lockOpenEnrollments(tx, { ids: [execution.enrollmentId] }), why, reason);
}

const advanceOf = (execution: DueExecution, from: Date): Advance => ({
  enrollmentId: execution.enrollmentId,
  sequenceId: execution.sequenceId,
  sequenceName: execution.sequenceName,
  settings: execution.settings,
  leadId: execution.leadId,
  run: execution.run,
  afterOrder: execution.stepOrder,
  from,
});

const aboutStep = (execution: DueExecution) => ({
  enrollmentId: execution.enrollmentId,
  sequenceId: execution.sequenceId,
  sequenceName: execution.sequenceName,
  executionId: execution.id,
  stepOrder: execution.stepOrder,
  channel: execution.channel,
});

/**
 * One turn over all workspaces with something due, each in lanes of its own. Those that plan at once are few, so a hundred thousand due in one
 * workspace do not hold up ten in another; those that wait for their vendor hold up nobody, however long it takes.
 */
async function turn(runtime: Runtime): Promise<boolean> {
  const system = { kind: "system", id: "outreach.dispatch" } as const;
  const { db } = runtime.contextFor("", system);
  const leases = new Map<string, { ctx: Context; lease: BudgetLease }>();
  const placeOf = (id: string) => {
    const known = leases.get(id) ?? { ctx: runtime.contextFor(id, system), lease: openLease() };
    leases.set(id, known);
    return known;
  };
  try {
    return await serveSideBySide({
      find: async () => {
        const { rows } = await sql<{
          id: string;
        }>`select app_workspaces_with_due_steps(${runtime.clock.now()}) as id`.execute(db);
        return rows.map(({ id }) => placeOf(id));
      },
      keyOf: ({ ctx }) => ctx.workspace,
      lanes: Math.min(LANES, runtime.config.databasePool),
      atOnce: PLANNED_AT_ONCE,
      turnMs: TURN_MS,
      elapsed: runtime.clock.elapsed,
      work: async ({ ctx, lease }, room) => (await dispatchBatch(ctx, lease, room)) === BATCH,
    });
  } finally {
    for (const { ctx, lease } of leases.values()) await lease.giveBack(ctx);
  }
}

export const dispatchLoop: Loop = { name: "outreach.dispatch", everyMs: 500, turn };
