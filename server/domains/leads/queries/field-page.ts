import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { LeadFilter } from "../rules.ts";
import { fieldConditions, leadsThatMeet, narrowestField, withoutField } from "./field-conditions.ts";
import { allOf, conditionsOf } from "./filter.ts";
import { afterCursor, direction, sortColumn, type LeadPage, type PageKey } from "./page.ts";
import { inOrder } from "./search-leads.ts";

/** Leads that are read in the order of the list before those that meet a condition are gathered. */
export const FIRST_LOOK = 10_000;
/** From here on two conditions are equally wide. */
const MOST_COUNTED = 100_000;

/**
 * A page of leads that meet conditions on own fields which many meet. Mostly they are among the first of the list, which is read so far in its
 * order; where they are not, as when only the oldest have the field, all that meet the narrowest condition are gathered and sorted. So no
 * more leads are read than the first look and those that meet it. Null: all conditions say what leads have not, and those have no index.
 */
export async function fieldPage(
  ctx: Context,
  filter: LeadFilter,
  page: LeadPage,
  firstLook = FIRST_LOOK,
): Promise<PageKey[] | null> {
  const { custom = [], ...others } = filter;
  const asked = await narrowestField(ctx, custom, MOST_COUNTED);
  if (!asked) return null;
  const first = await inOrder(ctx, others, [], page, firstLook, fieldConditions(custom, sql`l`, { inOrder: true }));
  if (first.isWhole) return first.rows;

  const rest = conditionsOf({ ...others, custom: withoutField(custom, asked) }, sql`l`);
  const isOfValues = page.sort === "createdAt";
  const [id, key] = isOfValues ? [sql`valued.id`, sql`valued.created_at`] : [sql`l.id`, sortColumn(page, sql`l`)];
  const leads = isOfValues && rest.length === 0 ? sql`` : sql`join leads l on l.id = valued.id`;
  const { rows } = await sql<PageKey>`
    select ${id} as id, ${key} as key from ${leadsThatMeet(ctx, asked)} ${leads}
    where ${allOf([...rest, ...afterCursor(page, key, id)])}
    order by ${key} ${direction(page)}, ${id} ${direction(page)} limit ${page.limit + 1}`.execute(ctx.db);
  return rows;
}
