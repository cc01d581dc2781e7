import { randomInt } from "node:crypto";
import { type Context, allow, inTransaction } from "#platform/context.ts";
import { LARGEST_SEED, type NewSimulation } from "../contract/simulations.ts";
import {
  SequenceNotFound,
  SequenceNotInState,
  SimulationNotFound,
  SimulationNotInState,
  TooManySimulations,
} from "../problems.ts";
import { shareSequence } from "../queries/sequence-rows.ts";
import {
  countOpenSimulations,
  endSimulation,
  forgetSimulations,
  insertSimulation,
  lockSimulation,
} from "../queries/simulations.ts";

/** A workspace that asks for more at once waits: each keeps a processor busy. */
const MOST_OPEN = 3;
const KEPT_MS = 30 * 86_400_000;

/**
 * Asks for a simulation and returns its id; the loop does it. Results older than thirty days go. Throws SequenceNotFound, SequenceNotInState,
 * TooManySimulations.
 */
export async function startSimulation(ctx: Context, asked: NewSimulation): Promise<string> {
  allow(ctx, "outreach:write");
  allow(ctx, "leads:read");
  const { sequenceId, startAt, days, seed = randomInt(LARGEST_SEED), ...input } = asked;
  return inTransaction(ctx, async (tx) => {
    const sequence = await shareSequence(tx, sequenceId);
    if (!sequence) throw SequenceNotFound();
    if (sequence.status === "ARCHIVED") throw SequenceNotInState("An archived sequence is over for good.");
    await forgetSimulations(tx, new Date(tx.now().getTime() - KEPT_MS));
    if ((await countOpenSimulations(tx)) >= MOST_OPEN) throw TooManySimulations();
    const now = tx.now();
    const start = startAt === undefined ? now : new Date(startAt);
    return insertSimulation(tx, { sequenceId, input, seed, startAt: start < now ? now : start, days });
  });
}

/** Ends a simulation; whatever runs it notices within a moment. Throws SimulationNotFound, SimulationNotInState. */
export async function cancelSimulation(ctx: Context, simulationId: string): Promise<void> {
  allow(ctx, "outreach:write");
  await inTransaction(ctx, async (tx) => {
    const simulation = await lockSimulation(tx, simulationId);
    if (!simulation) throw SimulationNotFound();
    const { status } = simulation;
    if (status !== "QUEUED" && status !== "RUNNING") throw SimulationNotInState(`It is ${status}.`);
    await endSimulation(tx, simulationId, { status: "CANCELLED" });
  });
}
