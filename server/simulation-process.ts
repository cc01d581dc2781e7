import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { SimulationResult } from "./domains/outreach/contract.ts";
import type { RunSimulation, SimulationProgress } from "./domains/outreach/module.ts";
import type { Config } from "./platform/config.ts";

/** The simulator stands above the server, which it runs: it is started by its path and not imported. */
const WORKER = join(import.meta.dirname, "../simulator/worker.ts");
/** Several times what 5,000 leads over a year need; a fault must not take the server's memory. */
const MOST_MEMORY_MB = 1_024;
/** Rows live for one statement or for one stop of the clock: with this much room (MB) few are copied before they are gone. */
const YOUNG_MB = 32;
/** After that long a process that was told to stop is killed; its scratch database is dropped when the next is made. */
const STOP_MS = 10_000;

type Told =
  | { kind: "day"; progress: SimulationProgress }
  | { kind: "done"; result: SimulationResult }
  | { kind: "failed"; message: string };

/** Half of a small simulation is reading the source: who has just tried something out often tries it again, a little otherwise. */
const KEPT_MS = 2 * 60_000;

function start(): ChildProcess {
  if (!existsSync(WORKER)) throw new Error("This installation came without its simulator folder.");
  const child = fork(WORKER, {
    execArgv: [
      `--max-old-space-size=${MOST_MEMORY_MB}`,
      `--min-semi-space-size=${YOUNG_MB}`,
      `--max-semi-space-size=${YOUNG_MB}`,
    ],
    // Instants stay instants on their way.
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  // Whoever waits for it hears that it is gone; while nobody does, nothing is lost.
  child.on("error", () => undefined);
  return child;
}

/** One process without work, kept for a while. It holds no database, and nobody up: where the server ends, it hears so and ends. */
function keepSpare() {
  let spare: { child: ChildProcess; timer: NodeJS.Timeout } | undefined;
  return {
    take(): ChildProcess {
      const { child, timer } = spare ?? {};
      spare = undefined;
      clearTimeout(timer);
      if (!child?.connected) return start();
      child.ref();
      child.channel?.ref();
      return child;
    },
    giveBack(child: ChildProcess): void {
      if (!child.connected) return;
      if (spare?.child.connected) return child.disconnect();
      clearTimeout(spare?.timer);
      const timer = setTimeout(() => {
        spare = undefined;
        if (child.connected) child.disconnect();
      }, KEPT_MS);
      timer.unref();
      child.unref();
      child.channel?.unref();
      spare = { child, timer };
    },
  };
}

/** Runs simulations in processes beside the requests, each on a scratch database on the server of `databaseUrl`. */
export function simulationProcess(config: Config, databaseUrl: string): RunSimulation {
  const server = { databaseUrl, dataDir: config.dataDir, secretKey: config.secretKey.toString("base64") };
  const spares = keepSpare();
  return (order, onDay, signal) =>
    new Promise((done, fail) => {
      const child = spares.take();
      let limit: NodeJS.Timeout | undefined;
      const stop = () => {
        // It hears that nobody listens any more.
        if (child.connected) child.disconnect();
        limit = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      };
      const forget = () => {
        signal.removeEventListener("abort", stop);
        child.off("message", hear);
        child.off("error", fail);
      };
      const end = () => {
        forget();
        clearTimeout(limit);
        // Where it has told its end before, this is nothing.
        fail(new Error("The simulation ended before it was done."));
      };
      const hear = (told: Told) => {
        if (told.kind === "day") return onDay(told.progress);
        if (told.kind === "done") done(told.result);
        else fail(new Error(told.message));
        if (signal.aborted) return;
        forget();
        child.off("exit", end);
        spares.giveBack(child);
      };
      signal.addEventListener("abort", stop, { once: true });
      child.on("message", hear);
      child.once("error", fail);
      child.once("exit", end);
      // By the channel: a command line can be read by everybody on the machine.
      child.send({ order, server });
    });
}
