import { type Context, allow, inTransaction } from "#platform/context.ts";
import { forEach } from "#platform/loops.ts";
import type { Runtime } from "#platform/runtime.ts";
import { settingsOf } from "../engine/terms.ts";
import { listWaitingSequences, shareSequence } from "../queries/sequence-rows.ts";
import {
  type SweepRules,
  type SweepState,
  listUsedChannels,
  lockSweep,
  nextSilence,
  sweepAll,
  sweepChanged,
  workspacesToSweep,
  writeSweep,
} from "../queries/sweep-rows.ts";
import { noConversionTriggerSchema } from "../trigger-config.ts";
import { enrollLeads } from "./enroll-leads.ts";

/** From one sweep of a sequence to the next. */
const EVERY_MS = 5 * 60_000;
/** Leads looked at in one transaction. */
const BATCH = 1_000;
/** Where nothing is on its way, a clock that is moved by hand need not stop. */
const FAR_MS = 365 * 86_400_000;

/**
 * The trigger no_conversion: one batch for each sequence whose sweep is due, or is not over. The first sweep of a sequence, and the first after
 * its rules were changed, looks at every lead, page by page to the end; each later one only at those of whom something may have changed since. A batch
 * and the lead that it reaches are one transaction that holds the sweep's row: any number of processes may do this, and each lead is considered once.
 * True while a sweep is not over.
 */
export async function sweepSilent(runtime: Runtime): Promise<boolean> {
  const due = new Date(runtime.clock.now().getTime() - EVERY_MS);
  return forEach(await workspacesToSweep({ db: runtime.database.forWorkspace("") }, due), 1, async (workspace) => {
    const ctx = runtime.contextFor(workspace, { kind: "system", id: "outreach.sweep-silent" });
    return forEach(await listWaitingSequences(ctx, "no_conversion"), 1, ({ id }) =>
      inTransaction(ctx, (tx) => sweepNext(tx, id)),
    );
  });
}

async function sweepNext(tx: Context, sequenceId: string): Promise<boolean> {
  allow(tx, "outreach:write");
  // Shared first, as enrolling does: whoever pauses the sequence waits, and then nothing comes in.
  const sequence = await shareSequence(tx, sequenceId);
  if (sequence?.status !== "ACTIVE" || sequence.triggerType !== "no_conversion") return false;
  const { allowStatuses = null, reentry } = settingsOf(sequence.settings);
  const rules: SweepRules = {
    ...noConversionTriggerSchema.parse(sequence.triggerConfig),
    allowStatuses,
    reentry,
    channels: await listUsedChannels(tx, sequenceId),
  };
  const state = await lockSweep(tx, sequenceId, rules);
  if (!state) return false;
  const now = tx.now();
  const { sweptUntil } = state;
  if (!state.passUntil && sweptUntil && sweptUntil.getTime() + EVERY_MS > now.getTime()) return false;

  const until = state.passUntil ?? now;
  const page = sweptUntil
    ? await sweepChanged(tx, sequenceId, rules, state, { since: sweptUntil, until }, BATCH)
    : await sweepAll(tx, sequenceId, rules, state, until, BATCH);
  if (page.leadIds.length > 0) await enrollLeads(tx, { sequenceId, leadIds: page.leadIds, by: "trigger" });

  const isOver = page.looked < BATCH;
  const reached: SweepState = isOver
    ? { sweptUntil: until, passUntil: null, passAfterAt: null, passAfterId: null }
    : { sweptUntil, passUntil: until, passAfterAt: page.lastAt, passAfterId: page.lastId };
  const next = isOver ? await nextSilence(tx, rules, until) : now;
  const wakeAt = Math.max(next?.getTime() ?? now.getTime() + FAR_MS, isOver ? until.getTime() + EVERY_MS : 0);
  await writeSweep(tx, sequenceId, reached, new Date(wakeAt));
  return !isOver;
}
