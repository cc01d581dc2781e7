import { Invalid } from "#platform/problems.ts";

/** Dates of a request as instants; what was not said stays undefined. */
export const readDates = ({ startDate, endDate }: { startDate?: string | null; endDate?: string | null }) => ({
  ...(startDate !== undefined && { startDate: startDate === null ? null : new Date(startDate) }),
  ...(endDate !== undefined && { endDate: endDate === null ? null : new Date(endDate) }),
});

/** Throws Invalid for a campaign that would end before it starts. */
export function refuseReversed({ startDate, endDate }: { startDate: Date | null; endDate: Date | null }): void {
  if (startDate && endDate && endDate <= startDate)
    throw Invalid(undefined, [{ pointer: "/endDate", detail: "The end is not behind the start" }]);
}
