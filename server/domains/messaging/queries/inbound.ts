import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { WebhookFact } from "#providers/webhook.ts";
import type { Channel } from "../channels.ts";
import { closeReplies } from "./replies.ts";

export type NewInbound = {
  id: string;
  leadId: string | null;
  channel: Channel;
  provider: string;
  from: string;
  to: string;
  subject: string | null;
  text: string;
  html: string | null;
  providerRef: string | null;
  inReplyTo: string | null;
  /** Words that a person of ours should answer. */
  awaitsReply: boolean;
  at: Date;
};

/** Messages in the order in which they came. The latest words of a lead stand for all that waits for an answer. */
export async function insertInbound(tx: Context, messages: readonly NewInbound[]): Promise<void> {
  if (messages.length === 0) return;
  const latest = new Map(
    messages.flatMap(({ id, leadId, awaitsReply }) => (awaitsReply && leadId !== null ? [[leadId, id] as const] : [])),
  );
  await closeReplies(tx, { leadIds: [...latest.keys()] });
  await tx.db
    .insertInto("messages")
    .values(
      messages.map(({ at, awaitsReply, ...columns }) => ({
        ...columns,
        workspaceId: tx.workspace,
        direction: "inbound" as const,
        status: "received" as const,
        purpose: "reply" as const,
        awaitsReply: awaitsReply && columns.leadId !== null && latest.get(columns.leadId) === columns.id,
        createdAt: at,
      })),
    )
    .execute();
}

/** Our Message-IDs are `<message id>@<domain>`. */
const ownMessageId = (messageId: string) => /^<?(msg_[0-9a-z]{26})@/.exec(messageId.trim())?.[1];

/** What an answer belongs to: whose thread it is, and the address that the answered message went to. */
export type Thread = { leadId: string; to: string };

/** The threads that answers belong to, by the Message-IDs that they name; those that are not ours are missing. */
export async function findThreads(ctx: Context, messageIds: readonly string[]): Promise<Map<string, Thread>> {
  const ours = new Map(
    messageIds.flatMap((messageId) => {
      const id = ownMessageId(messageId);
      return id === undefined ? [] : [[messageId, id] as const];
    }),
  );
  const threads = new Map<string, Thread>();
  if (ours.size === 0) return threads;
  const rows = await ctx.db
    .selectFrom("messages")
    .select(["id", "leadId", "to", "direction"])
    .where("workspaceId", "=", ctx.workspace)
    // The thread of a person who was erased is nobody's.
    .where("to", "<>", "")
    .where("id", "=", sql<string>`any(${[...new Set(ours.values())]})`)
    .execute();
  const sent = new Map(
    rows.flatMap(({ id, leadId, to, direction }) =>
      leadId !== null && direction === "outbound" ? [[id, { leadId, to }] as const] : [],
    ),
  );
  for (const [messageId, id] of ours) {
    const thread = sent.get(id);
    if (thread) threads.set(messageId, thread);
  }
  return threads;
}

/** Where an outbound message went. */
export async function findAddressee(
  ctx: Context,
  id: string,
): Promise<{ channel: Channel; to: string; leadId: string | null } | undefined> {
  return (
    ctx.db
      .selectFrom("messages")
      .select(["channel", "to", "leadId"])
      .where("id", "=", id)
      // An erased person's message has none; all their addresses are closed.
      .where("to", "<>", "")
      .where("direction", "=", "outbound")
      .executeTakeFirst()
  );
}

/** Of leads who share an address: the one we wrote to last over that channel. */
export async function findLastTouchedLead(
  ctx: Context,
  leadIds: readonly string[],
  channel: Channel,
): Promise<string | null> {
  const row = await ctx.db
    .selectFrom("contactAttempts")
    .select("leadId")
    .where("workspaceId", "=", ctx.workspace)
    .where("leadId", "=", sql<string>`any(${leadIds})`)
    .where("channel", "=", channel)
    .where("handedAt", "is not", null)
    .orderBy("handedAt", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.leadId ?? null;
}

export type StoredFact = { externalId: string; fact: WebhookFact };

/** JSON without what PostgreSQL cannot keep in text: a NUL or half a surrogate pair becomes U+FFFD, and the rest of the words stays. */
const storable = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "string" ? part.toWellFormed().replaceAll("\0", "\uFFFD") : part,
  );

