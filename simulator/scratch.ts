import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { systemClock } from "#platform/clock.ts";
import { migrate, readMigrations } from "#platform/database/migrate.ts";
import { sha256 } from "#platform/ids.ts";
import { MAKE_BARE } from "./bare.ts";

/** A database of a simulation's own, beside the real one on the same server, gone when `drop` is called. */
export type Scratch = { url: string; drop(): Promise<void> };

/** Why there can be none, in one sentence with the way out. */
export class ScratchError extends Error {}

const PREFIX = "throughline_simulation_";
/** Kept between simulations: migrated, empty, and named by what it was made of. Nobody ever connects to one. */
const TEMPLATE_PREFIX = `${PREFIX}template_`;
/** Its maker connects right behind its making: one that is older than this and has nobody connected was left by a process that is gone. */
const ABANDONED_MS = 5 * 60_000;

/**
 * What holds on a scratch database alone. Lost with the machine, it is lost: nobody waits for the disk. Statements come again ten thousand times over
 * tables that begin empty: they are planned once and for the size that tables have later (by their indexes), so that what a plan was made from
 * does not decide in which order rows come.
 */
const SETTINGS = {
  synchronous_commit: "off",
  jit: "off",
  plan_cache_mode: "force_generic_plan",
  enable_seqscan: "off",
  enable_hashjoin: "off",
  enable_mergejoin: "off",
  // A tenth of the rows that statistics are made of by themselves: they are made again as the tables grow.
  default_statistics_target: "10",
} as const;

/** Names sort by their making. */
const prefixAt = (at: number) => `${PREFIX}${Math.max(0, at).toString(16).padStart(12, "0")}`;

const urlOf = (databaseUrl: string, name: string) => {
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return url.toString();
};

const clientOf = (databaseUrl: string) => {
  const client = new Client({ connectionString: databaseUrl, application_name: "throughline-simulator" });
  client.on("error", () => undefined);
  return client;
};

/** What a scratch database is copied from. */
export type Origin = {
  /** A migrated database; without one, a kept one is copied. */
  template?: string;
  /** Of the kept ones the one that holds only what a trial needs (`bare.ts`). */
  isBare?: boolean;
};

/**
 * Makes a scratch database: a copy of a migrated `template`, or of one that is kept for that beside `databaseUrl` and made when there is none for
 * this version's migrations. Its maker stays connected to it: what a process that was killed has left has nobody connected, and is dropped
 * here. Throws ScratchError.
 */
export async function openScratch(databaseUrl: string, { template, isBare = false }: Origin = {}): Promise<Scratch> {
  const now = systemClock.now().getTime();
  const name = newName(now);
  const admin = clientOf(databaseUrl);
  await admin.connect();
  let keeper: Client;
  try {
    await sweep(admin, now - ABANDONED_MS);
    await copy(admin, name, template ?? null, { databaseUrl, isBare });
    for (const [setting, value] of Object.entries(SETTINGS))
      await admin.query(`alter database ${name} set ${setting} = ${value}`);
    keeper = clientOf(urlOf(databaseUrl, name));
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
      const client = clientOf(databaseUrl);
      await client.connect();
      await client.query(`drop database if exists ${name} with (force)`).finally(() => client.end());
    },
  };
  try {
    if (template !== undefined) await keeper.query(WITHOUT_AUTOVACUUM);
    return scratch;
  } catch (error) {
    await scratch.drop();
    throw error;
  }
}

/** Another version may drop the kept template between our finding and our copying it: then it is made again. */
async function copy(admin: Client, name: string, template: string | null, kept: Kept): Promise<void> {
  for (let tries = 1; ; tries++) {
    const from = template ?? (await keptTemplate(admin, kept));
    try {
      await admin.query(`create database ${name} template ${from} strategy ${STRATEGY}`);
      return;
    } catch (error) {
      if (template !== null || codeOf(error) !== "3D000" || tries === COPIES) throw error;
    }
  }
}

