import type { QueryClient } from "@tanstack/react-query";
import type { CampaignDetail } from "#domains/outreach/contract/campaigns.ts";
import { api } from "#web/api.ts";

export const campaignQuery = (campaignId: string) => api.outreach.campaigns.get.queryOptions({ input: { campaignId } });

/** Shows what a write answered at once, and asks again for everything that tells of the same. */
export function keepCampaign(queries: QueryClient, campaign: CampaignDetail): Promise<void> {
  queries.setQueryData(campaignQuery(campaign.id).queryKey, campaign);
  return queries.invalidateQueries({ queryKey: api.outreach.key() });
}
