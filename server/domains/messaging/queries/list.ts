import { type RawBuilder, sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { endOf, furthest, readWindow } from "#platform/database/in-order.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import type { Channel, MessageStatus } from "../channels.ts";

export type MessageFilter = {
  leadId?: string;
  channel?: Channel;
  direction?: "inbound" | "outbound";
  /** Any of these. */
  status?: readonly MessageStatus[];
  /** Written at this instant or later. */
  since?: Date;
  /** Only replies that nobody has answered. */
  awaitsReply?: true;
  /** Only messages of these leads. */
  leadIds?: readonly string[];
};

const columns = [
  "messages.id",
  "messages.leadId",
  "messages.direction",
  "messages.channel",
  "messages.status",
  "messages.purpose",
  "messages.from",
  "messages.to",
  "messages.subject",
  "messages.text",
  "messages.awaitsReply",
  "messages.segments",
  "messages.provider",
  "messages.providerRef",
  "messages.tries",
  "messages.failure",
  "messages.dueAt",
  "messages.createdAt",
  "messages.sentAt",
  "messages.deliveredAt",
  "messages.openedAt",
  "messages.clickedAt",
  "messages.scriptVersionId",
] as const;

/** Messages that one request looks at. */
const WINDOW = 4_000;

/**
 * Newest first; one more than `limit`, so that the page knows whether there are more. The indexes are in the order of the list within a status, a
 * channel, a lead, what came in and what awaits a reply; of two of them together that hardly any message meets a page may end before it is full.
 */
export async function listMessages(ctx: Context, filter: MessageFilter, limit: number, after?: Cursor, most = WINDOW) {
  const { channel, direction, status = [] } = filter;
  const readings = readingsOf(ctx, filter, after);
  const reading = readings[await furthest(ctx, readings, "desc")];
  if (!reading) throw new Error("A page has at least one reading.");
  const asked = [
    ...(channel ? [sql`s.channel = ${channel}`] : []),
    ...(direction ? [sql`s.direction = ${direction}`] : []),
    ...(status.length > 0 ? [sql`s.status = any(${[...status]}::text[])`] : []),
  ];
  const fits = asked.length > 0 ? sql.join(asked, sql` and `) : sql`true`;
  const found = await readWindow(ctx, { ...reading, fits }, { order: "desc", limit, most });
  const rows = await ctx.db
    .selectFrom("messages")
    .leftJoin("leads", "leads.id", "messages.leadId")
    .select([...columns, "leads.firstName", "leads.lastName"])
    .where("messages.id", "=", sql<string>`any(${found.keys.map(({ id }) => id)}::text[])`)
    .orderBy("messages.createdAt", "desc")
    .orderBy("messages.id", "desc")
    .execute();
  return { rows, stoppedAt: endOf(found, rows.length, limit), looked: found.looked };
}

/** The lists that the messages of a filter can be read from. */
function readingsOf(
  ctx: Context,
  filter: MessageFilter,
  after: Cursor | undefined,
): { branches: RawBuilder<unknown>[] }[] {
  const { leadId, leadIds, channel, direction, status = [], since, awaitsReply } = filter;
  const own = [
    sql`m.workspace_id = ${ctx.workspace}`,
    ...(leadId ? [sql`m.lead_id = ${leadId}`] : []),
    ...(leadIds ? [sql`m.lead_id = any(${[...leadIds]}::text[])`] : []),
    // Literal, so that every plan knows the partial index.
    ...(awaitsReply ? [sql`m.awaits_reply`] : []),
    ...(since ? [sql`m.created_at >= ${since}`] : []),
    ...(after ? [sql`(m.created_at, m.id) < (${new Date(after[0] ?? 0)}::timestamptz, ${after[1]})`] : []),
  ];
  const branch = (...conditions: RawBuilder<unknown>[]) =>
    sql`select m.id, m.created_at as key, m.channel, m.direction, m.status from messages m where ${sql.join([...own, ...conditions], sql` and `)}`;
  if (leadId || leadIds || awaitsReply) return [{ branches: [branch()] }];
  const narrow = [
    ...(status.length > 0 ? [{ branches: [...new Set(status)].map((one) => branch(sql`m.status = ${one}`)) }] : []),
    ...(channel ? [{ branches: [branch(sql`m.channel = ${channel}`)] }] : []),
    ...(direction === "inbound" ? [{ branches: [branch(sql`m.direction = 'inbound'`)] }] : []),
  ];
  return narrow.length > 0 ? narrow : [{ branches: [branch()] }];
}

/** What a vendor took between two instants, whoever wanted it sent, the earliest first; one more than `limit` when there are more. */
export async function listSent(
  ctx: Context,
  { from, before }: { from: Date; before: Date },
  limit: number,
  after?: Cursor,
) {
  let query = ctx.db
    .selectFrom("messages")
    .leftJoin("leads", "leads.id", "messages.leadId")
    .select([...columns, "leads.firstName", "leads.lastName"])
    .where("messages.workspaceId", "=", ctx.workspace)
    .where("messages.sentAt", ">=", from)
    .where("messages.sentAt", "<", before)
    .orderBy("messages.sentAt")
    .orderBy("messages.id")
    .limit(limit + 1);
  if (after) {
    const [at, id] = after;
    const bound = new Date(Number(at));
    query = query.where(sql<boolean>`(messages.sent_at, messages.id) > (${bound}, ${id})`);
  }
  return query.execute();
}

export async function findMessage(ctx: Context, id: string) {
  return ctx.db
    .selectFrom("messages")
    .leftJoin("leads", "leads.id", "messages.leadId")
    .leftJoin("contactAttempts as a", "a.id", "messages.contactAttemptId")
    .select([
      ...columns,
      "leads.firstName",
      "leads.lastName",
      "messages.html",
      "messages.headers",
      "messages.call",
      "messages.campaignId",
      "messages.scriptId",
      "a.id as attemptId",
      "a.status as attemptStatus",
      "a.verdict",
      "a.tries as attemptTries",
      "a.result",
      "a.duration",
      "a.costMicros",
      "a.transcript",
      "a.recordingUrl",
    ])
    .where("messages.workspaceId", "=", ctx.workspace)
    .where("messages.id", "=", id)
    .executeTakeFirst();
}

export type DeliveryRow = Awaited<ReturnType<typeof listDeliveries>>[number];

const deliveryColumns = [
  "id",
  "channel",
  "direction",
  "messageId",
  "from",
  "to",
  "subject",
  "text",
  "html",
  "headers",
  "outcome",
  "at",
] as const;

/** What the sandbox was given and what was answered, newest first. */
export async function listDeliveries(ctx: Context, channel: Channel | undefined, limit: number, after?: Cursor) {
  let query = ctx.db
    .selectFrom("sandboxDeliveries")
    .select(deliveryColumns)
    .where("workspaceId", "=", ctx.workspace)
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .limit(limit + 1);
  if (channel) query = query.where("channel", "=", channel);
  if (after) {
    const [at, id] = after;
    const bound = new Date(Number(at));
    query = query.where(sql<boolean>`(at, id) < (${bound}, ${id})`);
  }
  return query.execute();
}

/** Whom these messages were to, by the messages' ids; those of nobody are left out. */
export async function namesOfMessages(ctx: Context, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.db
    .selectFrom("messages")
    .innerJoin("leads", "leads.id", "messages.leadId")
    .select(["messages.id", "leads.firstName", "leads.lastName"])
    .where("messages.workspaceId", "=", ctx.workspace)
    .where("messages.id", "=", sql<string>`any(${[...ids]}::text[])`)
    .execute();
  return new Map(rows.map(({ id, firstName, lastName }) => [id, [firstName, lastName].filter(Boolean).join(" ")]));
}

export async function findDelivery(ctx: Context, id: string): Promise<DeliveryRow | undefined> {
  return ctx.db
    .selectFrom("sandboxDeliveries")
    .select(deliveryColumns)
    .where("workspaceId", "=", ctx.workspace)
    .where("id", "=", id)
    .executeTakeFirst();
}
