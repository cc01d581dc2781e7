import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { migrate } from "#platform/database/migrate.ts";
import { openOwnerPool } from "#platform/database/pool.ts";
import { migrateQueue } from "#platform/job-worker.ts";

/** A database of a simulation's own, beside the real one on the same server, gone when `drop` is called. */
export type Scratch = { url: string; drop(): Promise<void> };

/** Why there can be none, in one sentence with the way out. */
export class ScratchError extends Error {}

const PREFIX = "throughline_simulation_";
/** Held while one is made or swept away. Any number will do that nobody else takes. */
const LOCK = 5_520_118;

const urlOf = (databaseUrl: string, name: string) => {
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return url.toString();
};

/**
 * Makes a scratch database, migrated, or copied from a migrated `template` (50 ms instead of a second). Its maker stays connected to it: what a
 * process that was killed has left has nobody connected, and is dropped here first. Throws ScratchError.
 */
export async function openScratch(databaseUrl: string, template?: string): Promise<Scratch> {
  const name = `${PREFIX}${randomBytes(8).toString("hex")}`;
  const admin = new Client({ connectionString: databaseUrl, application_name: "throughline-simulator" });
  await admin.connect();
  let keeper: Client;
  try {
    await admin.query("select pg_advisory_lock($1)", [LOCK]);
    await sweep(admin);
    await admin.query(
      `create database ${name}${template === undefined ? "" : ` template ${template} strategy file_copy`}`,
    );
    keeper = new Client({ connectionString: urlOf(databaseUrl, name), application_name: "throughline-simulator" });
    keeper.on("error", () => undefined);
    await keeper.connect();
  } catch (error) {
    throw explained(error);
  } finally {
    // The lock goes with the connection.
    await admin.end();
  }
  const scratch: Scratch = {
    url: urlOf(databaseUrl, name),
    async drop() {
      await keeper.end();
      const client = new Client({ connectionString: databaseUrl, application_name: "throughline-simulator" });
      await client.connect();
      await client.query(`drop database if exists ${name} with (force)`).finally(() => client.end());
    },
  };
  try {
    // Lost with the machine, it is lost: nobody waits for the disk. Statistics come when we ask for them, so that plans are the same again.
    await keeper.query(`alter database ${name} set synchronous_commit = off`);
    if (template === undefined) await prepare(scratch.url);
    await keeper.query(WITHOUT_AUTOVACUUM);
    return scratch;
  } catch (error) {
    await scratch.drop();
    throw error;
  }
}

const WITHOUT_AUTOVACUUM = `do $$ declare one record; begin
  for one in select oid::regclass as name from pg_class where relkind = 'r' and relnamespace in ('public'::regnamespace, 'graphile_worker'::regnamespace)
  loop execute format('alter table %s set (autovacuum_enabled = false)', one.name); end loop;
end $$`;

async function prepare(url: string): Promise<void> {
  await migrate(url);
  const pool = openOwnerPool(url, { max: 1, onError: () => undefined });
  await migrateQueue(pool).finally(() => pool.end());
}

/** Drops what simulations whose process was killed have left behind. */
async function sweep(admin: Client): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    `select d.datname as name from pg_database d
     where d.datname like $1 and not exists (select from pg_stat_activity a where a.datname = d.datname)`,
    [`${PREFIX.replaceAll("_", "\\_")}%`],
  );
  for (const { name } of rows) await admin.query(`drop database if exists ${name}`);
}

function explained(error: unknown): unknown {
  const code: unknown = typeof error === "object" && error !== null ? Reflect.get(error, "code") : undefined;
  if (code !== "42501") return error;
  return new ScratchError(
    "A simulation runs in a database of its own, and the database's owner may not create one: grant it with ALTER ROLE … CREATEDB.",
    { cause: error },
  );
}