/** Stores what a webhook said; what was stored before is left alone. Answers how many are new. */
export async function storeFacts(
  ctx: Context,
  provider: string,
  facts: readonly { id: string; externalId: string; fact: unknown }[],
): Promise<number> {
  if (facts.length === 0) return 0;
  const { numAffectedRows } = await sql`
    insert into inbound_events (id, workspace_id, provider, external_id, fact, received_at)
    select r.id, ${ctx.workspace}, ${provider}, r.external_id, r.fact, ${ctx.now()}
    from json_to_recordset(${storable(facts.map(({ id, externalId, fact }) => ({ id, external_id: externalId, fact })))}::json)
      as r(id text, external_id text, fact jsonb)
    on conflict (workspace_id, provider, external_id) do nothing`.execute(ctx.db);
  return Number(numAffectedRows ?? 0);
}

/** A verified request whose body could not be read: kept whole, with the reason, for a person. */
export async function storeUnreadable(
  ctx: Context,
  provider: string,
  id: string,
  externalId: string,
  body: string,
  reason: string,
): Promise<void> {
  await ctx.db
    .insertInto("inboundEvents")
    .values({
      id,
      workspaceId: ctx.workspace,
      provider,
      externalId,
      fact: storable({ unreadable: body }),
      status: "failed",
      detail: reason,
      receivedAt: ctx.now(),
      processedAt: ctx.now(),
    })
    .onConflict((conflict) => conflict.columns(["workspaceId", "provider", "externalId"]).doNothing())
    .execute();
}

export type PendingEvent = { id: string; provider: string; fact: unknown };

/** Whether this transaction is, until its end, the only one that processes what this workspace received. */
export async function holdInbound(tx: Context): Promise<boolean> {
  const { rows } = await sql<{ held: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${`messaging.process-inbound ${tx.workspace}`}, 0)) as held`.execute(
    tx.db,
  );
  return rows[0]?.held ?? false;
}

/** Whether anything is there to be processed; with `before`, since before that instant. */
export async function hasReceived(ctx: Context, before?: Date): Promise<boolean> {
  let query = ctx.db
    .selectFrom("inboundEvents")
    .select("id")
    .where("workspaceId", "=", ctx.workspace)
    .where("status", "=", "received")
    .limit(1);
  if (before) query = query.where("receivedAt", "<", before);
  return (await query.executeTakeFirst()) !== undefined;
}

export async function claimReceived(tx: Context, limit: number): Promise<PendingEvent[]> {
  return tx.db
    .selectFrom("inboundEvents")
    .select(["id", "provider", "fact"])
    .where("workspaceId", "=", tx.workspace)
    .where("status", "=", "received")
    .orderBy("receivedAt")
    .orderBy("id")
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
}

export async function markEvents(
  tx: Context,
  ids: readonly string[],
  status: "processed" | "unmatched" | "failed",
  detail: string | null = null,
): Promise<void> {
  if (ids.length === 0) return;
  await tx.db
    .updateTable("inboundEvents")
    .set({ status, detail, processedAt: tx.now() })
    .where("workspaceId", "=", tx.workspace)
    .where("id", "=", sql<string>`any(${ids})`)
    .execute();
}

/** Callbacks that came before their message was known, less than a day old, whose message is known now: read them again. */
export async function reviveUnmatched(tx: Context, since: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    update inbound_events e set status = 'received'
    where e.workspace_id = ${tx.workspace} and e.status = 'unmatched' and e.received_at >= ${since}
      and exists (select from messages m where m.workspace_id = e.workspace_id and m.provider = e.provider
        and m.provider_ref = e.fact->>'providerRef' and m.direction = 'outbound')`.execute(tx.db);
  return Number(numAffectedRows ?? 0);
}
