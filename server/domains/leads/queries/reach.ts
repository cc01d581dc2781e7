import { type RawBuilder, sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { allOf } from "./filter.ts";

type Channel = "EMAIL" | "SMS" | "CALL";

/** SQL: is the address of leads under the alias closed for the channel? Also under the key of an erased person who had it before. */
function isClosed(ctx: Context, alias: RawBuilder<unknown>, channel: Channel): RawBuilder<unknown> {
  const [kind, address] = channel === "EMAIL" ? ["EMAIL", sql`${alias}.email`] : ["PHONE", sql`${alias}.phone`];
  return sql`exists (select from suppressions s
    where s.workspace_id = ${ctx.workspace} and s.kind = ${kind} and s.lifted_at is null and s.scope in ('ALL', ${channel})
      and (s.value = ${address} or s.value in (select i.suppression_key from lead_identities i
        where i.lead_id = ${alias}.id and i.kind = ${kind} and i.value = ${address} and i.suppression_key is not null)))`;
}

/**
 * SQL: leads under the alias whom a suppression keeps from being reached over these channels: an address is closed, and no other channel of them has
 * an open one. Whoever has no address at all is not among them: nobody said no.
 */
export function isShutOff(ctx: Context, alias: RawBuilder<unknown>, channels: readonly Channel[]): RawBuilder<unknown> {
  if (channels.length === 0) return sql`false`;
  const address = (channel: Channel) => (channel === "EMAIL" ? sql`${alias}.email` : sql`${alias}.phone`);
  const shut = channels.map((channel) => sql`(${address(channel)} is null or ${isClosed(ctx, alias, channel)})`);
  const closed = channels.map((channel) => sql`(${address(channel)} is not null and ${isClosed(ctx, alias, channel)})`);
  return sql`(${allOf(shut)} and (${sql.join(closed, sql` or `)}))`;
}

/** SQL: leads one of whose addresses was opened again after the instant; the column is `lead_id`. */
export const leadsOpenedAfter = (ctx: Context, at: Date): RawBuilder<unknown> => sql`
  select i.lead_id from suppressions s
  join lead_identities i on i.workspace_id = s.workspace_id and i.kind = s.kind and i.value = s.value
  where s.workspace_id = ${ctx.workspace} and s.lifted_at > ${at}
  union all
  select i.lead_id from suppressions s join lead_identities i on i.workspace_id = s.workspace_id and i.suppression_key = s.value
  where s.workspace_id = ${ctx.workspace} and s.lifted_at > ${at} and i.suppression_key is not null`;
