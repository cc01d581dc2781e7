import type { Pool, PoolClient } from "pg";

/** Two processes that start at once on one empty database make one demo between them. Any number will do that nobody else takes. */
const LOCK = 8_406_004;

/**
 * Runs `work` while no other process makes the demo of this database. The lock belongs to a connection: it goes with a process that is
 * killed.
 */
export async function alone<T>(owner: Pool, work: () => Promise<T>): Promise<T> {
  const client = await owner.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [LOCK]);
    return await work();
  } finally {
    // The connection is closed, and the lock with it.
    client.release(true);
  }
}

/** The workspace of a demo that was cut off while it was made: its owner gets a password last of all. Null: there is none. */
export async function findUnfinished(owner: Pool, ownerEmail: string): Promise<string | null> {
  const { rows } = await owner.query<{ id: string }>(
    `select m.workspace_id as id from users u
     join accounts a on a.user_id = u.id and a.provider_id = 'credential' and a.password is null
     join memberships m on m.user_id = u.id and m.role = 'OWNER'
     where u.email = $1`,
    [ownerEmail],
  );
  return rows[0]?.id ?? null;
}

/** Is there anything in this database that somebody works with? */
export async function hasWorkspaces(owner: Pool): Promise<boolean> {
  const { rows } = await owner.query<{ some: boolean }>("select exists (select from workspaces) as some");
  return rows[0]?.some ?? false;
}

/** Takes away all that an unfinished demo has left, people included: as if it had never been begun. */
export async function removeUnfinished(owner: Pool, workspaceId: string, emails: readonly string[]): Promise<void> {
  const client = await owner.connect();
  try {
    await client.query("begin");
    // The owner of tables whose row-level security is forced sees one workspace at a time, too.
    await client.query("select set_config('app.workspace_id', $1, true)", [workspaceId]);
    for (const table of await tablesOfWorkspaces(client))
      await client.query(`delete from "${table}" where workspace_id = $1`, [workspaceId]);
    await client.query("delete from workspaces where id = $1", [workspaceId]);
    await client.query("delete from users where email = any($1)", [emails]);
    await client.query("delete from graphile_worker._private_jobs where payload->>'workspaceId' = $1", [workspaceId]);
    await client.query("commit");
  } finally {
    // Closed rather than given back: it may be in the middle of a transaction that failed.
    client.release(true);
  }
}

async function tablesOfWorkspaces(client: PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ table: string }>(
    `select c.relname as table from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and a.attname = 'workspace_id' and not a.attisdropped`,
  );
  return rows.map(({ table }) => table);
}
