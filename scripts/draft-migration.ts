/**
 * Drafts the SQL from the committed Prisma schema (HEAD) to the working one: `npm run db:migration -- name`.
 * Works offline: the schema engine runs as WebAssembly. What Prisma cannot say (CHECK, partial keys, row-level security) is added by hand.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SchemaEngine } from "@prisma/schema-engine-wasm";

type SchemaFile = { path: string; content: string };

const root = join(import.meta.dirname, "..");
const schemaDir = join(root, "prisma/schema");
const migrationsDir = join(root, "prisma/migrations");

/** The engine asks for a connection before it compares files; this one answers as an empty PostgreSQL and is never read from. */
function offlineAdapter() {
  const ok = <T>(value: T) => ({ ok: true, value });
  const connection = {
    provider: "postgres",
    adapterName: "offline",
    executeScript: async () => ok(undefined),
    queryRaw: async () => ok({ columnNames: ["version"], columnTypes: [7], rows: [["PostgreSQL 18.0"]] }),
    executeRaw: async () => ok(0),
    getConnectionInfo: () => ok({ schemaName: "public", supportsRelationJoins: true }),
    dispose: async () => ok(undefined),
  };
  const connect = async () => ok(connection);
  return { provider: "postgres", adapterName: "offline", errorRegistry: {}, connect, connectToShadowDb: connect };
}

/** SQL that turns a database of schema `from` into one of schema `to` (an empty list is an empty database). */
export async function diffSchemas(from: SchemaFile[], to: SchemaFile[]): Promise<string> {
  const noDatabase = offlineAdapter();
  const datamodels = (from.length > 0 ? from : to).map(({ path, content }): [string, string] => [path, content]);
  const engine = await SchemaEngine.new({ datamodels }, () => undefined, noDatabase);
  const filters = { externalTables: [], externalEnums: [] };
  const { stdout } = await engine.diff({
    from: from.length > 0 ? { tag: "schemaDatamodel", files: from } : { tag: "empty" },
    to: { tag: "schemaDatamodel", files: to },
    script: true,
    exitCode: null,
    filters,
  });
  engine.free();
  return stdout ?? "";
}

function workingSchema(): SchemaFile[] {
  const names = readdirSync(schemaDir).filter((name) => name.endsWith(".prisma"));
  return names.map((name) => ({ path: name, content: readFileSync(join(schemaDir, name), "utf8") }));
}

function committedSchema(): SchemaFile[] {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: root, encoding: "utf8" });
  const names = git("ls-tree", "--name-only", "HEAD", "prisma/schema/").split("\n").filter(Boolean);
  return names.map((name) => ({ path: name.slice("prisma/schema/".length), content: git("show", `HEAD:${name}`) }));
}

if (import.meta.main) {
  const name = process.argv[2];
  if (!name || !/^[a-z0-9_]+$/.test(name))
    throw new Error("Name the migration in snake_case: npm run db:migration -- add_something");
  const sql = await diffSchemas(committedSchema(), workingSchema());
  const number = String(readdirSync(migrationsDir).length + 1).padStart(4, "0");
  const folder = join(migrationsDir, `${number}_${name}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "migration.sql"), sql);
  process.stdout.write(`${folder}/migration.sql: read it, then add what Prisma cannot say\n`);
}
