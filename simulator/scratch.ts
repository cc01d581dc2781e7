import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { systemClock } from "#platform/clock.ts";
import { migrate } from "#platform/database/migrate.ts";
import { openOwnerPool } from "#platform/database/pool.ts";
import { migrateQueue } from "#platform/job-worker.ts";

/** A database of a simulation's own, beside the real one on the same server, gone when `drop` is called. */
export type Scratch = { url: string; drop(): Promise<void> };

/** Why there can be none, in one sentence with the way out. */
export class ScratchError extends Error {}

const PREFIX = "throughline_simulation_";
/** Its maker connects right behind its making: one that is older than this and has nobody connected was left by a process that is gone. */
const ABANDONED_MS = 5 * 60_000;

/** Names sort by their making. */
const prefixAt = (at: number) => `${PREFIX}${Math.max(0, at).toString(16).padStart(12, "0")}`;

const urlOf = (databaseUrl: string, name: string) => {
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return url.toString();
};

/**
 * Makes a scratch database, migrated, or copied from a migrated `template` (50 ms instead of a second). Its maker stays connected to it: what a
 * process that was killed has left has nobody connected, and is dropped here. Throws ScratchError.
 */
export async function openScratch(databaseUrl: string, template?: string): Promise<Scratch> {
  const now = systemClock.now().getTime();
  const name = `${prefixAt(now)}_${randomBytes(6).toString("hex")}`;
  const admin = new Client({ connectionString: databaseUrl, application_name: "throughline-simulator" });
  await admin.connect();
  let keeper: Client;
  try {
    await sweep(admin, now - ABANDONED_MS);
    await admin.query(
      `create database ${name}${template === undefined ? "" : ` template ${template} strategy file_copy`}`,
    );
    keeper = new Client({ connectionString: urlOf(databaseUrl, name), application_name: "throughline-simulator" });
    keeper.on("error", () => undefined);
    await keeper.connect();
  } catch (error) {
    throw explained(error);
  } finally {
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
async function sweep(admin: Client, before: number): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    `select d.datname as name from pg_database d
     where d.datname like $1 and d.datname < $2 and not exists (select from pg_stat_activity a where a.datname = d.datname)`,
    [`${PREFIX.replaceAll("_", "\\_")}%`, prefixAt(before)],
  );
  // Two who sweep at once may want the same one; whoever comes second finds it gone.
  for (const { name } of rows) await admin.query(`drop database if exists ${name}`).catch(ignoreDropped);
}

function ignoreDropped(error: unknown): void {
  if (!isUnderWay(error)) throw error;
}

/** Somebody else is at it: PostgreSQL calls it in use, or says that its row was changed meanwhile. */
const isUnderWay = (error: unknown) => ["55006", "XX000"].includes(codeOf(error) ?? "");

function codeOf(error: unknown): string | null {
  const code: unknown = typeof error === "object" && error !== null ? Reflect.get(error, "code") : undefined;
  return typeof code === "string" ? code : null;
}

function explained(error: unknown): unknown {
  if (codeOf(error) !== "42501") return error;
  return new ScratchError(
    "A simulation runs in a database of its own, and the database's owner may not create one: grant it with ALTER ROLE … CREATEDB.",
    { cause: error },
  );
}
