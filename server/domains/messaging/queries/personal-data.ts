import { sql, type RawBuilder } from "kysely";
import type { Context } from "#platform/context.ts";
import { type PersonSought, writingsOf } from "#domains/leads/index.ts";

export type Held = { ids: string[]; refs: string[] };

const list = (values: readonly string[]) => sql`any(${[...values]}::text[])`;

/** Messages under the alias `r`: the leads', and nobody's with an address of the person. */
function messagesOf({ leadIds, addresses }: PersonSought): RawBuilder<unknown> {
  const values = addresses.map(({ value }) => value);
  return sql`(r.lead_id = ${list(leadIds)} or (r.lead_id is null and (r."to" = ${list(values)} or r."from" = ${list(values)})))`;
}

/** Keeps the person's messages from being changed, in the order of their ids as those who record outcomes take them. */
export async function lockPersonMessages(tx: Context, person: PersonSought): Promise<Held> {
  const { rows } = await sql<{ id: string; providerRef: string | null }>`
    select r.id, r.provider_ref from messages r where r.workspace_id = ${tx.workspace} and ${messagesOf(person)}
    order by r.id for update`.execute(tx.db);
  return { ids: rows.map(({ id }) => id), refs: rows.flatMap(({ providerRef }) => providerRef ?? []) };
}

/** Stored webhooks under the alias `r` that speak of these messages or hold an address of the person. */
function eventsOf({ addresses }: PersonSought, { ids, refs }: Held): RawBuilder<unknown> {
  const { texts } = writingsOf(addresses);
  const numbers = addresses.flatMap(({ kind, value }) => (kind === "PHONE" ? value.replace(/\D/g, "") : []));
  const needles = [...texts, ...texts.map((text) => encodeURIComponent(text).toLowerCase()), ...numbers];
  return sql`(r.fact->>'messageId' = ${list(ids)} or r.fact->>'providerRef' = ${list(refs)} or r.fact->>'vendorMessageId' = ${list(refs)}
    or exists (select from unnest(${needles}::text[]) n where position(n in lower(r.fact::text)) > 0))`;
}

function deliveriesOf({ addresses }: PersonSought, { ids }: Held): RawBuilder<unknown> {
  const values = addresses.map(({ value }) => value);
  return sql`(r.message_id = ${list(ids)} or lower(r."to") = ${list(values)} or lower(r."from") = ${list(values)})`;
}

export async function exportMessaging(ctx: Context, person: PersonSought): Promise<Record<string, unknown[]>> {
  const rowsOf = async (table: string, where: RawBuilder<unknown>, key = "id") => {
    const { rows } = await sql<{ row: unknown }>`
      select to_jsonb(r) as row from ${sql.table(table)} r where r.workspace_id = ${ctx.workspace} and ${where} order by r.${sql.ref(key)}`.execute(
      ctx.db,
    );
    return rows.map(({ row }) => row);
  };
  const held = await lockPersonMessages(ctx, person);
  return {
    messages: await rowsOf("messages", messagesOf(person)),
    contact_attempts: await rowsOf("contact_attempts", sql`r.lead_id = ${list(person.leadIds)}`),
    lead_senders: await threadsOf(ctx, person),
    shared_touches: await rowsOf("shared_touches", sql`r.lead_id = ${list(person.leadIds)}`, "attempt_id"),
    inbound_events: await rowsOf("inbound_events", eventsOf(person, held)),
    sandbox_deliveries: await rowsOf("sandbox_deliveries", deliveriesOf(person, held)),
    engagements: await rowsOf("engagements", sql`r.message_id = ${list(held.ids)}`),
    tracked_links: await rowsOf("tracked_links", sql`r.message_id = ${list(held.ids)}`, "token"),
  };
}

async function threadsOf(ctx: Context, { leadIds }: PersonSought): Promise<unknown[]> {
  const { rows } = await sql<{ row: unknown }>`
    select to_jsonb(r) as row from lead_senders r where r.workspace_id = ${ctx.workspace} and r.lead_id = ${list(leadIds)}
    order by r.lead_id, r.channel`.execute(ctx.db);
  return rows.map(({ row }) => row);
}

/** A verdict with what was asked and how it was answered, without the details, which hold addresses. */
export const BLANK_VERDICT = sql`case when verdict ? 'checks' then jsonb_build_object(
  'result', case when verdict->'result' ? 'reason' then (verdict->'result') || '{"reason": ""}' else verdict->'result' end,
  'checks', (select coalesce(jsonb_agg(c || '{"detail": ""}' order by place), '[]')
    from jsonb_array_elements(verdict->'checks') with ordinality as checks(c, place))) else '{}' end`;

