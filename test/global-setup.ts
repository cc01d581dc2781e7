import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startEmbedded } from "#platform/database/embedded.ts";
import { migrate } from "#platform/database/migrate.ts";
import { openOwnerPool } from "#platform/database/pool.ts";
import { migrateQueue } from "#platform/job-worker.ts";
import { makeDatabaseDir } from "./memory-disk.ts";
import { ROOT } from "./source.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Superuser's connection to the run's database server. */
    adminUrl: string;
    /** Name of the migrated database that each test file copies. */
    template: string;
    /** Where the apps of tests have their data directories; gone after the run. */
    filesDir: string;
  }
}

/** One PostgreSQL for the whole run, with one migrated database to copy from. */
export default async function setup(project: TestProject) {
  const dataDir = await makeDatabaseDir();
  // Uploads of half a gigabyte among them: not in memory.
  const filesDir = await mkdtemp(join(tmpdir(), "throughline-files-"));
  // Run by root, the database server belongs to another user, who must be able to reach its directory.
  await chmod(dataDir, 0o711);
  // What a process of a test has compiled the next one finds: 26 lives of a worker need not each compile two thousand files.
  process.env["NODE_COMPILE_CACHE"] = join(ROOT, "node_modules/.cache/compiled");
  const server = await startEmbedded(dataDir, { fast: true });
  const template = "throughline";
  await migrate(server.url);
  const pool = openOwnerPool(server.url, { max: 1, onError: () => undefined });
  await migrateQueue(pool);
  await pool.end();
  project.provide("adminUrl", server.adminUrl);
  project.provide("template", template);
  project.provide("filesDir", filesDir);
  return async () => {
    await server.stop();
    for (const dir of [dataDir, filesDir]) await rm(dir, { recursive: true, force: true });
  };
}
