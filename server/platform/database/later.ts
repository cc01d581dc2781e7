import { type RawBuilder, sql } from "kysely";
import type { Context } from "../context.ts";

/**
 * The `updated_at` of a row that is changed: now, and in any case after what it says, so that no two states of a row have one. Whoever
 * expects the one that they read (`expectedUpdatedAt`) can rely on it.
 */
export const laterThanBefore = (tx: Context): RawBuilder<Date> =>
  sql<Date>`greatest(${tx.now()}::timestamptz, updated_at + interval '1 millisecond')`;
