import { allow, inTransaction, type Context } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { leadUpdated } from "../messages.ts";
import { LeadErased, LeadNotFound } from "../problems.ts";
import { findErased, lockLeads } from "../queries/leads.ts";
import { tagLeads, untagLeads } from "../queries/tags.ts";
import { ensureTags } from "../queries/upsert-write.ts";
import { rewriteSearchTexts } from "./refresh-search-texts.ts";

/** Puts tags on a lead by name; those that do not exist are made. Throws LeadNotFound, LeadErased. */
export async function addTags(ctx: Context, leadId: string, names: readonly string[]): Promise<void> {
  allow(ctx, "leads:write");
  await inTransaction(ctx, async (tx) => {
    await lockOne(tx, leadId);
    if ((await findErased(tx, [leadId])).size > 0) throw LeadErased();
    const ids = await ensureTags(tx, names);
    await announce(tx, leadId, await tagLeads(tx, [leadId], [...ids.values()]));
  });
}

/** Takes a tag off a lead; one that it has not is no fault. */
export async function removeTag(ctx: Context, leadId: string, tagId: string): Promise<void> {
  allow(ctx, "leads:write");
  await inTransaction(ctx, async (tx) => {
    await lockOne(tx, leadId);
    await announce(tx, leadId, await untagLeads(tx, [leadId], [tagId]));
  });
}

async function lockOne(tx: Context, leadId: string): Promise<void> {
  const { held } = await lockLeads(tx, [leadId], { wait: true });
  if (!held.has(leadId)) throw LeadNotFound();
}

async function announce(tx: Context, leadId: string, changed: readonly string[]): Promise<void> {
  if (changed.length === 0) return;
  await rewriteSearchTexts(tx, [leadId]);
  await emit(tx, leadUpdated, { leadId, changed: ["tags"], importJobId: null }, { leadId });
}
