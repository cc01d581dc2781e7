import type { Config } from "../config.ts";
import { type EmbeddedDatabase, startEmbedded } from "../database/embedded.ts";
import { migrate } from "../database/migrate.ts";
import { openOwnerPool } from "../database/pool.ts";
import { migrateQueue } from "../job-worker.ts";

export type DatabaseServer = Pick<EmbeddedDatabase, "url" | "movedTo" | "stop">;

/** The database that DATABASE_URL names, or the embedded one; brought up to date. Any number of processes may do so at once. */
export async function openDatabaseServer(config: Config): Promise<DatabaseServer> {
  const server: DatabaseServer = config.databaseUrl
    ? { url: config.databaseUrl, movedTo: null, stop: async () => undefined }
    : await startEmbedded(config.dataDir);
  try {
    await migrate(server.url);
    const pool = openOwnerPool(server.url, { max: 1, onError: () => undefined });
    await migrateQueue(pool).finally(() => pool.end());
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}
