import type { Refusal } from "#domains/outreach/contract/bulk-enrollments.ts";
import { plainDetail } from "#web/outreach/enrollment-words.ts";
import { formatNumber } from "#web/ui/format.ts";

/** How many were left out for which reason, in sentences; empty where nobody was. */
export const leftOut = (refusals: readonly Pick<Refusal, "count" | "reason">[]): string =>
  refusals.map(({ count, reason }) => `${formatNumber(count)} left out: ${plainDetail(reason)}`).join(" ");
