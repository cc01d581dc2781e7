import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { ShortLink } from "../tracking/track.ts";

/** The short links of new texts, in one statement. */
export async function insertLinks(
  tx: Context,
  messages: readonly { id: string; links: readonly ShortLink[] }[],
): Promise<void> {
  const rows = messages.flatMap(({ id, links }) => links.map(({ token, url }) => ({ token, url, message: id })));
  if (rows.length === 0) return;
  await sql`
    insert into tracked_links (token, workspace_id, message_id, url, created_at)
    select r.token, ${tx.workspace}, r.message, r.url, ${tx.now()}
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(token text, message text, url text)`.execute(tx.db);
}

/** Where a short link leads; the message is null once it was deleted. Whoever follows a link names no workspace. */
export async function findLink(
  ctx: Context,
  token: string,
): Promise<{ workspaceId: string; messageId: string | null; url: string } | undefined> {
  const { rows } = await sql<{ workspaceId: string; messageId: string | null; url: string }>`
    select workspace_id, message_id, url from app_find_link(${token})`.execute(ctx.db);
  return rows[0];
}

/** Where the short links of a text lead, by their tokens. */
export async function listLinks(ctx: Context, messageId: string): Promise<Map<string, string>> {
  const rows = await ctx.db
    .selectFrom("trackedLinks")
    .select(["token", "url"])
    .where("workspaceId", "=", ctx.workspace)
    .where("messageId", "=", messageId)
    .execute();
  return new Map(rows.map(({ token, url }) => [token, url]));
}
