/** A process of its own that makes the demo, to be killed in the middle: `node server/demo/test-process.ts <url> <dataDir> <secretKey>`. */
import { readConfig } from "#platform/config.ts";
import { seedDemo } from "./seed.ts";

const [, , databaseUrl = "", dataDir = "", secretKey = ""] = process.argv;
const config = readConfig({
  NODE_ENV: "test",
  DATA_DIR: dataDir,
  DATABASE_URL: databaseUrl,
  SECRET_KEY: secretKey,
  LOG_LEVEL: "error",
});
await seedDemo({ config, databaseUrl });
