import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { endOf, type Place, readWindow } from "#platform/database/in-order.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import { newId } from "#platform/ids.ts";
import { type Address, erasedKeysOf, suppressionKey } from "./erased-addresses.ts";
import { IDENTITY_KINDS, type IdentityKind, type SuppressionReason, type SuppressionScope } from "../rules.ts";
import { addressKey } from "../upsert/known.ts";

export type Suppression = {
  id: string;
  kind: IdentityKind;
  value: string;
  reason: SuppressionReason;
  scope: SuppressionScope;
};

export type SuppressionInput = Omit<Suppression, "id"> & { evidence: string | null };

/**
 * Their ids, in the order given; null: the address is suppressed for the same reason already, or by an earlier one of these. Of an erased person's
 * address only the keyed hash is written.
 */
export async function insertSuppressions(tx: Context, inputs: readonly SuppressionInput[]): Promise<(string | null)[]> {
  if (inputs.length === 0) return [];
  const keys = await erasedKeysOf(tx, inputs);
  const made = inputs.map((input) => {
    const key = keys.get(addressKey(input));
    return { id: newId("sup"), ...input, ...(key === undefined ? {} : { value: key, evidence: null }) };
  });
  const actor = { actorKind: tx.actor.kind, actorId: tx.actor.id };
  const rows = await tx.db
    .insertInto("suppressions")
    .values(made.map((one) => ({ ...one, ...actor, workspaceId: tx.workspace, createdAt: tx.now() })))
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .execute();
  const written = new Set(rows.map(({ id }) => id));
  return made.map(({ id }) => (written.has(id) ? id : null));
}

type Found = { id: string | null } & Omit<Suppression, "id"> & { anyErased: boolean };

/**
 * The ones in force for any of these addresses, with the address as it was asked for; in one statement, and a second where somebody of the
 * workspace was erased.
 */
export async function findActiveSuppressions(ctx: Context, addresses: readonly Address[]): Promise<Suppression[]> {
  if (addresses.length === 0) return [];
  const kinds = addresses.map(({ kind }) => kind);
  const values = addresses.map(({ value }) => value);
  const { rows } = await sql<Found>`
    select e.any_erased, f.* from (
      select exists (select from suppressions where workspace_id = ${ctx.workspace} and reason = 'ERASED') as any_erased) e
    left join (
      select s.id, s.kind, s.value, s.reason, s.scope
      from (select distinct * from unnest(${kinds}::text[], ${values}::text[]) w(kind, value)) w
      join suppressions s on s.workspace_id = ${ctx.workspace} and s.kind = w.kind and s.value = w.value and s.lifted_at is null
    ) f on true
    order by f.id`.execute(ctx.db);
  const plain = rows.flatMap(({ id, anyErased: _any, ...row }) => (id === null ? [] : [{ id, ...row }]));
  if (!rows[0]?.anyErased) return plain;
  const asked = new Map(addresses.map((address) => [suppressionKey(ctx, address), address.value]));
  const { rows: hashed } = await sql<Suppression>`
    select id, kind, value, reason, scope from suppressions
    where workspace_id = ${ctx.workspace} and kind = any(${[...new Set(kinds)]}::text[]) and value = any(${[...asked.keys()]}::text[])
      and lifted_at is null
    order by id`.execute(ctx.db);
  return [...plain, ...hashed.map((row) => ({ ...row, value: asked.get(row.value) ?? row.value }))];
}

export type SuppressionRow = Suppression & {
  evidence: string | null;
  actorKind: string;
  actorId: string | null;
  createdAt: Date;
  liftedAt: Date | null;
  liftedBy: string | null;
  liftReason: string | null;
};

const ROW = [
  "id",
  "kind",
  "value",
  "reason",
  "scope",
  "evidence",
  "actorKind",
  "actorId",
  "createdAt",
  "liftedAt",
  "liftedBy",
  "liftReason",
] as const;

export type SuppressionFilter = {
  kind?: IdentityKind;
  reason?: SuppressionReason;
  /** Only those in force (true) or only those lifted (false). */
  active?: boolean;
  /** Part of the address. */
  search?: string;
};

/** Suppressions that one request looks at: they lie on the disk in their order. */
const WINDOW = 10_000;

/** Newest first. No index finds a part of an address, nor a kind within a reason: of a rare one a page may end before it is full. */
export async function listSuppressionRows(
  ctx: Context,
  page: SuppressionFilter & { limit: number; after?: Cursor },
  most = WINDOW,
): Promise<{ rows: SuppressionRow[]; stoppedAt: Place | null; looked: number }> {
  const { kind, reason, active, search, after } = page;
  const text = search?.trim().toLowerCase();
  const keys = text ? IDENTITY_KINDS.map((one) => suppressionKey(ctx, { kind: one, value: text })) : [];
  const asked = [
    ...(kind ? [sql`s.kind = ${kind}`] : []),
    ...(active === undefined ? [] : [sql`s.lifted_at is ${active ? sql`null` : sql`not null`}`]),
    ...(text ? [sql`(position(${text} in s.value) > 0 or s.value = any(${keys}::text[]))`] : []),
  ];
  const own = [
    sql`c.workspace_id = ${ctx.workspace}`,
    ...(reason ? [sql`c.reason = ${reason}`] : []),
    ...(after ? [sql`(c.created_at, c.id) < (${new Date(after[0] ?? 0)}::timestamptz, ${after[1]})`] : []),
  ];
  const found = await readWindow(
    ctx,
    {
      branches: [
        sql`select c.id, c.created_at as key, c.kind, c.value, c.lifted_at from suppressions c where ${sql.join(own, sql` and `)}`,
      ],
      fits: asked.length > 0 ? sql.join(asked, sql` and `) : sql`true`,
    },
    { order: "desc", limit: page.limit, most },
  );
  const rows = await ctx.db
    .selectFrom("suppressions")
    .select(ROW)
    .where("id", "=", sql<string>`any(${found.keys.map(({ id }) => id)}::text[])`)
    .orderBy("createdAt", "desc")
    .orderBy("id", "desc")
    .execute();
  return { rows, stoppedAt: endOf(found, rows.length, page.limit), looked: found.looked };
}

