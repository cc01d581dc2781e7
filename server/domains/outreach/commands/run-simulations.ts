import { allow, type Context } from "#platform/context.ts";
import { type Loop, forEach } from "#platform/loops.ts";
import type { Runtime } from "#platform/runtime.ts";
import { leadFilterSchema } from "#domains/leads/index.ts";
import { CHANNELS, type Channel } from "#domains/messaging/index.ts";
import {
  type AnswerRates,
  MOST_SIMULATED_LEADS,
  type SimulationResult,
  newSimulationSchema,
} from "../contract/simulations.ts";
import { firstWanted } from "../queries/bulk-enrollments.ts";
import {
  beatSimulation,
  claimSimulation,
  endSimulation,
  findSimulation,
  workspacesWithOpenSimulations,
} from "../queries/simulations.ts";

/** What is to be tried, complete: whoever runs it asks nothing further. */
export type SimulationOrder = {
  workspaceId: string;
  sequenceId: string;
  /** Leads of the workspace, or how many invented people. */
  whom: { leadIds: string[] } | { invented: number };
  startAt: Date;
  days: number;
  seed: number;
  rates: AnswerRates;
  /** Channels over which nothing could go today. */
  withoutVendor: Channel[];
};
export type SimulationProgress = { daysDone: number; touches: number };
/** Runs one on a copy, and says after each day how far it is. Throws what ended it, and when `signal` says so. */
export type RunSimulation = (
  order: SimulationOrder,
  onDay: (progress: SimulationProgress) => void,
  signal: AbortSignal,
) => Promise<SimulationResult>;

/** A process that has not said for so long that it runs one is taken for gone. A day of a large one takes seconds. */
const LOST_MS = 5 * 60_000;

/**
 * Simulations that were asked for, one at a time in each process. `run` lives above all domains and is handed over by app.ts. Nothing but the
 * simulation's own row is written here.
 */
export const simulationLoop = (run: RunSimulation): Loop => ({
  name: "outreach.run-simulations",
  everyMs: 1_000,
  async turn(runtime: Runtime) {
    const open = await workspacesWithOpenSimulations({ db: runtime.database.forWorkspace("") });
    return forEach(open, 1, async (workspace) => {
      const ctx = runtime.contextFor(workspace, { kind: "system", id: "outreach.run-simulations" });
      const id = await claimSimulation(ctx, new Date(ctx.now().getTime() - LOST_MS));
      if (id === null) return false;
      await runOne(ctx, id, run);
      return true;
    });
  },
});

async function runOne(ctx: Context, id: string, run: RunSimulation): Promise<void> {
  allow(ctx, "outreach:write");
  const stop = new AbortController();
  let latest: SimulationProgress | null = null;
  let beating = Promise.resolve();
  /** What comes while one is written is in the next. */
  const beat = async () => {
    const progress = latest;
    latest = null;
    if (progress && !(await beatSimulation(ctx, id, progress))) stop.abort(new Error("cancelled"));
  };
  try {
    const order = await orderOf(ctx, id);
    if (!order) return;
    const result = await run(
      order,
      (progress) => {
        latest = progress;
        beating = beating.then(beat).catch((error: unknown) => stop.abort(error));
      },
      stop.signal,
    );
    await beating;
    await endSimulation(ctx, id, { status: "COMPLETED", result, daysDone: order.days, touches: result.touches });
  } catch (error) {
    await beating;
    if (!stop.signal.aborted) ctx.log.error({ err: error, simulation: id }, "a simulation failed");
    const failure = error instanceof Error ? error.message : String(error);
    await endSimulation(ctx, id, { status: "FAILED", failure });
  }
}

async function orderOf(ctx: Context, id: string): Promise<SimulationOrder | null> {
  const row = await findSimulation(ctx, id);
  if (!row) return null;
  const { sequenceId, days, seed, startAt } = row;
  const { filter, leadIds, invented, rates } = newSimulationSchema.parse({ ...row.input, sequenceId, days });
  const wanted = { filter: leadFilterSchema.parse(filter ?? {}), leadIds: leadIds ?? null };
  const whom =
    invented === undefined ? { leadIds: (await firstWanted(ctx, wanted, MOST_SIMULATED_LEADS)).ids } : { invented };
  const withoutVendor: Channel[] = [];
  for (const channel of CHANNELS) if ((await ctx.providers.active(ctx, channel)) === null) withoutVendor.push(channel);
  return { workspaceId: ctx.workspace, sequenceId, whom, startAt, days, seed, rates, withoutVendor };
}
