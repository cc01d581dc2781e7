import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { NotFound } from "#platform/problems.ts";
import { apiKeyRevoked } from "../messages.ts";
import { deleteApiKey } from "../queries/api-keys.ts";

/** Requests that arrive after this has answered are refused, in every process. */
export async function revokeApiKey(ctx: Context, id: string): Promise<void> {
  allow(ctx, "api-keys:write");
  await inTransaction(ctx, async (tx) => {
    const deleted = await deleteApiKey(tx, id);
    if (!deleted) throw NotFound();
    await emit(tx, apiKeyRevoked, { apiKeyId: id, name: deleted.name, because: "revoked" }, { subjectId: id });
  });
}
