import { fork } from "node:child_process";
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

/** Runs simulations in a process beside the requests, each on a scratch database on the server of `databaseUrl`. */
export function simulationProcess(config: Config, databaseUrl: string): RunSimulation {
  const server = { databaseUrl, dataDir: config.dataDir, secretKey: config.secretKey.toString("base64") };
  return (order, onDay, signal) =>
    new Promise((done, fail) => {
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
      let limit: NodeJS.Timeout | undefined;
      const stop = () => {
        // It hears that nobody listens any more.
        if (child.connected) child.disconnect();
        limit = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      };
      signal.addEventListener("abort", stop, { once: true });
      child.on("message", (told: Told) => {
        if (told.kind === "day") onDay(told.progress);
        else if (told.kind === "done") done(told.result);
        else fail(new Error(told.message));
      });
      child.once("error", fail);
      child.once("exit", () => {
        clearTimeout(limit);
        signal.removeEventListener("abort", stop);
        // Where it has told its end before, this is nothing.
        fail(new Error("The simulation ended before it was done."));
      });
      // By the channel: a command line can be read by everybody on the machine.
      child.send({ order, server });
    });
}
