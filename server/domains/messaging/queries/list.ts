import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
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

type Plain = Omit<MessageFilter, "status"> & { status?: MessageStatus };

/** Newest first; one more than `limit`, so that the page knows whether there are more. */
export async function listMessages(
  ctx: Context,
  { status = [], ...filter }: MessageFilter,
  limit: number,
  after?: Cursor,
) {
  const [first, ...others] = [...new Set(status)].map((one) => pageOf(ctx, { ...filter, status: one }, limit, after));
  if (!first) return pageOf(ctx, filter, limit, after).execute();
  if (others.length === 0) return first.execute();
  // The index is in the order of the list within a status: each is read by itself.
  const { rows } = await sql<Awaited<ReturnType<typeof first.execute>>[number]>`
    select * from (${sql.join([first, ...others], sql` union all `)}) as found
    order by created_at desc, id desc limit ${limit + 1}`.execute(ctx.db);
  return rows;
}

function pageOf(ctx: Context, filter: Plain, limit: number, after?: Cursor) {
  let query = ctx.db
    .selectFrom("messages")
    .leftJoin("leads", "leads.id", "messages.leadId")
    .select([...columns, "leads.firstName", "leads.lastName"])
    .where("messages.workspaceId", "=", ctx.workspace)
    .orderBy("messages.createdAt", "desc")
    .orderBy("messages.id", "desc")
    .limit(limit + 1);
  if (filter.leadId) query = query.where("messages.leadId", "=", filter.leadId);
  if (filter.leadIds) query = query.where("messages.leadId", "=", sql<string>`any(${[...filter.leadIds]}::text[])`);
  if (filter.channel) query = query.where("messages.channel", "=", filter.channel);
  if (filter.direction) query = query.where("messages.direction", "=", filter.direction);
  if (filter.status) query = query.where("messages.status", "=", filter.status);
  if (filter.since) query = query.where("messages.createdAt", ">=", filter.since);
  // Literal, so that every plan knows the partial index.
  if (filter.awaitsReply) query = query.where(sql<boolean>`messages.awaits_reply`);
  if (after) {
    const [at, id] = after;
    const bound = new Date(Number(at));
    query = query.where(sql<boolean>`(messages.created_at, messages.id) < (${bound}, ${id})`);
  }
  return query;
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
