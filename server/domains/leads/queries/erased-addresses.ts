import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { IdentityKind } from "../rules.ts";
import { addressKey } from "../upsert/known.ts";

/** In its normal form. */
export type Address = { kind: IdentityKind; value: string };

/** No address has a colon in its seventh place: the two can stand in one column. */
const PREFIX = "erased:";

/** What a suppression stands under once the person of the address was erased: found by whoever has the address, of no use to others. */
export const suppressionKey = (ctx: Context, { kind, value }: Address): string =>
  PREFIX + ctx.keyedHash("suppression", `${kind} ${value}`);

/** Those of the addresses that an erased person had, by `kind value`, with the keys that their suppressions stand under. */
export async function erasedKeysOf(ctx: Context, addresses: readonly Address[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  if (addresses.length === 0 || !(await isAnyErased(ctx))) return found;
  const asked = new Map(addresses.map((address) => [suppressionKey(ctx, address), addressKey(address)]));
  const { rows } = await sql<{ value: string }>`
    select distinct value from suppressions
    where workspace_id = ${ctx.workspace} and value = any(${[...asked.keys()]}::text[])
      and kind = any(${[...new Set(addresses.map(({ kind }) => kind))]}::text[])`.execute(ctx.db);
  for (const { value } of rows) {
    const address = asked.get(value);
    if (address !== undefined) found.set(address, value);
  }
  return found;
}

/** What the certificate of an erasure knows a row of another system by. */
export const erasedRowKey = (ctx: Context, { source, key }: { source: string; key: string }): string =>
  ctx.keyedHash("row", `${source} ${key}`);

/** Something of a person's that is about to be written: their addresses, what other systems call them, and when we were given it. */
export type Given = { addresses: readonly Address[]; row?: { source: string; key: string }; givenAt: Date };

export type ErasedSince = {
  /** Places of what is about people who were erased. */
  people: Set<number>;
  /** By place, numbers of an erased person that somebody else gave as theirs too: a household's, a switchboard's. */
  numbers: Map<number, string[]>;
};

/**
 * Which of what was given is about people who were erased since. They are recognised as leads are: by what another system calls them, by an e-mail
 * address or LinkedIn page, by a number where they or the row had no e-mail address. Whoever shares the number of an erased person and has an
 * e-mail address of their own is another, who comes in without the number. One that somebody else has by now is no proof of anything. Ask when
 * the addresses are locked (`lockAddresses`): an erasure that was under way has ended then, or has not begun.
 */
export async function findErasedSince(tx: Context, given: readonly Given[]): Promise<ErasedSince> {
  const found: ErasedSince = { people: new Set(), numbers: new Map() };
  const oldest = given.reduce((least, { givenAt }) => Math.min(least, givenAt.getTime()), Infinity);
  if (given.length === 0 || !(await isAnyErased(tx, new Date(oldest)))) return found;
  const asked = given.flatMap(({ addresses, givenAt }, place) =>
    addresses.map(({ kind, value }) => ({
      place,
      kind,
      value,
      key: suppressionKey(tx, { kind, value }),
      given_at: givenAt,
    })),
  );
  const { rows } = await sql<Address & { place: number; isPerson: boolean }>`
    select distinct r.place, r.kind, r.value, r.kind <> 'PHONE' or exists (
        select from lead_erasures e where e.workspace_id = ${tx.workspace} and e.erased_at >= r.given_at
          and e.address_keys @> jsonb_build_array(jsonb_build_object('kind', r.kind, 'key', r.key)) and not e.address_keys @> '[{"kind": "EMAIL"}]') as is_person
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
      as r(place int, kind text, value text, key text, given_at timestamptz)
    join suppressions s on s.workspace_id = ${tx.workspace} and s.kind = r.kind and s.value = r.key
    where s.reason = 'ERASED' and s.created_at >= r.given_at
      and not (r.kind = 'PHONE' and exists (
        select from lead_identities i where i.workspace_id = ${tx.workspace} and i.kind = r.kind and i.value = r.value))`.execute(
    tx.db,
  );
  for (const { place, value, isPerson } of rows)
    if (isPerson || !given[place]?.addresses.some(({ kind }) => kind === "EMAIL")) found.people.add(place);
    else found.numbers.set(place, [...(found.numbers.get(place) ?? []), value]);
  for (const place of await findErasedRows(tx, given)) found.people.add(place);
  return found;
}

/** Those that another system calls as it called somebody who was erased since. */
async function findErasedRows(tx: Context, given: readonly Given[]): Promise<number[]> {
  const asked = given.flatMap(({ row, givenAt }, place) =>
    row ? [{ place, key: erasedRowKey(tx, row), given_at: givenAt }] : [],
  );
  if (asked.length === 0) return [];
  const { rows } = await sql<{ place: number }>`
    select distinct r.place from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as r(place int, key text, given_at timestamptz)
    join (select e.erased_at, k.key from lead_erasures e cross join jsonb_array_elements_text(e.row_keys) k(key)
      where e.workspace_id = ${tx.workspace} and e.erased_at >= (select min(a.given_at) from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as a(given_at timestamptz))) e
      on e.key = r.key and e.erased_at >= r.given_at`.execute(tx.db);
  return rows.map(({ place }) => place);
}

async function isAnyErased(ctx: Context, since = new Date(0)): Promise<boolean> {
  const { rows } = await sql<{ any: boolean }>`
    select exists (select from suppressions where workspace_id = ${ctx.workspace} and reason = 'ERASED' and created_at >= ${since}) as any`.execute(
    ctx.db,
  );
  return rows[0]?.any ?? false;
}

/**
 * Suppressions of these addresses keep a key instead of the address, and nothing of what people said; each address gets one for all channels, for
 * good. Whoever else has an address finds it by the key. Answers how many suppressions were there before, and the ids of all that are there now.
 */
export async function hideSuppressions(
  tx: Context,
  addresses: readonly Address[],
  newIds: readonly string[],
): Promise<{ count: number; ids: string[] }> {
  if (addresses.length === 0) return { count: 0, ids: [] };
  const rows = addresses.map((address, place) => ({ ...address, key: suppressionKey(tx, address), id: newIds[place] }));
  const given = sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(kind text, value text, key text, id text)`;
  const where = sql`s.workspace_id = ${tx.workspace} and s.kind = r.kind and s.value = r.value`;
  // One and the same cause may have been written under both, by somebody who was faster.
  await sql`
    delete from suppressions s using ${given} where ${where} and s.lifted_at is null and exists (
      select from suppressions h where h.workspace_id = s.workspace_id and h.kind = s.kind and h.value = r.key and h.scope = s.scope
        and h.reason = s.reason and h.lifted_at is null)`.execute(tx.db);
  const hidden = await sql<{ id: string }>`
    update suppressions s set value = r.key, evidence = null, lift_reason = null from ${given} where ${where} returning s.id`.execute(
    tx.db,
  );
  await sql`
    insert into suppressions (id, workspace_id, kind, value, reason, scope, actor_kind, actor_id, created_at)
    select r.id, ${tx.workspace}, r.kind, r.key, 'ERASED', 'ALL', ${tx.actor.kind}, ${tx.actor.id}, ${tx.now()} from ${given}
    on conflict (workspace_id, kind, value, scope, reason) where lifted_at is null do update set created_at = excluded.created_at`.execute(
    tx.db,
  );
  await sql`
    update lead_identities i set suppression_key = r.key from ${given}
    where i.workspace_id = ${tx.workspace} and i.kind = r.kind and i.value = r.value`.execute(tx.db);
  return { count: hidden.rows.length, ids: hidden.rows.map(({ id }) => id) };
}

/** An address that comes back: its suppressions are found by the key. For rows that were written back as they were. */
export async function markErased(tx: Context, leadIds: readonly string[]): Promise<void> {
  const { rows } = await sql<Address>`
    select distinct kind, value from lead_identities where lead_id = any(${[...leadIds]}::text[])`.execute(tx.db);
  const keys = await erasedKeysOf(tx, rows);
  for (const address of rows) {
    const key = keys.get(addressKey(address));
    if (key === undefined) continue;
    await tx.db
      .updateTable("leadIdentities")
      .set({ suppressionKey: key })
      .where("leadId", "in", [...leadIds])
      .where("kind", "=", address.kind)
      .where("value", "=", address.value)
      .execute();
  }
}
