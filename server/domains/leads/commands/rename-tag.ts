import { allow, inTransaction, type Context } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { tagChanged } from "../messages.ts";
import { TagNameTaken, TagNotFound } from "../problems.ts";
import { leadsWithTag, renameTagRow } from "../queries/tags.ts";
import { refreshLater } from "./refresh-search-texts.ts";

/** Gives a tag another name, on all its leads at once; searching by the new name follows within moments. */
export async function renameTag(ctx: Context, tagId: string, name: string): Promise<void> {
  allow(ctx, "leads:write");
  await inTransaction(ctx, async (tx) => {
    const met = await renameTagRow(tx, tagId, name);
    if (met === "gone") throw TagNotFound();
    if (met === "taken") throw TagNameTaken();
    await refreshLater(tx, await leadsWithTag(tx, tagId));
    await emit(tx, tagChanged, { tagId, what: "renamed" }, { subjectId: tagId });
  });
}
