import { allow, inTransaction, type Context } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { Invalid } from "#platform/problems.ts";
import { leadsMerged } from "../messages.ts";
import { listMergeHooks } from "../merge/hooks.ts";
import { type MergeChoice, planMerge } from "../merge/plan.ts";
import { LeadErased, LeadNotFound, mergedInto } from "../problems.ts";
import { countWithLead, deleteLeadRow } from "../queries/delete-lead.ts";
import { findMergeOf, insertMerge, moveRowKeys, newMergeId, readLeadRows } from "../queries/merges.ts";
import { findLeads } from "../queries/leads.ts";
import { findActiveSuppressions, type Suppression } from "../queries/suppressions.ts";
import { lockKnownLeads } from "../queries/upsert-load.ts";
import {
  insertNameWords,
  insertProposals,
  insertRowKeys,
  updateLeadRows,
  writeAddresses,
  writeTags,
} from "../queries/upsert-write.ts";
import type { FieldChange, LeadDraft } from "../upsert/draft.ts";
import { addressKey, type KnownLead } from "../upsert/known.ts";
import { proposalOf } from "../upsert/plan.ts";
import { suppress } from "./suppress.ts";

export type MergeResult = {
  /** Null for a dry run. */
  mergeId: string | null;
  survivorId: string;
  otherId: string;
  /** What changes on the survivor. */
  changes: FieldChange[];
  /** Rows of the other lead that become the survivor's, by table. */
  moves: Record<string, number>;
  /** Addresses that are closed because the person said no at another of theirs. */
  closes: { kind: Suppression["kind"]; value: string; reason: Suppression["reason"]; scope: Suppression["scope"] }[];
};

/**
 * Makes two leads one: the other's addresses, tags, history and enrolments become the survivor's, and the other is gone until somebody undoes
 * it. With `dryRun` it only tells. Asking for a merge that was made already answers that one.
 */
export async function mergeLeads(
  ctx: Context,
  input: { survivorId: string; otherId: string; fields?: MergeChoice; dryRun?: boolean },
): Promise<MergeResult> {
  allow(ctx, "leads:write");
  const { survivorId, otherId, fields = {}, dryRun = false } = input;
  if (survivorId === otherId)
    throw Invalid(undefined, [{ pointer: "/otherLeadId", detail: "A lead is not merged with itself." }]);
  return inTransaction(ctx, async (tx) => {
    const known = new Map((await lockKnownLeads(tx, [survivorId, otherId])).map((lead) => [lead.id, lead]));
    const survivor = known.get(survivorId);
    const other = known.get(otherId);
    if (!survivor) throw LeadNotFound();
    if (!other) return doneBefore(tx, survivorId, otherId);
    if ((await findLeads(tx, [survivorId, otherId])).some(({ erasedAt }) => erasedAt !== null)) throw LeadErased();
    const { draft, changes } = planMerge(survivor, other, fields);
    const result: MergeResult = {
      mergeId: null,
      survivorId,
      otherId,
      changes,
      moves: await countMoves(tx, otherId),
      closes: await closingsOf(tx, draft),
    };
    if (dryRun) return result;
    return { ...result, mergeId: await carryOut(tx, { survivor, other, draft, result }) };
  });
}

/** A second click, or a lead that somebody else has merged meanwhile. */
async function doneBefore(tx: Context, survivorId: string, otherId: string): Promise<MergeResult> {
  const merge = await findMergeOf(tx, otherId);
  if (!merge) throw LeadNotFound();
  if (merge.survivorId !== survivorId) throw mergedInto(merge.survivorId);
  return { mergeId: merge.id, survivorId, otherId, changes: [], moves: {}, closes: [] };
}

async function countMoves(ctx: Context, leadId: string): Promise<Record<string, number>> {
  const own = await countWithLead(ctx, leadId);
  const moves: Record<string, number> = {
    lead_identities: own?.deleted.identities ?? 0,
    lead_tags: own?.deleted.tags ?? 0,
  };
  for (const hook of listMergeHooks()) Object.assign(moves, await hook.count(ctx, leadId));
  return moves;
}

/**
 * The strictest suppression wins: who said no at one address is not written to at another of the same kind. A bounce is about a mailbox, not
 * about a person, and closes nothing else.
 */
async function closingsOf(ctx: Context, draft: LeadDraft): Promise<MergeResult["closes"]> {
  const active = (await findActiveSuppressions(ctx, draft.addresses)).filter(({ reason }) => reason !== "HARD_BOUNCE");
  const has = (kind: string, value: string, one: Suppression) =>
    active.some(
      (own) => own.kind === kind && own.value === value && own.reason === one.reason && own.scope === one.scope,
    );
  const closes = new Map<string, MergeResult["closes"][number]>();
  for (const { kind, value } of draft.addresses) {
    for (const one of active) {
      const { reason, scope } = one;
      if (one.kind === kind && !has(kind, value, one))
        closes.set(`${addressKey({ kind, value })} ${reason} ${scope}`, { kind, value, reason, scope });
    }
  }
  return [...closes.values()];
}

async function carryOut(
  tx: Context,
  merge: { survivor: KnownLead; other: KnownLead; draft: LeadDraft; result: MergeResult },
): Promise<string> {
  const { survivor, other, draft, result } = merge;
  const merging = { mergeId: newMergeId(), survivorId: survivor.id, otherId: other.id };
  const rows = await readLeadRows(tx, other.id);
  const moved: Record<string, unknown> = {};
  for (const hook of listMergeHooks()) moved[hook.name] = await hook.move(tx, merging);

  await moveRowKeys(tx, other.id, survivor.id);
  const addedKey = other.externalId !== null && draft.externalId !== other.externalId ? `id:${other.externalId}` : null;
  if (addedKey !== null) await insertRowKeys(tx, [{ source: other.source, key: addedKey, leadId: survivor.id }]);
  // The other's addresses must be free before they become the survivor's.
  await deleteLeadRow(tx, other.id);
  await updateLeadRows(tx, [draft]);
  await writeAddresses(tx, [draft]);
  await writeTags(tx, [draft]);
  const proposals = await insertProposals(
    tx,
    rows.proposals.flatMap((proposal) => inPlaceOf(proposal, other.id, survivor.id)),
  );
  await insertNameWords(tx, [draft]);
  for (const { kind, value, reason, scope } of result.closes)
    await suppress(tx, { kind, value, reason, scope, evidence: `merged with another lead (${merging.mergeId})` });

  const { isNew: _isNew, changed: _changed, statusBefore: _statusBefore, ...merged } = draft;
  const snapshot = { survivor, other, merged, rows, addedKey, addedProposals: proposals.map(({ id }) => id) };
  const { mergeId: id, ...ids } = merging;
  await insertMerge(tx, { id, ...ids, snapshot, moved });
  await emit(
    tx,
    leadsMerged,
    { ...merging, changed: result.changes.map(({ field }) => field) },
    { leadId: survivor.id, subjectId: id },
  );
  return id;
}

/** An open proposal of the lead that goes, as one of the survivor's; the one between the two has been answered. */
function inPlaceOf(proposal: Record<string, unknown>, otherId: string, survivorId: string) {
  const third = proposal.lead_id === otherId ? proposal.other_lead_id : proposal.lead_id;
  const { kind, value, status } = proposal;
  if (status !== "OPEN" || typeof third !== "string" || third === survivorId || typeof value !== "string") return [];
  return kind === "EMAIL" || kind === "PHONE" || kind === "LINKEDIN"
    ? [proposalOf(survivorId, third, kind, value)]
    : [];
}
