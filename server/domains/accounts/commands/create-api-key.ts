import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { newToken, sha256 } from "#platform/ids.ts";
import type { Permission } from "#platform/permissions.ts";
import { findPerson } from "../actors.ts";
import { apiKeyCreated } from "../messages.ts";
import { type ApiKeyRow, getApiKey, insertApiKey } from "../queries/api-keys.ts";
import { PersonNeeded, whyNotGrant } from "../rules.ts";

export const API_KEY_PREFIX = "tl_";
const SHOWN_CHARACTERS = API_KEY_PREFIX.length + 6;
const DAY_MS = 86_400_000;

/** The key itself is returned here and nowhere else: only its hash is kept. */
export async function createApiKey(
  ctx: Context,
  wanted: { name: string; scopes: readonly Permission[]; expiresInDays: number | null },
): Promise<{ row: ApiKeyRow; key: string }> {
  allow(ctx, "api-keys:write");
  const scopes = [...new Set(wanted.scopes)];
  if (ctx.actor.kind === "user" || ctx.actor.kind === "api_key") {
    const refusal = whyNotGrant(ctx.actor.permissions, scopes);
    if (refusal) throw refusal();
  }
  const key = API_KEY_PREFIX + newToken();
  const row = await inTransaction(ctx, async (tx) => {
    const createdBy = await findPerson(tx);
    if (!createdBy) throw PersonNeeded();
    const id = await insertApiKey(tx, {
      name: wanted.name,
      start: key.slice(0, SHOWN_CHARACTERS),
      keyHash: sha256(key),
      scopes,
      createdBy,
      expiresAt: wanted.expiresInDays === null ? null : new Date(tx.now().getTime() + wanted.expiresInDays * DAY_MS),
    });
    await emit(tx, apiKeyCreated, { apiKeyId: id, name: wanted.name, scopes }, { subjectId: id });
    return getApiKey(tx, id);
  });
  return { row, key };
}
