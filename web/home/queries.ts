import { keepPreviousData } from "@tanstack/react-query";
import { api } from "#web/api.ts";
import type { Period } from "#web/home/search.ts";

/** What waits, today's messages and the sends of the period; the last answer stays while another period is on its way. */
export const messagingQuery = (period: Period) => ({
  ...api.messaging.messages.overview.queryOptions({ input: { days: Number(period) } }),
  placeholderData: keepPreviousData,
});

/** What is due next, and how far the workspace has come. */
export const outreachQuery = api.outreach.overview.get.queryOptions();

/** The vendors that are paused because they kept failing. */
export const pausesQuery = api.messaging.vendors.pauses.queryOptions();

/** What each channel sends through. */
export const integrationsQuery = api.integrations.list.queryOptions();
