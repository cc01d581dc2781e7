import { readConfig } from "./platform/config.ts";
import { openDatabaseServer } from "./platform/start/database-server.ts";
import { explainStart } from "./platform/start/explain.ts";

/** `npm run db:migrate`: brings the database up to date and ends. For deployments that migrate before the new version starts. */
try {
  const server = await openDatabaseServer(readConfig());
  await server.stop();
  process.stdout.write("The database is up to date.\n");
} catch (error) {
  process.stderr.write(`${explainStart(error)}\n`);
  process.exitCode = 1;
}
