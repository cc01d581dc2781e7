import type { Pool } from "pg";
import { readMigrations } from "./platform/database/migrate.ts";
import { sign } from "./platform/crypto.ts";
import { type Database, RUNTIME_ROLE } from "./platform/database/pool.ts";
import { sql } from "kysely";
import { jobsWithoutHandler } from "./platform/jobs.ts";

/** The process must not serve: what is wrong, all of it at once. */
export class BootError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`Throughline does not start:\n${faults.map((fault) => `  ${fault}`).join("\n")}`);
    this.name = "BootError";
    this.faults = faults;
  }
}

/**
 * Tables that hold no workspace's rows, or that must be read before a workspace is chosen: who signs in, and what they are a member of.
 * Every other table carries workspace_id and forced row-level security.
 */
const WITHOUT_WORKSPACE: ReadonlySet<string> = new Set([
  "users",
  "sessions",
  "accounts",
  "verifications",
  "workspaces",
  "memberships",
  "invitations",
  "api_keys",
  "rate_limits",
  "schema_migrations",
  "installation",
]);

/** What the code alone can tell: every job has its handler (two are refused when they are named), each loop a name of its own. */
export function checkCode(loops: readonly { name: string }[]): string[] {
  const names = loops.map((loop) => loop.name);
  return [
    ...jobsWithoutHandler().map((name) => `The job ${name} has no handler.`),
    ...names.filter((name, at) => names.indexOf(name) !== at).map((name) => `Two loops are called ${name}.`),
  ];
}

/** Migrations that the database has not seen, for processes that do not migrate themselves. */
export async function checkMigrations(owner: Pool): Promise<string[]> {
  const { rows: table } = await owner.query("select where to_regclass('public.schema_migrations') is not null");
  if (table.length === 0) return ["The database is empty. Run npm run db:migrate."];
  const { rows } = await owner.query<{ name: string }>("select name from schema_migrations");
  const done = new Set(rows.map((row) => row.name));
  const pending = (await readMigrations()).filter((migration) => !done.has(migration.name));
  return pending.map((migration) => `The migration ${migration.name} is not applied. Run npm run db:migrate.`);
}

type TableRow = { name: string; hasWorkspace: boolean; isForced: boolean; policies: number };

/** Tenancy, asked of the database itself: the catalogue first, then every table, as the runtime role without a workspace. */
export async function checkTenancy(owner: Pool, database: Database): Promise<string[]> {
  const { rows: roles } = await owner.query<{ may: boolean }>(
    "select rolsuper or rolbypassrls as may from pg_roles where rolname = $1",
    [RUNTIME_ROLE],
  );
  const [role] = roles;
  if (!role) return [`The role ${RUNTIME_ROLE} does not exist. Run npm run db:migrate.`];
  const { rows: tables } = await owner.query<TableRow>(
    `select c.relname as name,
            exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped) as "hasWorkspace",
            c.relrowsecurity and c.relforcerowsecurity as "isForced",
            (select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by c.relname`,
  );
  const held = tables.filter((table) => !WITHOUT_WORKSPACE.has(table.name));
  const faults = [
    ...(role.may ? [`The role ${RUNTIME_ROLE} may bypass row-level security.`] : []),
    ...held.filter((table) => !table.hasWorkspace).map((table) => `The table ${table.name} has no workspace_id.`),
    ...held
      .filter((table) => !table.isForced)
      .map((table) => `The table ${table.name} does not force row-level security.`),
  ];
  return faults.length > 0 ? faults : visibleWithoutWorkspace(database, held);
}

async function visibleWithoutWorkspace(database: Database, tables: readonly TableRow[]): Promise<string[]> {
  if (tables.length === 0) return [];
  const asked = tables.map(
    ({ name }) => sql`select ${sql.lit(name)} as name where exists (select from ${sql.table(name)})`,
  );
  const { rows } = await sql<{ name: string }>`${sql.join(asked, sql` union all `)}`.execute(database.forWorkspace(""));
  return rows.map(({ name }) => `Rows of ${name} are visible without a workspace.`);
}

/**
 * Is this the key that the database was used with? Erased people are kept from being written to by a hash of their addresses that is keyed with
 * it: under another key nobody would know them any more. Where nobody was erased the new key is taken over.
 */
export async function checkSecretKey(owner: Pool, secretKey: Buffer): Promise<string[]> {
  const { rows: tables } = await owner.query("select where to_regclass('public.installation') is not null");
  // Not migrated yet: another check says so.
  if (tables.length === 0) return [];
  const fingerprint = sign(secretKey, "fingerprint", "throughline");
  const { rows } = await owner.query<{ value: string }>(
    `with first as (insert into installation (name, value) values ('secret_key', $1) on conflict (name) do nothing returning value)
     select value from first union all select value from installation where name = 'secret_key' limit 1`,
    [fingerprint],
  );
  if (rows[0]?.value === fingerprint) return [];
  const { rows: erased } = await owner.query<{ count: number }>("select app_count_erasures() as count");
  const count = erased[0]?.count ?? 0;
  if (count > 0)
    return [
      `SECRET_KEY is not the one that this database was used with: under another key the ${count} erased ${count === 1 ? "person" : "people"} could be written to again. Start with the former key.`,
    ];
  await owner.query("update installation set value = $1 where name = 'secret_key'", [fingerprint]);
  return [];
}

export async function refuseFaults(faults: readonly Promise<string[]>[]): Promise<void> {
  const found = (await Promise.all(faults)).flat();
  if (found.length > 0) throw new BootError(found);
}
