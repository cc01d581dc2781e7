/**
 * A process of its own that tries out sequences, one after the other, until nobody listens any more: the server goes on answering meanwhile. Started
 * by `server/simulation-process.ts`.
 */
import type { SimulationOrder, SimulationProgress, SimulationResult } from "#domains/outreach/index.ts";
import { keepCompiledCode } from "#platform/start/compiled-code.ts";
import { type TrialServer, openTrialScratch } from "./trial-scratch.ts";

const stop = new AbortController();
process.once("disconnect", () => stop.abort(new Error("cancelled")));
const tell = (what: Record<string, unknown>) => (process.connected ? process.send?.(what) : undefined);

async function serve({ order, server }: { order: SimulationOrder; server: TrialServer }): Promise<void> {
  keepCompiledCode(server.dataDir);
  const making = openTrialScratch(server);
  // Heard below, where it is waited for.
  making.catch(() => undefined);
  try {
    const { tryOut } = await import("./trial.ts");
    const watching = {
      signal: stop.signal,
      onDay: (progress: SimulationProgress) => tell({ kind: "day", progress }),
      onResult: (result: SimulationResult) => tell({ kind: "done", result }),
    };
    await tryOut(order, server, watching, making);
  } catch (error) {
    tell({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

process.on("message", (given: { order: SimulationOrder; server: TrialServer }) => void serve(given));
