/**
 * A worker of its own on a test's database, to be killed: `node test/kill-worker.ts <url> <dataDir> <start> <secretKey> [processors]`. Its
 * clock begins at `start` (ISO 8601); it turns all loops as many times side by side as it has processors. Says `started` when they turn.
 */
import { flushCompileCache } from "node:module";
import { elapsed } from "#platform/clock.ts";
import { readConfig } from "#platform/config.ts";
import { createApp } from "#server/app.ts";

const [, , url = "", dataDir = "", start = "", secretKey = "", processors = "1"] = process.argv;
const config = readConfig({
  NODE_ENV: "test",
  ROLE: "worker",
  DATA_DIR: dataDir,
  DATABASE_URL: url,
  SECRET_KEY: secretKey,
  LOG_LEVEL: "error",
});
const startedAt = elapsed();
const now = () => new Date(new Date(start).getTime() + elapsed() - startedAt);
for (let processor = 0; processor < Number(processors); processor++) {
  const app = await createApp({ config, databaseUrl: url, clock: { now } });
  await app.start();
}
// It will not come to the end at which Node keeps what it has compiled.
flushCompileCache();
process.stdout.write("started\n");