const ERASED = "this person's data was erased";

/** Blanks what the rows say; counts, times, costs, statuses and vendors' references stay. What is queued is never sent. */
export async function blankMessaging(tx: Context, person: PersonSought, held: Held): Promise<Record<string, number>> {
  const run = async (statement: RawBuilder<unknown>) => Number((await statement.execute(tx.db)).numAffectedRows ?? 0);
  await sql`
    with cancelled as (
      update messages set status = 'cancelled', due_at = null where id = ${list(held.ids)} and status = 'queued'
      returning contact_attempt_id
    )
    update contact_attempts a set status = 'FAILED', handed_at = null, completed_at = ${tx.now()}
    from cancelled c where a.id = c.contact_attempt_id`.execute(tx.db);
  return {
    messages: await run(sql`
      update messages set "to" = case direction when 'outbound' then '' else "to" end,
        "from" = case direction when 'inbound' then '' else "from" end, subject = null, text = '', html = null, headers = '{}', call = '{}',
        failure = case status when 'cancelled' then ${ERASED} end, in_reply_to = null, thread_key = null, awaits_reply = false,
        provider_ref = case direction when 'outbound' then provider_ref end,
        override = case when override is not null then override || '{"reason": ""}' end
      where id = ${list(held.ids)}`),
    contact_attempts: await run(sql`
      update contact_attempts set result = null, notes = null, transcript = null, recording_url = null, verdict = ${BLANK_VERDICT},
        tries = (select coalesce(jsonb_agg(t || '{"detail": ""}' order by place), '[]')
          from jsonb_array_elements(tries) with ordinality as told(t, place))
      where workspace_id = ${tx.workspace} and lead_id = ${list(person.leadIds)}`),
    lead_senders: await run(sql`
      delete from lead_senders where workspace_id = ${tx.workspace} and lead_id = ${list(person.leadIds)}`),
    shared_touches: await run(sql`
      delete from shared_touches where workspace_id = ${tx.workspace} and lead_id = ${list(person.leadIds)}`),
    inbound_events: await run(sql`
      update inbound_events r set ${BLANK_EVENT}, external_id = r.id, status = case when r.status in ('received', 'unmatched') then 'processed' else r.status end
      where r.workspace_id = ${tx.workspace} and ${eventsOf(person, held)}`),
    sandbox_deliveries: await run(sql`
      update sandbox_deliveries r set ${BLANK_DELIVERY} where r.workspace_id = ${tx.workspace} and ${deliveriesOf(person, held)}`),
    engagements: await run(sql`
      update engagements set url = null, user_agent = null, judged_at = coalesce(judged_at, ${tx.now()})
      where workspace_id = ${tx.workspace} and message_id = ${list(held.ids)}`),
    // Whoever still has the text is led on, but without what an address may say of them.
    tracked_links: await run(sql`
      update tracked_links set url = regexp_replace(url, '[?#].*$', '')
      where workspace_id = ${tx.workspace} and message_id = ${list(held.ids)}`),
  };
}

const BLANK_EVENT = sql`fact = jsonb_build_object('kind', r.fact->'kind', 'erased', true), detail = null`;
const BLANK_DELIVERY = sql`"to" = case direction when 'outbound' then '' else "to" end,
  "from" = case direction when 'inbound' then '' else "from" end, subject = null, text = '', html = null, headers = '{}'`;

/** What a vendor told of a message after its person was erased. The key against repeats stays. */
export async function blankEvents(tx: Context, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    update inbound_events r set ${BLANK_EVENT} where r.workspace_id = ${tx.workspace} and r.id = ${list(ids)}`.execute(
    tx.db,
  );
}

/** The sandbox took these after their person was erased. */
export async function blankDeliveries(tx: Context, messageIds: readonly string[]): Promise<void> {
  if (messageIds.length === 0) return;
  await sql`
    update sandbox_deliveries set ${BLANK_DELIVERY}
    where workspace_id = ${tx.workspace} and message_id = ${list(messageIds)}`.execute(tx.db);
}

/** Every address at which the leads were written to or wrote from. */
export async function listAddressesUsed(
  ctx: Context,
  leadIds: readonly string[],
): Promise<{ kind: "EMAIL" | "PHONE"; value: string }[]> {
  const { rows } = await sql<{ kind: "EMAIL" | "PHONE"; value: string }>`
    select distinct case channel when 'EMAIL' then 'EMAIL' else 'PHONE' end as kind, case direction when 'inbound' then "from" else "to" end as value
    from messages where workspace_id = ${ctx.workspace} and lead_id = ${list(leadIds)}`.execute(ctx.db);
  return rows.filter(({ value }) => value !== "");
}
