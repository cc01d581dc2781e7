import { type RawBuilder, sql } from "kysely";
import type { Context } from "#platform/context.ts";

// A contact is a touch that was handed over, or words of the lead's own. What was prepared and then cancelled was none: its attempt has no time. What
// somebody got while their lead was one with another was one of theirs (shared_touches).

/** When each lead was last in contact, and when they last wrote. Who never was is missing, or has no time. */
export type LastContacts = Map<string, { contactAt: Date | null; replyAt: Date | null }>;

/** For a batch of leads, in one statement. */
export async function listLastContacts(ctx: Context, leadIds: readonly string[]): Promise<LastContacts> {
  if (leadIds.length === 0) return new Map();
  const { rows } = await sql<{ leadId: string; contactAt: Date | null; replyAt: Date | null }>`
    select w.id as lead_id, greatest(touched.at, wrote.at) as contact_at, wrote.at as reply_at
    from unnest(${[...leadIds]}::text[]) w(id)
    left join lateral (select greatest(
        (select max(a.handed_at) from contact_attempts a where a.lead_id = w.id and a.is_touch),
        (select max(a.handed_at) from shared_touches s join contact_attempts a on a.id = s.attempt_id where s.lead_id = w.id and a.is_touch)
      ) as at) touched on true
    left join lateral (
      select m.created_at as at from messages m
      where m.workspace_id = ${ctx.workspace} and m.lead_id = w.id and m.direction = 'inbound'
      order by m.created_at desc limit 1
    ) wrote on true`.execute(ctx.db);
  return new Map(rows.map(({ leadId, ...contact }) => [leadId, contact]));
}

/** SQL: was this lead (an expression that is a lead's id) in contact after the instant? */
export const wasInContactAfter = (
  ctx: Context,
  leadId: RawBuilder<unknown>,
  at: Date,
): RawBuilder<boolean> => sql<boolean>`(
  exists (select from contact_attempts a where a.lead_id = ${leadId} and a.handed_at > ${at} and a.is_touch)
  or exists (select from shared_touches s join contact_attempts a on a.id = s.attempt_id
    where s.lead_id = ${leadId} and a.handed_at > ${at} and a.is_touch)
  or exists (select from messages m
    where m.workspace_id = ${ctx.workspace} and m.lead_id = ${leadId} and m.created_at > ${at} and m.direction = 'inbound'))`;

/** SQL: leads with a contact in the span (from, to], each as often as there was one; the column is `lead_id`. */
export const leadsInContact = (ctx: Context, from: Date, to: Date): RawBuilder<unknown> => sql`
  select a.lead_id from contact_attempts a
  where a.workspace_id = ${ctx.workspace} and a.handed_at > ${from} and a.handed_at <= ${to} and a.is_touch
  union all
  select s.lead_id from shared_touches s join contact_attempts a on a.id = s.attempt_id
  where s.workspace_id = ${ctx.workspace} and a.handed_at > ${from} and a.handed_at <= ${to} and a.is_touch
  union all
  select m.lead_id from messages m
  where m.workspace_id = ${ctx.workspace} and m.created_at > ${from} and m.created_at <= ${to} and m.direction = 'inbound'
    and m.lead_id is not null`;

/** The first contact of anybody after the instant; null when there was none. */
export async function firstContactAfter(ctx: Context, at: Date): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select least(
      (select min(a.handed_at) from contact_attempts a where a.workspace_id = ${ctx.workspace} and a.handed_at > ${at} and a.is_touch),
      (select min(m.created_at) from messages m
        where m.workspace_id = ${ctx.workspace} and m.created_at > ${at} and m.direction = 'inbound')) as at`.execute(
    ctx.db,
  );
  return rows[0]?.at ?? null;
}

/** Which of these messages were opened, and of which a link was followed; whoever follows a link has opened it. */
export async function listEngagement(
  ctx: Context,
  messageIds: readonly string[],
): Promise<Map<string, { opened: boolean; clicked: boolean }>> {
  if (messageIds.length === 0) return new Map();
  const { rows } = await sql<{ messageId: string; clicked: boolean }>`
    select subject_id as message_id, bool_or(type = 'messaging.message-clicked' or payload ->> 'url' is not null) as clicked
    from events
    where workspace_id = ${ctx.workspace} and subject_id = any(${[...messageIds]}::text[])
      and type in ('messaging.message-opened', 'messaging.message-clicked')
    group by subject_id`.execute(ctx.db);
  return new Map(rows.map(({ messageId, clicked }) => [messageId, { opened: true, clicked }]));
}
