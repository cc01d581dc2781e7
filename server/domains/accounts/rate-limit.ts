import { type Kysely, sql } from "kysely";
import type { DB } from "#platform/database/types.ts";
import { newId } from "#platform/ids.ts";

/** So many times in so many seconds. */
export type LimitRule = { max: number; window: number };

/** Guesses at one account from one address. Guesses that succeed are taken off again. */
export const SIGN_IN_LIMIT: LimitRule = { max: 5, window: 60 };
/** Mails that somebody can make us send to one address. */
export const RESET_LIMIT: LimitRule = { max: 3, window: 15 * 60 };

/**
 * Counts one more use of `key` and says how long to wait, in seconds: 0 when it was within the limit. One atomic statement on a row of the
 * database, so it holds over all processes; the window is fixed and begins with its first use, by the database's clock.
 */
export async function consume(db: Kysely<DB>, key: string, { max, window }: LimitRule): Promise<number> {
  const now = sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`;
  const { rows } = await sql<{ count: number; waitMs: number }>`
    insert into rate_limits as r (id, key, count, last_request) values (${newId("rl")}, ${key}, 1, ${now})
    on conflict (key) do update set
      count = case when r.last_request + ${window * 1_000} <= excluded.last_request then 1 else least(r.count, ${max}) + 1 end,
      last_request = case when r.last_request + ${window * 1_000} <= excluded.last_request then excluded.last_request else r.last_request end
    returning count, last_request + ${window * 1_000} - ${now} as wait_ms`.execute(db);
  const used = rows[0];
  if (!used || used.count <= max) return 0;
  return Math.max(1, Math.ceil(used.waitMs / 1_000));
}

/** Forgets the uses of a key. */
export async function forgive(db: Kysely<DB>, key: string): Promise<void> {
  await db.deleteFrom("rateLimits").where("key", "=", key).execute();
}
