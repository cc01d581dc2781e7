import type { World } from "./world.ts";

/** How many connections to the world's database wait for another's lock. */
export async function countLockWaiters(world: World): Promise<number> {
  const { rows } = await world.app.ownerPool.query<{ count: number }>(
    "select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  );
  return rows[0]?.count ?? 0;
}
