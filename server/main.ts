import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Config, readConfig } from "./platform/config.ts";
import { keepCompiledCode } from "./platform/start/compiled-code.ts";
import { openDatabaseServer } from "./platform/start/database-server.ts";
import { explainStart } from "./platform/start/explain.ts";
import { assertPortFree } from "./platform/start/port.ts";
import { createShutdown } from "./platform/start/shutdown.ts";

const say = (text: string) => process.stdout.write(`${text}\n`);

type Demo = { email: string; password: string };

/** Fills an empty database with a workspace to look at. Returns its login, or null when there is something already. */
async function seedDemo(config: Config, databaseUrl: string): Promise<Demo | null> {
  const path = join(import.meta.dirname, "demo/seed.ts");
  if (!config.demo || !existsSync(path)) return null;
  const seed: { seedDemo(options: { config: Config; databaseUrl: string }): Promise<Demo | null> } = await import(path);
  return seed.seedDemo({ config, databaseUrl });
}

/** config → database → migrations → demo → app → listen; undone in the opposite order. */
async function main(): Promise<void> {
  const shutdown = createShutdown(say);
  try {
    const config = readConfig();
    if (config.underNpm) shutdown.followParent();
    await assertPortFree(config.host, config.port);
    keepCompiledCode(config.dataDir);
    // Both take about a second, in processes of their own: our modules are read while PostgreSQL starts.
    const [database, { createApp }] = await Promise.all([openDatabaseServer(config), import("./app.ts")]);
    shutdown.push("the database", () => database.stop());
    if (database.movedTo)
      say(`The data is in ${database.movedTo}: the user that PostgreSQL runs as may not enter ${config.dataDir}.`);
    const demo = await seedDemo(config, database.url);
    const app = await createApp({ config, databaseUrl: database.url });
    shutdown.push("requests and work under way", () => app.stop());
    await app.start();
    await app.server.listen({ host: config.host, port: config.port });
    say(
      config.role === "worker"
        ? `Throughline's worker is running; health at ${config.publicUrl}/health/ready`
        : `Throughline is running at ${config.publicUrl}`,
    );
    if (demo) say(`Sign in with ${demo.email} and the password ${demo.password}`);
  } catch (error) {
    process.stderr.write(`${explainStart(error)}\n`);
    await shutdown.run(1);
  }
}

await main();
