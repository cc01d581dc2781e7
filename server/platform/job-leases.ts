import type { Pool } from "pg";

/** How often a process says that the jobs it has taken are still in its hands, and looks for those of processes that died. */
export const LEASE_TICK_MS = 10_000;
/** After so many seconds without a word from its process a job is anybody's again. The queue itself would wait four hours. */
export const LEASE_SECONDS = 60;

/**
 * Renews the leases of the jobs that these workers hold, frees those whose process is gone, and answers whether work lies about that nobody
 * takes. `locked_at` is the queue's own column; it means "last heard of" here.
 */
export async function tendLeases(pool: Pool, own: readonly string[]): Promise<{ isNeglected: boolean }> {
  await pool.query("update graphile_worker._private_jobs set locked_at = now() where locked_by = any($1::text[])", [
    own,
  ]);
  await pool.query(
    `select graphile_worker.force_unlock_workers(array(
       select distinct locked_by from graphile_worker._private_jobs where locked_at < now() - make_interval(secs => $1)))`,
    [LEASE_SECONDS],
  );
  const { rows } = await pool.query<{ neglected: boolean }>(
    `select exists (select from graphile_worker._private_jobs
       where is_available and run_at < now() - make_interval(secs => $2))
     and not exists (select from graphile_worker._private_jobs where locked_by = any($1::text[])) as neglected`,
    [own, (2 * LEASE_TICK_MS) / 1_000],
  );
  return { isNeglected: rows[0]?.neglected ?? false };
}
