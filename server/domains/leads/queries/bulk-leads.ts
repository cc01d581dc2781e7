import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { newId } from "#platform/ids.ts";
import type { LeadChange } from "../bulk/change.ts";
import type { BulkLead } from "../bulk/decide.ts";
import { fold } from "../search-text.ts";
import type { IdentityKind } from "../sets.ts";
import type { LeadStatus } from "../status.ts";
import type { SuppressionScope } from "../rules.ts";
import { addressKey } from "../upsert/known.ts";
import { type Address, erasedKeysOf } from "./erased-addresses.ts";
import { findLeads } from "./leads.ts";
import { blankSubmissionsOf } from "./submission-privacy.ts";
import { findActiveSuppressions } from "./suppressions.ts";
import { ensureTags } from "./upsert-write.ts";

/** Leads as a bulk action looks at them; `scope`: an address counts as closed where nothing goes out to it on this channel any more. */
export async function loadBulkLeads(
  ctx: Context,
  ids: readonly string[],
  scope: SuppressionScope | null,
): Promise<Map<string, BulkLead>> {
  const leads = await findLeads(ctx, ids);
  const addresses = scope === null ? new Map<string, BulkLead["addresses"]>() : await loadAddresses(ctx, ids, scope);
  return new Map(
    leads.map(({ id, status, erasedAt, custom, tags }) => [
      id,
      { id, status, erasedAt, custom, tags, addresses: addresses.get(id) ?? [] },
    ]),
  );
}

async function loadAddresses(ctx: Context, ids: readonly string[], scope: SuppressionScope) {
  const rows = await ctx.db
    .selectFrom("leadIdentities")
    .select(["leadId", "kind", "value"])
    .where("leadId", "=", sql<string>`any(${[...ids]}::text[])`)
    .execute();
  const active = await findActiveSuppressions(ctx, rows);
  const closed = new Set(
    active.flatMap((one) => (one.scope === "ALL" || one.scope === scope ? [addressKey(one)] : [])),
  );
  const found = new Map<string, { kind: IdentityKind; value: string; isClosed: boolean }[]>();
  for (const { leadId, kind, value } of rows)
    found.set(leadId, [
      ...(found.get(leadId) ?? []),
      { kind, value, isClosed: closed.has(addressKey({ kind, value })) },
    ]);
  return found;
}

/** Gives each lead its own status. */
export async function setStatuses(tx: Context, rows: readonly { id: string; status: LeadStatus }[]): Promise<void> {
  await sql`
    update leads l set status = r.status, updated_at = greatest(${tx.now()}::timestamptz, l.updated_at + interval '1 millisecond')
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id text, status text) where l.id = r.id`.execute(
    tx.db,
  );
}

/** Gives each lead its own value of one field; null takes it away. */
export async function setFieldValues(
  tx: Context,
  rows: readonly { id: string; key: string; value: NonNullable<LeadChange["field"]>["value"] }[],
): Promise<void> {
  await sql`
    update leads l set updated_at = greatest(${tx.now()}::timestamptz, l.updated_at + interval '1 millisecond'), meta = case
      when r.value is null or r.value = 'null' then l.meta #- array['custom', r.key]
      else l.meta || jsonb_build_object('custom', coalesce(l.meta -> 'custom', '{}') || jsonb_build_object(r.key, r.value)) end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id text, key text, value jsonb) where l.id = r.id`.execute(
    tx.db,
  );
}

/** Puts each lead's own tags on it, and takes others off; tags that are not there are made. */
export async function setTags(
  tx: Context,
  rows: readonly { id: string; add: readonly string[]; remove: readonly string[] }[],
): Promise<void> {
  const ids = await ensureTags(tx, [...new Set(rows.flatMap(({ add }) => add))]);
  const added = rows.flatMap(({ id, add }) =>
    add.flatMap((name) => {
      const tagId = ids.get(fold(name));
      return tagId ? [{ lead_id: id, tag_id: tagId }] : [];
    }),
  );
  const removed = rows.flatMap(({ id, remove }) => remove.map((name) => ({ lead_id: id, name_key: fold(name) })));
  if (added.length > 0)
    await sql`
      insert into lead_tags (workspace_id, lead_id, tag_id, lead_created_at, created_at)
      select ${tx.workspace}, l.id, r.tag_id, l.created_at, ${tx.now()}
      from jsonb_to_recordset(${JSON.stringify(added)}::jsonb) as r(lead_id text, tag_id text) join leads l on l.id = r.lead_id
      on conflict (lead_id, tag_id) do nothing`.execute(tx.db);
  if (removed.length > 0)
    await sql`
      delete from lead_tags lt using tags t, jsonb_to_recordset(${JSON.stringify(removed)}::jsonb) as r(lead_id text, name_key text)
      where t.workspace_id = ${tx.workspace} and t.name_key = r.name_key and lt.tag_id = t.id and lt.lead_id = r.lead_id`.execute(
      tx.db,
    );
}

/** Leads by id with all that goes with them, the merges that they came of, and the words of their submissions. Returns those that were there. */
export async function deleteLeadRows(tx: Context, ids: readonly string[]): Promise<string[]> {
  await blankSubmissionsOf(tx, ids);
  await sql`
    delete from lead_merges where workspace_id = ${tx.workspace} and survivor_id = any(${[...ids]}::text[])`.execute(
    tx.db,
  );
  const { rows } = await sql<{ id: string }>`
    delete from leads where workspace_id = ${tx.workspace} and id = any(${[...ids]}::text[]) returning id`.execute(
    tx.db,
  );
  return rows.map(({ id }) => id);
}

/** Closes many addresses for one reason at once; those that were closed for it before are left out of the answer. */
export async function insertSuppressions(
  tx: Context,
  addresses: readonly Address[],
  { scope, evidence }: { scope: SuppressionScope; evidence: string | null },
): Promise<(Address & { id: string })[]> {
  if (addresses.length === 0) return [];
  const keys = await erasedKeysOf(tx, addresses);
  const rows = [...new Map(addresses.map((address) => [addressKey(address), address])).values()].map((address) => {
    const key = keys.get(addressKey(address));
    return {
      id: newId("sup"),
      kind: address.kind,
      value: key ?? address.value,
      evidence: key === undefined ? evidence : null,
    };
  });
  const { rows: closed } = await sql<Address & { id: string }>`
    insert into suppressions (id, workspace_id, kind, value, reason, scope, evidence, actor_kind, actor_id, created_at)
    select r.id, ${tx.workspace}, r.kind, r.value, 'MANUAL', ${scope}, r.evidence, ${tx.actor.kind}, ${tx.actor.id}, ${tx.now()}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id text, kind text, value text, evidence text)
    order by r.kind, r.value
    on conflict do nothing returning id, kind, value`.execute(tx.db);
  return closed;
}
