import { allow, inTransaction, type Context } from "#platform/context.ts";
import { emitMany } from "#platform/events.ts";
import { newId } from "#platform/ids.ts";
import { getWorkspaceSettings } from "#domains/accounts/index.ts";
import { leadCreated, leadUpdated, proposalFiled, statusChanged } from "../messages.ts";
import { loadKnownLeads, loadRowKeys, lockAddresses } from "../queries/upsert-load.ts";
import {
  insertLeads,
  insertNameWords,
  insertProposals,
  insertRowKeys,
  updateLeadRows,
  writeAddresses,
  writeTags,
} from "../queries/upsert-write.ts";
import type { LeadDraft, UpsertPolicy } from "../upsert/draft.ts";
import { wantedBy } from "../upsert/known.ts";
import type { LeadRow } from "../upsert/lead-row.ts";
import { planUpsert, type RowOutcome, type UpsertPlan } from "../upsert/plan.ts";

export type UpsertOptions = UpsertPolicy & { importJobId?: string };

/** More rows than this are given in several batches, each a transaction. */
export const UPSERT_BATCH = 1_000;

/**
 * The one way in for leads: the same for API, form, import and webhook. Rows are applied as if one after the other, in a fixed
 * number of statements for a batch; two batches at the same moment, in this process or another, never make two leads of one
 * person. The outcomes are in the order of the rows.
 */
export async function upsertLeads(
  ctx: Context,
  rows: readonly LeadRow[],
  options: UpsertOptions,
): Promise<RowOutcome[]> {
  allow(ctx, "leads:write");
  if (rows.length === 0) return [];
  return inTransaction(ctx, async (tx) => {
    const wanted = wantedBy(rows);
    await lockAddresses(tx, wanted);
    const known = await loadKnownLeads(tx, wanted, "lock");
    const keys = await loadRowKeys(tx, wanted.rows);
    const { timeZone } = await getWorkspaceSettings(tx);
    const plan = planUpsert(rows, known, keys, {
      ...options,
      now: tx.now(),
      workspaceZone: timeZone,
      makeId: risingIds(rows.length),
    });
    await write(tx, plan, options.importJobId ?? null);
    return plan.outcomes;
  });
}

/** Ids of one millisecond come in no order; which of two leads is older must be told by them. */
function risingIds(count: number): () => string {
  const ids = Array.from({ length: count }, () => newId("lead"))
    .toSorted()
    .reverse();
  return () => ids.pop() ?? newId("lead");
}

async function write(tx: Context, plan: UpsertPlan, importJobId: string | null): Promise<void> {
  const created = plan.drafts.filter(({ isNew }) => isNew);
  const updated = plan.drafts.filter(({ isNew }) => !isNew);
  await insertLeads(tx, created);
  await updateLeadRows(tx, updated);
  await writeAddresses(tx, [...created, ...updated.filter(hasNewAddresses)]);
  await writeTags(tx, plan.drafts);
  await insertRowKeys(tx, plan.rowKeys);
  const proposals = await insertProposals(tx, plan.proposals);
  await insertNameWords(tx, [...created, ...updated.filter(hasNewName)]);

  await emitMany(
    tx,
    leadCreated,
    created.map(({ id, source, sourceLabel }) => ({
      leadId: id,
      payload: { leadId: id, source, sourceLabel, importJobId },
    })),
  );
  await announceUpdates(tx, updated, importJobId);
  await emitMany(
    tx,
    proposalFiled,
    proposals.map(({ id, leadId, otherLeadId, kind }) => ({
      leadId,
      subjectId: id,
      payload: { proposalId: id, leadId, otherLeadId, kind },
    })),
  );
}

/** Tells which fields of leads changed, and the step from one status to another apart. */
export async function announceUpdates(
  tx: Context,
  drafts: readonly LeadDraft[],
  importJobId: string | null = null,
  by: "person" | "upsert" = "upsert",
): Promise<void> {
  await emitMany(
    tx,
    leadUpdated,
    drafts.map(({ id, changed }) => ({
      leadId: id,
      payload: { leadId: id, changed: [...changed].toSorted(), importJobId },
    })),
  );
  await emitMany(
    tx,
    statusChanged,
    drafts.flatMap(({ id, status, statusBefore }) =>
      statusBefore && statusBefore !== status
        ? [{ leadId: id, payload: { leadId: id, from: statusBefore, to: status, by } }]
        : [],
    ),
  );
}

const ADDRESS_FIELDS = ["email", "phone", "linkedin", "addresses"];
export const hasNewAddresses = ({ changed }: LeadDraft) => ADDRESS_FIELDS.some((field) => changed.has(field));
const hasNewName = ({ changed }: LeadDraft) =>
  changed.has("firstName") || changed.has("lastName") || changed.has("fullName");
