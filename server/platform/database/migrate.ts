import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { sha256 } from "../ids.ts";

export const MIGRATIONS_DIR = join(import.meta.dirname, "../../../prisma/migrations");

// Any number that no other program uses on this database: one migrator at a time.
const LOCK = 4_719_305_118;

export type Migration = { name: string; sql: string; hash: string };

export async function readMigrations(dir = MIGRATIONS_DIR): Promise<Migration[]> {
  const names = (await readdir(dir)).filter((name) => /^\d{4}_/.test(name)).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(dir, name, "migration.sql"), "utf8");
      return { name, sql, hash: sha256(sql) };
    }),
  );
}

/** Why the database cannot be migrated, in one sentence with the way out. */
export class MigrationError extends Error {}

/**
 * Brings the database up to date and returns the names applied. Forward only; each file in its own transaction, one migrator at a time.
 * Refuses a database that was migrated by a newer Throughline, or by files that have changed since.
 */
export async function migrate(url: string, migrations?: Migration[]): Promise<string[]> {
  const wanted = migrations ?? (await readMigrations());
  const client = new Client({ connectionString: url, application_name: "throughline-migrate" });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [LOCK]);
    await client.query(
      "create table if not exists schema_migrations (name text primary key, hash text not null, applied_at timestamptz not null default now())",
    );
    const { rows } = await client.query<{ name: string; hash: string }>(
      "select name, hash from schema_migrations order by name",
    );
    for (const row of rows) {
      const file = wanted.find((migration) => migration.name === row.name);
      if (!file)
        throw new MigrationError(
          `The database holds migration ${row.name}, which this version does not know. Start the version that made it, or a newer one.`,
        );
      if (file.hash !== row.hash)
        throw new MigrationError(
          `Migration ${row.name} has changed since it was applied. Restore the file: applied migrations are never edited.`,
        );
    }
    const done = new Set(rows.map((row) => row.name));
    const applied: string[] = [];
    for (const migration of wanted) {
      if (done.has(migration.name)) continue;
      await client.query("begin");
      try {
        await client.query(migration.sql);
        await client.query("insert into schema_migrations (name, hash) values ($1, $2)", [
          migration.name,
          migration.hash,
        ]);
        await client.query("commit");
      } catch (error) {
        await client.query("rollback");
        throw new MigrationError(
          `Migration ${migration.name} failed and was rolled back: ${error instanceof Error ? error.message : String(error)}`,
          { cause: error },
        );
      }
      applied.push(migration.name);
    }
    return applied;
  } finally {
    await client.end();
  }
}
