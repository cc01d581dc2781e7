import { bulkAssignmentOperations } from "./contract/bulk-assignments.ts";
import { bulkEnrollmentOperations } from "./contract/bulk-enrollments.ts";
import { calendarOperations } from "./contract/calendar.ts";
import { campaignOperations } from "./contract/campaigns.ts";
import { enrollmentOperations } from "./contract/enrollments.ts";
import { oneOffOperations } from "./contract/one-off.ts";
import { overviewOperations } from "./contract/overview.ts";
import { attemptOperations, executionOperations } from "./contract/executions.ts";
import { scriptVersionOperations } from "./contract/script-versions.ts";
import { scriptOperations } from "./contract/scripts.ts";
import { sequenceOperations } from "./contract/sequences.ts";
import { simulationOperations } from "./contract/simulations.ts";
import { versionOperations } from "./contract/versions.ts";

export const outreachContract = {
  campaigns: campaignOperations,
  bulkAssignments: bulkAssignmentOperations,
  scripts: scriptOperations,
  scriptVersions: scriptVersionOperations,
  sequences: sequenceOperations,
  versions: versionOperations,
  enrollments: enrollmentOperations,
  bulkEnrollments: bulkEnrollmentOperations,
  executions: executionOperations,
  attempts: attemptOperations,
  overview: overviewOperations,
  calendar: calendarOperations,
  oneOff: oneOffOperations,
  simulations: simulationOperations,
};

export type { SimulationResult } from "./contract/simulations.ts";
