import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { elapsed } from "#platform/clock.ts";
import { portOf } from "#providers/test-stub.ts";
import { undoneAtEnd } from "./setup.ts";

const ROOT = join(import.meta.dirname, "..");
const GIVE_UP_MS = 120_000;
const LOOK_EVERY_MS = 10;

/** A whole process of ours that listens. */
export type Product = {
  url: string;
  pid: number;
  /** From the start of the process to the first answer of its pages, in milliseconds. */
  startedMs: number;
  stop(): Promise<void>;
};

/** Starts a program of ours with this environment and nothing else, and waits until `GET /` is answered with 200. */
export async function startProduct(
  env: Record<string, string>,
  { program = "server/main.ts", args = [] }: { program?: string; args?: readonly string[] } = {},
): Promise<Product> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const start = elapsed();
  const child = spawn(process.execPath, [join(ROOT, program), ...args], {
    cwd: ROOT,
    env: { NODE_ENV: "production", DEMO: "off", PORT: String(port), ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const stop = undoneAtEnd(() => stopped(child));
  await answered(child, url);
  return { url, pid: child.pid ?? 0, startedMs: elapsed() - start, stop };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const port = portOf(probe);
  probe.close();
  await once(probe, "close");
  return port;
}

async function answered(child: ChildProcess, url: string): Promise<void> {
  const until = elapsed() + GIVE_UP_MS;
  while (elapsed() < until) {
    if (child.exitCode !== null) throw new Error(`The process ended with ${child.exitCode} before it answered.`);
    // Nothing listens yet: asked again.
    const answer = await fetch(url, { headers: { accept: "text/html" } }).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.status === 200) return;
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error(`${url} does not answer.`);
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
}
