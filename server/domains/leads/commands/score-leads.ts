import { allow, inTransaction, type Context } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { enqueue } from "#platform/jobs.ts";
import { forEach } from "#platform/loops.ts";
import type { Runtime } from "#platform/runtime.ts";
import { scoreAll, scoreImportedBehind, scoreLeads, scoresApplied } from "../messages.ts";
import { findImport } from "../queries/imports.ts";
import { addScored, findScoreSettings } from "../queries/score-settings.ts";
import {
  claimDueScores,
  findInterests,
  findLeadsToScore,
  holdScores,
  nextImportedLeads,
  nextLeadsToScore,
  settleGone,
  workspacesWithDueScores,
  writeScores,
} from "../queries/scores.ts";
import { nextChangeAt, workOutScore } from "../score/work-out.ts";

const BATCH = 1_000;

/** Works out the scores of leads anew, by what they are and have done at this instant. Call in a transaction. */
async function rescore(tx: Context, leadIds: readonly string[]): Promise<void> {
  const { rules } = await findScoreSettings(tx);
  const leads = await findLeadsToScore(tx, leadIds);
  const interests = await findInterests(
    tx,
    leads.map(({ id }) => id),
  );
  const now = tx.now();
  await writeScores(
    tx,
    leads.map((lead) => {
      const done = interests.get(lead.id) ?? [];
      const { score, label } = workOutScore(lead, done, rules, now);
      const dueAt = done.length === 0 ? null : nextChangeAt(lead, done, rules, now);
      return { leadId: lead.id, score, label, leadCreatedAt: lead.createdAt, dueAt };
    }),
  );
}

/** Leads that something has happened to, after it was committed. */
export async function scoreThese(ctx: Context, { items }: { items: readonly { leadId: string }[] }): Promise<void> {
  allow(ctx, "leads:write");
  const ids = [...new Set(items.map(({ leadId }) => leadId))];
  for (let from = 0; from < ids.length; from += BATCH)
    await inTransaction(ctx, async (tx) => {
      await holdScores(tx);
      await rescore(tx, ids.slice(from, from + BATCH));
    });
}

/** Asks for the scores of leads to be worked out once the transaction has committed. */
export const askForScores = (tx: Context, leadIds: readonly string[]): Promise<void> =>
  leadIds.length === 0 ? Promise.resolve() : enqueue(tx, scoreLeads, { items: leadIds.map((leadId) => ({ leadId })) });

/** What time alone has changed: a batch of each workspace whose scores are no longer right. */
export async function refreshScores(runtime: Runtime): Promise<boolean> {
  const due = await workspacesWithDueScores({ db: runtime.database.forWorkspace("") }, runtime.clock.now());
  return forEach(due, 1, (id) =>
    inTransaction(runtime.contextFor(id, { kind: "system", id: "leads.refresh-scores" }), async (tx) => {
      await holdScores(tx);
      const leadIds = await claimDueScores(tx, BATCH);
      const there = new Set((await findLeadsToScore(tx, leadIds)).map((lead) => lead.id));
      await settleGone(
        tx,
        leadIds.filter((leadId) => !there.has(leadId)),
      );
      await rescore(tx, [...there]);
      return leadIds.length === BATCH;
    }),
  );
}

/**
 * The leads of an import that has ended, a page of its events at a time. Not while it runs: scoring beside it would take from it the very
 * processor that it needs, and its leads are looked at when all have come.
 */
export async function scoreImport(
  ctx: Context,
  job: { importId: string; after: { at: string; id: string } | null },
): Promise<void> {
  allow(ctx, "leads:write");
  const { importId } = job;
  const startedAt = job.after ? new Date(job.after.at) : (await findImport(ctx, importId))?.startedAt;
  if (!startedAt) return;
  await inTransaction(ctx, async (tx) => {
    const { leadIds, last } = await nextImportedLeads(tx, importId, { at: startedAt, id: job.after?.id ?? "" }, BATCH);
    await holdScores(tx);
    await rescore(tx, leadIds);
    if (last) await enqueue(tx, scoreImportedBehind, { importId, after: { at: last.at.toISOString(), id: last.id } });
  });
}

/** New rules, a thousand leads at a time in the order of their ids; a newer change takes the place of the run. */
export async function scoreNext(ctx: Context, job: { version: number; after: string }): Promise<void> {
  allow(ctx, "leads:write");
  const { version, after } = job;
  await inTransaction(ctx, async (tx) => {
    const leadIds = await nextLeadsToScore(tx, after, BATCH);
    const isLast = leadIds.length < BATCH;
    await holdScores(tx);
    if (!(await addScored(tx, { version, done: leadIds.length, isLast }))) return;
    await rescore(tx, leadIds);
    await emit(tx, scoresApplied, { version, done: isLast });
    const last = leadIds.at(-1);
    if (!isLast && last !== undefined) await enqueue(tx, scoreAll, { version, after: last });
  });
}