export async function findSuppression(ctx: Context, id: string): Promise<SuppressionRow | undefined> {
  return ctx.db.selectFrom("suppressions").select(ROW).where("id", "=", id).executeTakeFirst();
}

/** Ends suppressions that are in force: the one of an id, or those of an address for one reason. Returns those it ended. */
export async function liftSuppressions(
  tx: Context,
  which:
    | { id: string }
    | {
        kind: IdentityKind;
        value: string;
        reason: SuppressionReason;
        /** Only where the evidence begins with one of these. */
        closedBy?: readonly string[];
      },
  why: string,
): Promise<Suppression[]> {
  let query = tx.db
    .updateTable("suppressions")
    .set({ liftedAt: tx.now(), liftedBy: tx.actor.id, liftReason: why })
    .where("workspaceId", "=", tx.workspace)
    .where("liftedAt", "is", null);
  query =
    "id" in which
      ? query.where("id", "=", which.id)
      : query
          .where("kind", "=", which.kind)
          .where("value", "in", [which.value, suppressionKey(tx, which)])
          .where("reason", "=", which.reason)
          .$if("closedBy" in which, (lifted) =>
            lifted.where(beginsWithOneOf(("closedBy" in which && which.closedBy) || [])),
          );
  return query.returning(["id", "kind", "value", "reason", "scope"]).execute();
}

const beginsWithOneOf = (beginnings: readonly string[]) =>
  sql<boolean>`exists (select from unnest(${[...beginnings]}::text[]) b where starts_with(coalesce(evidence, ''), b))`;

/** A suppression in force as its person sees it: `isOwn` is an unsubscribe whose evidence begins with one of those asked for. */
export type OwnNo = Suppression & { isOwn: boolean };

/** The suppressions in force for a person's addresses. */
export async function listOwnNos(
  ctx: Context,
  addresses: readonly Address[],
  closedBy: readonly string[],
): Promise<OwnNo[]> {
  const found = await findActiveSuppressions(ctx, addresses);
  if (found.length === 0) return [];
  const own = await ctx.db
    .selectFrom("suppressions")
    .select("id")
    .where(
      "id",
      "in",
      found.map(({ id }) => id),
    )
    .where("reason", "=", "UNSUBSCRIBE")
    .where(beginsWithOneOf(closedBy))
    .execute();
  const ids = new Set(own.map(({ id }) => id));
  return found.map((one) => ({ ...one, isOwn: ids.has(one.id) }));
}

/** Which leads have which of the addresses, the oldest first. */
export async function findHolders(
  ctx: Context,
  addresses: readonly { kind: IdentityKind; value: string }[],
): Promise<{ kind: IdentityKind; value: string; leadId: string }[]> {
  if (addresses.length === 0) return [];
  const kinds = addresses.map(({ kind }) => kind);
  const values = addresses.map(({ value }) => value);
  const { rows } = await sql<{ kind: IdentityKind; value: string; leadId: string }>`
    select i.kind, i.value, i.lead_id
    from (select distinct * from unnest(${kinds}::text[], ${values}::text[]) w(kind, value)) w
    join lead_identities i on i.workspace_id = ${ctx.workspace} and i.kind = w.kind and i.value = w.value
    order by i.lead_id`.execute(ctx.db);
  return rows;
}

/** Leads that have the address, or one that stands under this key of an erased person's; the oldest first. */
export async function findLeadsByAddress(ctx: Context, kind: IdentityKind, value: string): Promise<string[]> {
  const [leadIds = []] = await findLeadsByAddresses(ctx, [{ kind, value }]);
  return leadIds;
}

/** As `findLeadsByAddress`, for each of the addresses in the order given, in one statement. */
export async function findLeadsByAddresses(ctx: Context, addresses: readonly Address[]): Promise<string[][]> {
  if (addresses.length === 0) return [];
  const kinds = addresses.map(({ kind }) => kind);
  const values = addresses.map(({ value }) => value);
  const { rows } = await sql<{ place: number; leadId: string }>`
    select w.place::int, i.lead_id
    from unnest(${kinds}::text[], ${values}::text[]) with ordinality w(kind, value, place)
    join lead_identities i on i.workspace_id = ${ctx.workspace} and i.kind = w.kind and (i.value = w.value or i.suppression_key = w.value)
    order by i.lead_id`.execute(ctx.db);
  const found = addresses.map((): string[] => []);
  for (const { place, leadId } of rows) found[place - 1]?.push(leadId);
  return found;
}

/** Of several suppressions of one address, the one that is told: a person's own word before what others found out. */
const SEVERITY: Record<SuppressionReason, number> = {
  ERASED: 0,
  COMPLAINT: 1,
  STOP_REPLY: 2,
  UNSUBSCRIBE: 3,
  MANUAL: 4,
  HARD_BOUNCE: 5,
};
export const bySeverity = (one: { reason: SuppressionReason }, other: { reason: SuppressionReason }) =>
  SEVERITY[one.reason] - SEVERITY[other.reason];
