import type { Context } from "#platform/context.ts";
import { emitAll, eventsOf } from "#platform/events.ts";
import type { DeliveryFact } from "#domains/messaging/index.ts";
import { stepDelivered, stepFailed, stepSent, stepSkipped } from "../messages.ts";
import {
  type ExecutionChange,
  type OpenExecution,
  lockExecutions,
  lockOpenEnrollments,
  updateExecutions,
} from "../queries/engine.ts";
import { type Advance, advance } from "./advance.ts";
import { type EndReason, end, reasonToStop } from "./end.ts";
import { readSettings } from "./terms.ts";

/**
 * What became of a touch moves its execution forward, never backward, and plans the next step once: when the execution is first known to be
 * sent, failed or withheld. Facts may come in any order and more than once. Runs inside messaging's transaction.
 */
export async function onDelivery(tx: Context, facts: readonly DeliveryFact[]): Promise<void> {
  const own = facts.filter((fact) => fact.executionId !== null);
  if (own.length === 0) return;
  const open = await lockExecutions(tx, [...new Set(own.flatMap((fact) => fact.executionId ?? []))]);
  const changes: ExecutionChange[] = [];
  const advances: Advance[] = [];
  const failures: { execution: OpenExecution; reason: string; why: EndReason }[] = [];
  const heard = { sent: [] as Item[], delivered: [] as Item[], failed: [] as Item[], skipped: [] as Item[] };

  for (const fact of own) {
    const execution = open.get(fact.executionId ?? "");
    if (!execution) continue;
    const change = changeFor(execution, fact);
    if (!change) continue;
    changes.push(change);
    const item = { execution, fact };
    if (change.status === "SENT" && execution.status !== "SENT") heard.sent.push(item);
    if (change.status === "DELIVERED") heard.delivered.push(item);
    if (change.status === "FAILED") heard.failed.push(item);
    if (change.status === "SKIPPED") heard.skipped.push(item);
    const isFirst = execution.executedAt === null && change.executedAt !== null;
    execution.status = change.status;
    execution.executedAt ??= change.executedAt;
    if (!isFirst || execution.enrollmentStatus !== "ACTIVE") continue;
    // Of an earlier run, or of a lead that was merged into this one: what goes on is another run, and that has its own step.
    if (execution.run !== execution.enrollmentRun) continue;
    const settings = readSettings(execution.settings);
    if (!settings)
      failures.push({ execution, reason: "the settings of its sequence cannot be read", why: "a touch failed" });
    else if (fact.stop || (change.status === "FAILED" && settings.onFailure === "stop"))
      failures.push({
        execution,
        reason: fact.detail ?? "",
        why: fact.stop === true ? reasonToStop(fact.check) : "a touch failed",
      });
    else advances.push(advanceOf(execution, fact.at));
  }

  // Of several facts about one execution the last change carries all: statuses only move forward.
  await updateExecutions(tx, [...new Map(changes.map((change) => [change.id, change])).values()]);
  await advance(tx, advances);
  for (const { execution, reason, why } of failures)
    await end(tx, await lockOpenEnrollments(tx, { ids: [execution.enrollmentId] }), why, reason);
  const aboutMessage = (item: Item) => ({
    payload: { ...aboutStep(item), messageId: item.fact.messageId },
    ...subject(item),
  });
  const withReason = (item: Item) => ({
    payload: { ...aboutStep(item), reason: item.fact.detail ?? "" },
    ...subject(item),
  });
  await emitAll(tx, [
    eventsOf(stepSent, heard.sent.map(aboutMessage)),
    eventsOf(stepDelivered, heard.delivered.map(aboutMessage)),
    eventsOf(stepFailed, heard.failed.map(withReason)),
    eventsOf(stepSkipped, heard.skipped.map(withReason)),
  ]);
}

type Item = { execution: OpenExecution; fact: DeliveryFact };

/** The execution's change for one fact, or null when the fact is old news. */
function changeFor(execution: OpenExecution, fact: DeliveryFact): ExecutionChange | null {
  const base = { id: execution.id, scheduledAt: null, contactAttemptId: fact.attemptId, verdict: null };
  const isOpen = execution.status === "SCHEDULED" || execution.status === "PENDING";
  switch (fact.kind) {
    case "accepted":
      // Skipped by a stop while the vendor was being called: it was sent all the same, and says so.
      if (!isOpen && execution.status !== "SKIPPED") return null;
      return { ...base, status: "SENT", executedAt: fact.at, result: { messageId: fact.messageId } };
    case "delivered":
      if (execution.status === "DELIVERED" || execution.status === "FAILED") return null;
      return {
        ...base,
        status: "DELIVERED",
        executedAt: fact.at,
        result: { messageId: fact.messageId, deliveredAt: fact.at.toISOString() },
      };
    case "failed":
      if (execution.status === "FAILED") return null;
      return {
        ...base,
        status: "FAILED",
        executedAt: fact.at,
        result: { messageId: fact.messageId, reason: fact.detail, bounced: !isOpen },
      };
    case "unknown":
      return isOpen
        ? {
            ...base,
            status: "SCHEDULED",
            executedAt: null,
            result: { messageId: fact.messageId, unknown: fact.detail },
          }
        : null;
    case "deferred":
      return isOpen
        ? {
            ...base,
            status: "SCHEDULED",
            executedAt: null,
            result: { messageId: fact.messageId, waits: fact.detail, retryAt: fact.until?.toISOString() ?? null },
          }
        : null;
    case "withheld":
      return isOpen ? { ...base, status: "SKIPPED", executedAt: fact.at, result: { reason: fact.detail } } : null;
  }
}

const advanceOf = (execution: OpenExecution, from: Date): Advance => ({
  enrollmentId: execution.enrollmentId,
  sequenceId: execution.sequenceId,
  sequenceName: execution.sequenceName,
  settings: execution.settings,
  leadId: execution.leadId,
  run: execution.run,
  afterOrder: execution.stepOrder,
  from,
});

const aboutStep = ({ execution }: Item) => ({
  enrollmentId: execution.enrollmentId,
  sequenceId: execution.sequenceId,
  sequenceName: execution.sequenceName,
  executionId: execution.id,
  stepOrder: execution.stepOrder,
  channel: execution.channel,
});

const subject = ({ execution }: Item) => ({ leadId: execution.leadId, subjectId: execution.id });
