import { enrollmentOperations } from "./contract/enrollments.ts";

export const outreachContract = {
  enrollments: enrollmentOperations,
};
