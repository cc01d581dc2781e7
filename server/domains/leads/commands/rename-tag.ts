import { allow, inTransaction, type Context } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { refuseStale } from "#domains/accounts/index.ts";
import { tagChanged } from "../messages.ts";
import { TagNameTaken, TagNotFound } from "../problems.ts";
import { leadsWithTag, lockTag, renameTagRow } from "../queries/tags.ts";
import { refreshLater } from "./refresh-search-texts.ts";

/**
 * Gives a tag another name, on all its leads at once; searching by the new name follows within moments. `expected`: the `updatedAt` that the
 * change was made from. Answers the one that it has now. Throws TagNotFound, TagNameTaken, ChangedElsewhere.
 */
export async function renameTag(ctx: Context, tagId: string, name: string, expected?: string): Promise<Date> {
  allow(ctx, "leads:write");
  return inTransaction(ctx, async (tx) => {
    const tag = await lockTag(tx, tagId);
    if (!tag) throw TagNotFound();
    await refuseStale(tx, { expected, updatedAt: tag.updatedAt, told: [tagChanged], about: { subjectId: tagId } });
    const updatedAt = await renameTagRow(tx, tagId, name);
    if (!updatedAt) throw TagNameTaken();
    await refreshLater(tx, await leadsWithTag(tx, tagId));
    await emit(tx, tagChanged, { tagId, what: "renamed" }, { subjectId: tagId });
    return updatedAt;
  });
}
