import { implement } from "@orpc/server";
import { type Context, allow } from "#platform/context.ts";
import { instantCursor, toPage } from "#platform/http/cursor.ts";
import { instantOrNull } from "#platform/http/instants.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { cancelSimulation, startSimulation } from "../commands/start-simulation.ts";
import {
  type SimulationDetail,
  type SimulationView,
  newSimulationSchema,
  simulationOperations,
  simulationResultSchema,
} from "../contract/simulations.ts";
import { SimulationNotFound } from "../problems.ts";
import { type SimulationRow, findSimulation, listSimulations } from "../queries/simulations.ts";
import { showFilter } from "./show-filter.ts";

const os = implement(simulationOperations).$context<RequestContext>();

function show(ctx: Context, row: SimulationRow): SimulationView {
  const { filter, leadIds, invented, rates } = newSimulationSchema.parse({ ...row.input, sequenceId: row.sequenceId });
  return {
    id: row.id,
    sequenceId: row.sequenceId,
    sequenceName: row.sequenceName,
    status: row.status,
    filter: filter ? showFilter(ctx, filter) : null,
    leadCount: leadIds?.length ?? null,
    invented: invented ?? null,
    rates,
    seed: row.seed,
    startAt: row.startAt.toISOString(),
    days: row.days,
    daysDone: row.daysDone,
    touches: row.touches,
    failure: row.failure,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    finishedAt: instantOrNull(row.finishedAt),
  };
}

async function showOne(ctx: Context, id: string): Promise<SimulationDetail> {
  const row = await findSimulation(ctx, id);
  if (!row) throw SimulationNotFound();
  return { ...show(ctx, row), result: row.result && simulationResultSchema.parse(row.result) };
}

export const simulationRoutes = {
  create: os.create.handler(async ({ context: { ctx }, input }) => showOne(ctx, await startSimulation(ctx, input))),
  list: os.list.handler(async ({ context: { ctx }, input: { limit, cursor, ...filter } }) => {
    allow(ctx, "outreach:read");
    const rows = await listSimulations(ctx, { ...filter, limit, after: instantCursor(cursor) });
    return toPage(
      rows,
      limit,
      (row) => [row.createdAt.getTime(), row.id],
      (row) => show(ctx, row),
    );
  }),
  get: os.get.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "outreach:read");
    return showOne(ctx, input.simulationId);
  }),
  cancel: os.cancel.handler(async ({ context: { ctx }, input: { simulationId } }) => {
    await cancelSimulation(ctx, simulationId);
    return showOne(ctx, simulationId);
  }),
};
