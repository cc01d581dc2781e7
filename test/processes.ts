import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { expect, onTestFinished } from "vitest";
import { makeDatabaseDir } from "./memory-disk.ts";
import { ROOT } from "./source.ts";
import { testDatabase, type World } from "./world.ts";

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, "127.0.0.1", done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (typeof address !== "object" || !address) throw new Error("no port");
  return address.port;
}

/** A directory that goes when the test ends; the database's own user can enter it. */
export async function temporaryDir(): Promise<string> {
  const dir = await makeDatabaseDir();
  await chmod(dir, 0o711);
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

const pick = (...names: string[]) => Object.fromEntries(names.map((name) => [name, process.env[name] ?? ""]));

export type Started = {
  child: ChildProcess;
  output: () => string;
  exit: Promise<number | null>;
  until: (text: RegExp) => Promise<void>;
};

/** The real process, as `npm start` runs it, without the pages. */
export function start(env: Record<string, string>, script = "server/main.ts"): Started {
  const child = spawn(process.execPath, [script], {
    cwd: ROOT,
    // What one process has compiled the next one finds: in a data directory of its own each would begin anew.
    env: { ...pick("PATH", "NODE_COMPILE_CACHE"), LOG_LEVEL: "error", DEMO: "off", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
  const exit = new Promise<number | null>((done) => child.once("close", done));
  onTestFinished(async () => {
    child.kill("SIGTERM");
    await exit;
  });
  const until = async (wanted: RegExp) => {
    await expect.poll(() => text, { timeout: 60_000, interval: 50 }).toMatch(wanted);
  };
  return { child, exit, output: () => text, until };
}

/**
 * A worker process on the world's database, turning its loops when this resolves. Its clock begins at `at` (the world's time unless told); it has
 * so many processors. It ends with the test, if nobody has ended it before.
 */
export async function startWorker(
  { runtime, clock }: Pick<World, "runtime" | "clock">,
  { at = clock.now(), processors = 1 } = {},
): Promise<ChildProcess> {
  const { dataDir, secretKey } = runtime.config;
  const { url } = await testDatabase();
  const child = spawn(
    process.execPath,
    ["test/kill-worker.ts", url, dataDir, at.toISOString(), secretKey.toString("base64"), String(processors)],
    { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
  await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
  expect(child.exitCode, `the worker did not start: ${said}`).toBeNull();
  return child;
}
