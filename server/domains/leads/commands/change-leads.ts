import { allow, inTransaction, type Context } from "#platform/context.ts";
import { emit, emitMany } from "#platform/events.ts";
import { newId } from "#platform/ids.ts";
import { enqueue } from "#platform/jobs.ts";
import { changeLeads, leadUpdated, leadsChanged, statusChanged } from "../messages.ts";
import { findExisting, lockLeads, moveStatuses } from "../queries/leads.ts";
import { nextInOrder } from "../queries/next-leads.ts";
import { findTagsByName, tagLeads, untagLeads } from "../queries/tags.ts";
import { ensureTags } from "../queries/upsert-write.ts";
import { BULK_AT_ONCE, type BulkChange } from "../rules.ts";
import { LEAD_STATUSES } from "../status.ts";
import { rewriteSearchTexts } from "./refresh-search-texts.ts";

/** `changed` counts leads that are different now; `done` is false while a job goes on. */
export type BulkResult = { bulkId: string; changed: number; done: boolean };

/**
 * Changes the status and tags of many leads: up to 1,000 at once, more as a job in batches, each a transaction. A filter is
 * asked anew for each batch, from the lead on that the one before has reached, so a change that takes leads out of it loses none. Where they
 * lie far apart in a large list there is a job for fewer too.
 */
export async function changeManyLeads(ctx: Context, change: BulkChange): Promise<BulkResult> {
  allow(ctx, "leads:write");
  const bulkId = newId("req");
  return inTransaction(ctx, async (tx) => {
    const { ids, next } = await leadsToChange(tx, change, null);
    if (next === null) {
      const changed = await apply(tx, ids, change);
      await emit(tx, leadsChanged, { bulkId, changed, done: true }, { subjectId: bulkId });
      return { bulkId, changed, done: true };
    }
    const { actor } = ctx;
    if (actor.kind !== "user" && actor.kind !== "api_key")
      throw new Error("Bulk changes are asked for by people and keys.");
    const asked = { kind: actor.kind, id: actor.id, name: actor.name };
    await enqueue(tx, changeLeads, { bulkId, change, actor: asked, after: null, changed: 0 });
    return { bulkId, changed: 0, done: false };
  });
}

/** One batch of a bulk change; the next is queued in the same transaction, so each is done once whatever dies. */
export async function changeNextLeads(
  ctx: Context,
  job: {
    bulkId: string;
    change: BulkChange;
    actor: Parameters<typeof asking>[1];
    after: string | null;
    changed: number;
  },
): Promise<void> {
  allow(ctx, "leads:write");
  await inTransaction(asking(ctx, job.actor), async (tx) => {
    const { ids, next } = await leadsToChange(tx, job.change, job.after);
    const changed = job.changed + (await apply(tx, ids, job.change));
    await emit(tx, leadsChanged, { bulkId: job.bulkId, changed, done: next === null }, { subjectId: job.bulkId });
    if (next !== null) await enqueue(tx, changeLeads, { ...job, after: next, changed });
  });
}

/** Whoever asked is named in the events; what they may was checked when they asked. */
const asking = (ctx: Context, actor: { kind: "user" | "api_key"; id: string; name: string }): Context => ({
  ...ctx,
  actor: { ...actor, permissions: new Set(["leads:write"]) },
});

async function leadsToChange(
  tx: Context,
  change: BulkChange,
  after: string | null,
): Promise<{ ids: string[]; next: string | null }> {
  if (change.filter) return nextInOrder(tx, change.filter, after, BULK_AT_ONCE);
  const found = await findExisting(tx, [...new Set(change.leadIds)], after, BULK_AT_ONCE + 1);
  const ids = found.slice(0, BULK_AT_ONCE);
  return { ids, next: found.length > ids.length ? (ids.at(-1) ?? null) : null };
}

async function apply(tx: Context, ids: readonly string[], change: BulkChange): Promise<number> {
  if (ids.length === 0) return 0;
  await lockLeads(tx, ids, { wait: true });
  const { status } = change;
  const moves = status ? LEAD_STATUSES.filter((from) => from !== status).map((from) => ({ from, to: status })) : [];
  const moved = await moveStatuses(tx, ids, moves);
  const added = [...(await ensureTags(tx, change.addTags ?? [])).values()];
  const tagged = await tagLeads(tx, ids, added);
  const removed = (await findTagsByName(tx, change.removeTags ?? [])).filter((id) => !added.includes(id));
  const untagged = await untagLeads(tx, ids, removed);
  const withTags = new Set([...tagged, ...untagged]);
  await rewriteSearchTexts(tx, [...withTags]);
  const withStatus = new Set(moved.map(({ id }) => id));
  const changed = [...new Set([...withTags, ...withStatus])].toSorted();
  await emitMany(
    tx,
    leadUpdated,
    changed.map((id) => ({
      leadId: id,
      payload: {
        leadId: id,
        changed: [...(withStatus.has(id) ? ["status"] : []), ...(withTags.has(id) ? ["tags"] : [])],
        importJobId: null,
      },
    })),
  );
  await emitMany(
    tx,
    statusChanged,
    moved.map(({ id, from, to }) => ({ leadId: id, payload: { leadId: id, from, to, by: "person" as const } })),
  );
  return changed.length;
}