const COPIES = 3;
/** Which kept template, and on which server. */
type Kept = { databaseUrl: string; isBare: boolean };
const newName = (now: number) => `${prefixAt(now)}_${randomBytes(6).toString("hex")}`;

/** The rows of a template are few: its files are copied as they are, which needs no log of each page. */
const STRATEGY = "file_copy";

/** Statistics come when we ask for them, so that plans are the same again. */
const WITHOUT_AUTOVACUUM = `do $$ declare one record; begin
  for one in select oid::regclass as name from pg_class where relkind = 'r' and relnamespace in ('public'::regnamespace, 'graphile_worker'::regnamespace)
  loop execute format('alter table %s set (autovacuum_enabled = false)', one.name); end loop;
end $$`;

/** Of the tables those that hold anything, which are few. */
export const COUNT_ROWS = `do $$ declare one record; begin
  for one in select oid::regclass as name from pg_class
    where relkind = 'r' and relnamespace in ('public'::regnamespace, 'graphile_worker'::regnamespace) and pg_relation_size(oid) > 0
  loop execute format('analyze %s', one.name); end loop;
end $$`;

/** Nothing is looked up by what is in documents and long texts, and to count their values is the most of what counting costs. */
const WITHOUT_COUNTS = `do $$ declare one record; begin
  for one in select a.attrelid::regclass as owner, quote_ident(a.attname) as name
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped
      and (a.atttypid in ('json'::regtype, 'jsonb'::regtype) or a.attname in ('text', 'html', 'transcript'))
  loop execute format('alter table %s alter column %s set statistics 0', one.owner, one.name); end loop;
end $$`;

/**
 * The name of the migrated database that is kept for copies (60 ms, where migrating takes more than a second). It is made under another name and
 * renamed when it is whole; those of other versions go.
 */
async function keptTemplate(admin: Client, { databaseUrl, isBare }: Kept): Promise<string> {
  const migrations = (await readMigrations()).map((migration) => migration.hash).join("\n");
  const hash = sha256([migrations, WITHOUT_AUTOVACUUM, WITHOUT_COUNTS, MAKE_BARE].join("\n")).slice(0, 16);
  const ofThisVersion = [`${TEMPLATE_PREFIX}${hash}`, `${TEMPLATE_PREFIX}${hash}_bare`] as const;
  const wanted = ofThisVersion[isBare ? 1 : 0];
  const { rows: kept } = await admin.query<{ name: string }>(
    "select datname as name from pg_database where datname like $1",
    [`${TEMPLATE_PREFIX.replaceAll("_", "\\_")}%`],
  );
  for (const { name } of kept)
    if (!ofThisVersion.some((own) => own === name))
      await admin.query(`drop database if exists ${name}`).catch(ignoreDropped);
  if (kept.some(({ name }) => name === wanted)) return wanted;
  const making = newName(systemClock.now().getTime());
  await admin.query(`create database ${making}`);
  try {
    await prepare(urlOf(databaseUrl, making), isBare);
    await admin.query(`alter database ${making} rename to ${wanted}`);
  } catch (error) {
    await admin.query(`drop database if exists ${making} with (force)`);
    // Somebody else was faster.
    if (!["42P04", "23505"].includes(codeOf(error) ?? "")) throw error;
  }
  return wanted;
}

async function prepare(url: string, isBare: boolean): Promise<void> {
  // Read for this alone, which is seldom: a simulation begins while the rest of it is still being read.
  const { openOwnerPool } = await import("#platform/database/pool.ts");
  const { migrateQueue } = await import("#platform/job-worker.ts");
  await migrate(url);
  const pool = openOwnerPool(url, { max: 1, onError: () => undefined });
  try {
    await migrateQueue(pool);
    await pool.query(WITHOUT_AUTOVACUUM);
    await pool.query(WITHOUT_COUNTS);
    if (isBare) await pool.query(MAKE_BARE);
  } finally {
    await pool.end();
  }
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
