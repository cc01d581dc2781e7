import { randomBytes } from "node:crypto";
import { Client, type Pool, escapeIdentifier, escapeLiteral } from "pg";

/** A database of its own for one test file: a copy of the migrated template, gone when `drop` is called. */
export type TestDatabase = { url: string; drop(): Promise<void> };

/** Names of databases are not ids of rows: they need only differ within one run. */
const newName = () => `test_${randomBytes(8).toString("hex")}`;

async function asAdmin(adminUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Copies `template` (measured: 60 ms in memory); `adminUrl` is the superuser's connection to another database of the same server. */
export async function cloneDatabase(adminUrl: string, template: string): Promise<TestDatabase> {
  const name = newName();
  await asAdmin(adminUrl, `create database ${name} template ${template} strategy file_copy`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return { url: url.toString(), drop: () => asAdmin(adminUrl, `drop database if exists ${name} with (force)`) };
}

/** Other tests of the same file share the database: what this one left must not come due in theirs. */
export async function forgetWorkspace(owner: Pool, workspace: string): Promise<void> {
  const { rows } = await owner.query<{ table: string }>(
    `select c.relname as table from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'workspace_id' and not a.attisdropped`,
  );
  // One message, which is one transaction: a table each would be ninety. Foreign keys are not asked: all rows go, in whatever order.
  const id = escapeLiteral(workspace);
  await owner.query(
    [
      "set local session_replication_role = replica",
      ...rows.map(({ table }) => `delete from ${escapeIdentifier(table)} where workspace_id = ${id}`),
      `delete from workspaces where id = ${id}`,
      `delete from graphile_worker._private_jobs where payload->>'workspaceId' = ${id}`,
    ].join("; "),
  );
}
