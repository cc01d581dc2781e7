import { enrollmentOperations } from "./contract/enrollments.ts";
import { scriptOperations } from "./contract/scripts.ts";
import { sequenceOperations } from "./contract/sequences.ts";

export const outreachContract = {
  scripts: scriptOperations,
  sequences: sequenceOperations,
  enrollments: enrollmentOperations,
};
