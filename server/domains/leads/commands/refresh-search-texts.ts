import { allow, inTransaction, type Context } from "#platform/context.ts";
import { enqueueMany } from "#platform/jobs.ts";
import { refreshSearchTexts } from "../messages.ts";
import { lockKnownLeads } from "../queries/upsert-load.ts";
import { updateSearchTexts } from "../queries/upsert-write.ts";
import { draftOf } from "../upsert/draft.ts";

const BATCH = 1_000;

/** Works out the search texts of leads again, after what they are made of changed outside the leads' own rows: their tags. */
export async function rewriteSearchTexts(ctx: Context, leadIds: readonly string[]): Promise<void> {
  allow(ctx, "leads:write");
  await inTransaction(ctx, async (tx) => {
    const known = await lockKnownLeads(tx, leadIds);
    await updateSearchTexts(tx, known.map(draftOf));
  });
}

/** At once for few leads; for many as jobs, which find the leads as they are then. */
export async function refreshLater(tx: Context, leadIds: readonly string[]): Promise<void> {
  if (leadIds.length <= BATCH) return rewriteSearchTexts(tx, leadIds);
  const batches = Array.from({ length: Math.ceil(leadIds.length / BATCH) }, (_, place) => ({
    leadIds: leadIds.slice(place * BATCH, (place + 1) * BATCH),
  }));
  await enqueueMany(tx, refreshSearchTexts, batches);
}
