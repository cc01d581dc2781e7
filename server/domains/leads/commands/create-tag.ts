import { allow, inTransaction, type Context } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { tagChanged } from "../messages.ts";
import { TagNameTaken } from "../problems.ts";
import { insertTag } from "../queries/tags.ts";

/** Makes a tag and returns its id. Names are compared folded: "VIP" and "vip" are one. */
export async function createTag(ctx: Context, name: string): Promise<string> {
  allow(ctx, "leads:write");
  return inTransaction(ctx, async (tx) => {
    const tagId = await insertTag(tx, name);
    if (tagId === undefined) throw TagNameTaken();
    await emit(tx, tagChanged, { tagId, what: "created" }, { subjectId: tagId });
    return tagId;
  });
}
