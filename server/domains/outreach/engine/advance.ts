import type { Context } from "#platform/context.ts";
import { emitMany } from "#platform/events.ts";
import { newId } from "#platform/ids.ts";
import { getWorkspaceSettings } from "#domains/accounts/index.ts";
import { listLeadPlaces } from "#domains/leads/index.ts";
import { legalFloor, nextOpen } from "#domains/messaging/index.ts";
import { enrollmentCompleted } from "../messages.ts";
import { closeCampaignLeads } from "../queries/campaign-progress.ts";
import { type NewExecution, insertExecutions, moveEnrollments } from "../queries/engine.ts";
import { type PlanStep, loadSteps, lockVersionsOf } from "../queries/version-rows.ts";
import { dueAfter } from "../schedule.ts";
import { settingsOf } from "./terms.ts";

/** An enrollment that is ready for its next step: `afterOrder` is the order of the step just done, -1 at the start. */
export type Advance = {
  enrollmentId: string;
  sequenceId: string;
  sequenceName: string;
  settings: Record<string, unknown>;
  leadId: string;
  run: number;
  afterOrder: number;
  /** What the delay counts from: the enrolment, or the instant at which the step before was sent or skipped. */
  from: Date;
};

/**
 * Plans the next step of each enrollment by the version that it is in, or completes it. The delay gives the due time, which stays visible; the send window moves the
 * planned time forward, never backward. A fixed number of statements, whatever the size.
 */
export async function advance(tx: Context, items: readonly Advance[]): Promise<void> {
  if (items.length === 0) return;
  const versions = await lockVersionsOf(
    tx,
    items.map((item) => item.enrollmentId),
  );
  const steps = await loadSteps(tx, [...new Set(versions.values())]);
  const stepsOf = (item: Advance) => steps.get(versions.get(item.enrollmentId) ?? "") ?? [];
  const goingOn = items.filter((item) => nextStep(stepsOf(item), item.afterOrder));
  const leads = await listLeadPlaces(tx, [...new Set(goingOn.map((item) => item.leadId))]);
  const workspace = await getWorkspaceSettings(tx);
  const planned: NewExecution[] = [];
  const moves: { id: string; currentStep: number; completed: boolean }[] = [];
  const completed: Advance[] = [];

  for (const item of items) {
    const versionId = versions.get(item.enrollmentId);
    // Gone with its lead.
    if (versionId === undefined) continue;
    const next = nextStep(stepsOf(item), item.afterOrder);
    if (item.afterOrder >= 0 || !next)
      moves.push({ id: item.enrollmentId, currentStep: item.afterOrder + 1, completed: !next });
    if (!next) {
      completed.push(item);
      continue;
    }
    const lead = leads.get(item.leadId);
    const zone = lead?.timeZone ?? workspace.timeZone;
    const { sendWindow, priority } = settingsOf(item.settings);
    const dueAt = dueAfter(item.from, { value: next.delayValue, unit: next.delayUnit }, zone);
    const floor = legalFloor(next.channel, lead?.country ?? workspace.country);
    const open = nextOpen(dueAt, zone, sendWindow ?? workspace.sendWindow, floor, workspace.holidays);
    planned.push({
      id: newId("exe"),
      enrollmentId: item.enrollmentId,
      stepId: next.id,
      versionId,
      leadId: item.leadId,
      run: item.run,
      stepOrder: next.stepOrder,
      // A window that never opens is judged, and explained, by the gate.
      dueAt,
      scheduledAt: open ?? dueAt,
      priority,
    });
  }
  await insertExecutions(tx, planned);
  await moveEnrollments(tx, moves);
  await closeCampaignLeads(
    tx,
    completed.map((item) => item.enrollmentId),
  );
  await emitMany(
    tx,
    enrollmentCompleted,
    completed.map((item) => ({
      payload: { enrollmentId: item.enrollmentId, sequenceId: item.sequenceId, sequenceName: item.sequenceName },
      leadId: item.leadId,
      subjectId: item.enrollmentId,
    })),
  );
}

const nextStep = (steps: readonly PlanStep[], afterOrder: number) => steps.find((step) => step.stepOrder > afterOrder);
