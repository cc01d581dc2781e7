import { allow, inTransaction, type Context } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { tagChanged } from "../messages.ts";
import { TagNotFound } from "../problems.ts";
import { deleteTagRow, leadsWithTag } from "../queries/tags.ts";
import { refreshLater } from "./refresh-search-texts.ts";

/** Removes a tag from all its leads, and itself. */
export async function deleteTag(ctx: Context, tagId: string): Promise<void> {
  allow(ctx, "leads:write");
  await inTransaction(ctx, async (tx) => {
    const leadIds = await leadsWithTag(tx, tagId);
    if (!(await deleteTagRow(tx, tagId))) throw TagNotFound();
    await refreshLater(tx, leadIds);
    await emit(tx, tagChanged, { tagId, what: "deleted" }, { subjectId: tagId });
  });
}
