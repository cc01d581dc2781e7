import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import type { Channel, MessageStatus } from "../channels.ts";
import type { Purpose } from "./outbound.ts";
import type { BotReason } from "../tracking/bots.ts";

export type EngagementKind = "OPEN" | "CLICK";

/** An opening or a click as it was told. `source`: `tracking`, our own links and picture, or a vendor's name. */
export type NewEngagement = {
  id: string;
  messageId: string;
  kind: EngagementKind;
  at: Date;
  url: string | null;
  source: string;
  botReason: BotReason | null;
  userAgent: string | null;
};

/** No message is told of more often: a machine that follows a link all day fills no table. */
const MOST_PER_MESSAGE = 500;
/** Two who tell of one opening, our picture and a vendor's, do so within this time. */
const SAME_MS = 60_000;

/**
 * Notes openings and clicks of our own messages. Of what was deleted, or is an erased person's, nothing is noted; nor what another source
 * has told of the same moment. What was written before, by a batch that broke off, is passed over.
 */
export async function insertEngagements(ctx: Context, rows: readonly NewEngagement[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into engagements (id, workspace_id, message_id, kind, at, url, source, bot_reason, user_agent)
    select r.id, ${ctx.workspace}, m.id, r.kind, r.at, r.url, r.source, r."botReason", r."userAgent"
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as r(id text, "messageId" text, kind text, at timestamptz, url text, source text, "botReason" text, "userAgent" text)
    join messages m on m.id = r."messageId" and m.workspace_id = ${ctx.workspace} and m.direction = 'outbound' and m."to" <> ''
    where (select count(*) from engagements e where e.message_id = m.id) < ${MOST_PER_MESSAGE}
      and not exists (select from engagements e where e.message_id = m.id and e.kind = r.kind and e.source <> r.source
        and e.url is not distinct from r.url and e.at between r.at - ${`${SAME_MS} ms`}::interval and r.at + ${`${SAME_MS} ms`}::interval)
    on conflict (id) do nothing`.execute(ctx.db);
}

export type EngagementRow = Omit<NewEngagement, "id" | "messageId"> & { id: string; judgedAt: Date | null };

/** Openings and clicks of a message, latest first; one more than asked when there are more. */
export async function listEngagements(
  ctx: Context,
  messageId: string,
  page: { limit: number; after?: Cursor },
): Promise<EngagementRow[]> {
  let query = ctx.db
    .selectFrom("engagements")
    .select(["id", "kind", "at", "url", "source", "botReason", "userAgent", "judgedAt"])
    .where("messageId", "=", messageId)
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .limit(page.limit + 1);
  if (page.after)
    query = query.where(sql<boolean>`(at, id) < (${new Date(page.after[0] ?? 0)}::timestamptz, ${page.after[1]})`);
  return query.execute();
}

export type Unjudged = Pick<NewEngagement, "id" | "messageId" | "kind" | "at" | "url" | "botReason">;

/** What happened before `until` and nobody has looked at, locked, oldest first. */
export async function claimUnjudged(tx: Context, until: Date, limit: number): Promise<Unjudged[]> {
  return tx.db
    .selectFrom("engagements")
    .select(["id", "messageId", "kind", "at", "url", "botReason"])
    .where("workspaceId", "=", tx.workspace)
    .where("judgedAt", "is", null)
    .where("at", "<=", until)
    .orderBy("at")
    .orderBy("id")
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
}

/** A message that was opened or clicked, locked. `to` is empty for an erased person's. */
export type EngagedMessage = {
  id: string;
  leadId: string | null;
  channel: Channel;
  status: MessageStatus;
  purpose: Purpose;
  subject: string | null;
  text: string;
  to: string;
  executionId: string | null;
  handedAt: Date | null;
  openedAt: Date | null;
  clickedAt: Date | null;
};

export async function lockEngaged(tx: Context, ids: readonly string[]): Promise<Map<string, EngagedMessage>> {
  const rows = await tx.db
    .selectFrom("messages")
    .select([
      "id",
      "leadId",
      "channel",
      "status",
      "purpose",
      "subject",
      "text",
      "to",
      "executionId",
      "handedAt",
      "openedAt",
      "clickedAt",
    ])
    .where("id", "=", sql<string>`any(${ids})`)
    .orderBy("id")
    .forUpdate()
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** Every click of these messages, by message, with what was decided about it. */
export async function listClicks(
  tx: Context,
  messageIds: readonly string[],
): Promise<Map<string, { id: string; at: Date; url: string | null; isPersons: boolean }[]>> {
  const rows = await tx.db
    .selectFrom("engagements")
    .select(["id", "messageId", "at", "url", "botReason", "judgedAt"])
    .where("messageId", "=", sql<string>`any(${messageIds})`)
    .where("kind", "=", "CLICK")
    .execute();
  return Map.groupBy(
    rows.map(({ botReason, judgedAt, ...row }) => ({ ...row, isPersons: judgedAt !== null && botReason === null })),
    ({ messageId }) => messageId,
  );
}

export async function markJudged(
  tx: Context,
  rows: readonly { id: string; botReason: BotReason | null }[],
): Promise<void> {
  await sql`
    update engagements e set judged_at = ${tx.now()}, bot_reason = r."botReason"
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(id text, "botReason" text) where e.id = r.id`.execute(
    tx.db,
  );
}

/** First opened and first clicked by a person; undefined leaves a column as it is. */
export async function markEngaged(
  tx: Context,
  rows: readonly { id: string; openedAt: Date | null; clickedAt: Date | null }[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    update messages m set opened_at = r."openedAt", clicked_at = r."clickedAt"
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(id text, "openedAt" timestamptz, "clickedAt" timestamptz)
    where m.id = r.id`.execute(tx.db);
}
