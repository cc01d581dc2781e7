import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { sha256 } from "#platform/ids.ts";
import type { KnownAddress, KnownLead, WantedKeys } from "../upsert/known.ts";
import { addressKey, sourceKey } from "../upsert/known.ts";
import type { KnownRowKeys } from "../upsert/plan.ts";

/** Up to this many addresses are locked one by one; a larger batch locks the workspace's addresses as a whole. */
const LOCKED_SINGLY = 64;

const lockNumber = (text: string) => BigInt.asIntN(64, BigInt(`0x${sha256(text).slice(0, 16)}`)).toString();

/**
 * Until the transaction ends, nobody else finds or makes a lead by these addresses. The unique keys of the database hold e-mail,
 * LinkedIn and external ids even without it; phones have none, as they may be shared, and forty concurrent rows of one new phone
 * must make one lead.
 *
 * PostgreSQL's lock table is small (6,400 entries by default for all connections), so a batch takes at most 65: a few addresses
 * are locked each and the workspace is shared; many addresses take the workspace alone. Locks are taken in the order of their
 * numbers, so that two batches cannot wait for each other.
 */
export async function lockAddresses(tx: Context, { addresses, externals, rows }: WantedKeys): Promise<void> {
  const texts = [
    ...addresses.map(addressKey),
    ...externals.map(({ source, externalId }) => sourceKey(source, externalId)),
    ...rows.map(({ source, key }) => sourceKey(source, key)),
  ];
  if (texts.length === 0) return;
  const whole = lockNumber(`leads ${tx.workspace}`);
  if (texts.length > LOCKED_SINGLY) {
    await sql`select pg_advisory_xact_lock(${whole}::bigint)`.execute(tx.db);
    return;
  }
  const singles = [...new Set(texts.map((text) => lockNumber(`leads ${tx.workspace} ${text}`)))];
  singles.sort((one, other) => (BigInt(one) < BigInt(other) ? -1 : 1));
  await sql`select pg_advisory_xact_lock_shared(${whole}::bigint)`.execute(tx.db);
  await sql`select pg_advisory_xact_lock(number) from unnest(${singles}::bigint[]) as locks(number)`.execute(tx.db);
}

type LoadedLead = Omit<KnownLead, "addresses" | "tags"> & { addresses: KnownAddress[] | null; tags: string[] | null };

/**
 * Every lead that one of the keys tells; of the leads that share a phone, the two oldest. With `lock`, nobody
 * else changes them until the transaction ends; rows are locked in the order of their ids.
 */
export async function loadKnownLeads(ctx: Context, wanted: WantedKeys, lock: "lock" | "look"): Promise<KnownLead[]> {
  const hits = sql`hits as (
      select l.id from ${unnestPairs(wanted.externals.map(({ source, externalId }) => [source, externalId]))} w(source, value)
      join leads l on l.workspace_id = ${ctx.workspace} and l.source = w.source and l.external_id = w.value
      union
      select k.lead_id from ${unnestPairs(wanted.rows.map(({ source, key }) => [source, key]))} w(source, value)
      join lead_row_keys k on k.workspace_id = ${ctx.workspace} and k.source = w.source and k.key = w.value
      union
      select h.lead_id from ${unnestPairs(wanted.addresses.map(({ kind, value }) => [kind, value]))} w(kind, value)
      cross join lateral (
        select i.lead_id from lead_identities i
        where i.workspace_id = ${ctx.workspace} and i.kind = w.kind and i.value = w.value
        order by i.lead_id limit 2
      ) h
    )`;
  const lockHits = sql`order by l.id for no key update of l`;
  // A statement that has waited for a row sees that row anew, but its addresses and tags as they were before: they are read by another.
  if (lock === "lock")
    await sql`with ${hits} select l.id from leads l where l.id in (select id from hits) ${lockHits}`.execute(ctx.db);
  const { rows } = await sql<LoadedLead>`
    with ${hits} select ${KNOWN_COLUMNS} from leads l where l.id in (select id from hits)
    ${lock === "lock" ? lockHits : sql`order by l.id`}`.execute(ctx.db);
  return rows.map(toKnown);
}

/** The leads of these ids as upsert and update see them, locked until the transaction ends. */
export async function lockKnownLeads(tx: Context, ids: readonly string[]): Promise<KnownLead[]> {
  // In two statements: see `loadKnownLeads`.
  await sql`
    select l.id from leads l where l.id = any(${[...ids]}::text[]) order by l.id for no key update of l`.execute(tx.db);
  return loadLeads(tx, ids);
}

/** Holds a lead that is to be erased, so that nothing new is tied to it until it is: unlike those who change it, whoever does that waits, or leaves it out. */
export async function lockForGood(tx: Context, id: string): Promise<void> {
  await sql`select from leads where id = ${id} for update`.execute(tx.db);
}

/** The leads of these ids as upsert and update see them; nobody is kept from changing them. */
export async function loadLeads(ctx: Context, ids: readonly string[]): Promise<KnownLead[]> {
  const { rows } = await sql<LoadedLead>`
    select ${KNOWN_COLUMNS} from leads l where l.id = any(${[...ids]}::text[]) order by l.id`.execute(ctx.db);
  return rows.map(toKnown);
}

const KNOWN_COLUMNS = sql`
  l.id, l.external_id, l.source, l.source_label, l.first_name, l.last_name, l.full_name, l.company, l.job_title, l.website,
  l.notes, l.region, l.country, l.status, l.time_zone, l.time_zone_source, l.meta, l.created_at,
  (select json_agg(json_build_object('kind', i.kind, 'value', i.value, 'isPrimary', i.is_primary) order by i.created_at, i.id)
   from lead_identities i where i.lead_id = l.id) as addresses,
  (select json_agg(t.name order by t.name_key) from lead_tags lt join tags t on t.id = lt.tag_id where lt.lead_id = l.id) as tags`;

const toKnown = (row: LoadedLead): KnownLead => ({ ...row, addresses: row.addresses ?? [], tags: row.tags ?? [] });

const unnestPairs = (pairs: readonly (readonly [string, string])[]) =>
  sql`unnest(${pairs.map(([first]) => first)}::text[], ${pairs.map(([, second]) => second)}::text[])`;

/** Everything but addresses by which rows of intake are taken for one of these leads. */
export async function listRowKeysOf(ctx: Context, leadIds: readonly string[]): Promise<WantedKeys["rows"]> {
  const { rows } = await sql<WantedKeys["rows"][number]>`
    select source, key from lead_row_keys where workspace_id = ${ctx.workspace} and lead_id = any(${[...leadIds]}::text[])`.execute(
    ctx.db,
  );
  return rows;
}

/** Which leads the rows that have nothing unique in them belong to, as far as they came before. */
export async function loadRowKeys(ctx: Context, wanted: WantedKeys["rows"]): Promise<KnownRowKeys> {
  if (wanted.length === 0) return new Map();
  const { rows } = await sql<{ source: WantedKeys["rows"][number]["source"]; key: string; leadId: string }>`
    select k.source, k.key, k.lead_id from ${unnestPairs(wanted.map(({ source, key }) => [source, key]))} w(source, value)
    join lead_row_keys k on k.workspace_id = ${ctx.workspace} and k.source = w.source and k.key = w.value`.execute(
    ctx.db,
  );
  return new Map(rows.map(({ source, key, leadId }) => [sourceKey(source, key), leadId]));
}
