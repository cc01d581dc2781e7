/**
 * A process of its own on a test's database, to be killed or to race: `node test-process.ts <url> <dataDir> <workspace> <work>`.
 * `import` works imports until none runs; `create` makes twenty leads of one e-mail address at once and prints what it was told.
 */
import { flushCompileCache } from "node:module";
import { systemClock } from "#platform/clock.ts";
import { readConfig } from "#platform/config.ts";
import { openDatabase } from "#platform/database/pool.ts";
import { systemDns } from "#platform/dns.ts";
import { createLog } from "#platform/log.ts";
import { createRuntime } from "#platform/runtime.ts";
import { createLead } from "../commands/create-lead.ts";
import { runImports } from "../commands/run-imports.ts";

const [, , url = "", dataDir = "", workspace = "", work = ""] = process.argv;
const config = readConfig({
  NODE_ENV: "test",
  DATA_DIR: dataDir,
  DATABASE_URL: url,
  SECRET_KEY: Buffer.alloc(32, 7).toString("base64"),
});
const log = createLog("silent");
const database = openDatabase(url, { max: 10, onError: () => undefined });
const providers = {
  publicUrl: "",
  active: async () => null,
  byName: async () => null,
  leadAds: async () => null,
  dns: systemDns(),
  forget: () => undefined,
  readUnsubscribe: () => null,
  unsubscribeUrl: () => "",
};
const runtime = createRuntime({ config, clock: systemClock, log, database, providers });

// A process that is killed does not come to the end at which Node keeps what it has compiled.
flushCompileCache();
if (work === "import") {
  while (await runImports(runtime));
} else {
  const ctx = runtime.contextFor(workspace, { kind: "system", id: "test" });
  const made = await Promise.all(Array.from({ length: 20 }, () => createLead(ctx, { email: "ana@example.com" })));
  process.stdout.write(JSON.stringify(made));
}
await database.close();
