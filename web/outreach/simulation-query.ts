import type { SimulationStatus } from "#domains/outreach/states.ts";
import { api } from "#web/api.ts";
import type { Tone } from "#web/ui/badge.tsx";

export const simulationQuery = (simulationId: string) =>
  api.outreach.simulations.get.queryOptions({ input: { simulationId } });

export const isUnderWay = (status: SimulationStatus) => status === "QUEUED" || status === "RUNNING";

export const simulationLook: Record<SimulationStatus, { label: string; tone: Tone }> = {
  QUEUED: { label: "Queued", tone: "neutral" },
  RUNNING: { label: "Running", tone: "info" },
  COMPLETED: { label: "Completed", tone: "positive" },
  CANCELLED: { label: "Cancelled", tone: "warning" },
  FAILED: { label: "Failed", tone: "danger" },
};
