import type { Module } from "#platform/module.ts";
import { completeEnded } from "./commands/complete-ended.ts";
import { runBulkAssignments } from "./commands/run-bulk-assignments.ts";
import { runBulkEnrollments } from "./commands/run-bulk-enrollments.ts";
import { sweepSilent } from "./commands/sweep-silent.ts";
import { dispatchLoop } from "./engine/dispatch.ts";
import { registerOutreach } from "./handlers.ts";
import { bulkAssignmentRoutes } from "./routes/bulk-assignments.ts";
import { bulkEnrollmentRoutes } from "./routes/bulk-enrollments.ts";
import { calendarRoutes } from "./routes/calendar.ts";
import { campaignRoutes } from "./routes/campaigns.ts";
import { enrollmentRoutes } from "./routes/enrollments.ts";
import { oneOffRoutes } from "./routes/one-off.ts";
import { overviewRoutes } from "./routes/overview.ts";
import { attemptRoutes, executionRoutes } from "./routes/executions.ts";
import { scriptVersionRoutes } from "./routes/script-versions.ts";
import { scriptRoutes } from "./routes/scripts.ts";
import { sequenceRoutes } from "./routes/sequences.ts";
import { simulationRoutes } from "./routes/simulations.ts";
import { versionRoutes } from "./routes/versions.ts";

export const outreachModule: Module = {
  name: "outreach",
  router: {
    campaigns: campaignRoutes,
    bulkAssignments: bulkAssignmentRoutes,
    scripts: scriptRoutes,
    scriptVersions: scriptVersionRoutes,
    sequences: sequenceRoutes,
    versions: versionRoutes,
    enrollments: enrollmentRoutes,
    bulkEnrollments: bulkEnrollmentRoutes,
    executions: executionRoutes,
    attempts: attemptRoutes,
    overview: overviewRoutes,
    calendar: calendarRoutes,
    oneOff: oneOffRoutes,
    simulations: simulationRoutes,
  },
  loops: [
    dispatchLoop,
    { name: "outreach.run-bulk-assignments", everyMs: 1_000, turn: runBulkAssignments },
    { name: "outreach.run-bulk-enrollments", everyMs: 1_000, turn: runBulkEnrollments },
    // Each sequence is swept every five minutes; a new one need not wait for that.
    { name: "outreach.sweep-silent", everyMs: 30_000, turn: sweepSilent },
    { name: "outreach.complete-ended", everyMs: 60_000, turn: completeEnded },
  ],
  register: registerOutreach,
};

export { type RunSimulation, type SimulationProgress, simulationLoop } from "./commands/run-simulations.ts";
