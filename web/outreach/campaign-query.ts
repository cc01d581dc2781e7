import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import type { CampaignDetail, campaignPatchSchema } from "#domains/outreach/contract/campaigns.ts";
import { api } from "#web/api.ts";
import { saveOnto } from "#web/shell/save-onto.ts";
import { useNewest } from "#web/shell/newest.ts";

export const campaignQuery = (campaignId: string) => api.outreach.campaigns.get.queryOptions({ input: { campaignId } });

/** Shows what a write answered at once, and asks again for everything that tells of the same. */
export function keepCampaign(queries: QueryClient, campaign: CampaignDetail): Promise<void> {
  queries.setQueryData(campaignQuery(campaign.id).queryKey, campaign);
  return queries.invalidateQueries({ queryKey: api.outreach.key() });
}

const CAMPAIGN_FIELDS = {
  name: { label: "Name" },
  description: { label: "What for" },
  channels: { label: "Channels" },
  startDate: { label: "First day" },
  endDate: { label: "Last day" },
  autoAssign: { label: "Rule" },
  maxLeads: { label: "At most" },
};

/** Changes a campaign from the state in which it is shown; throws the API's refusal. */
export function useSaveCampaign(campaign: CampaignDetail) {
  const queries = useQueryClient();
  const { id: campaignId } = campaign;
  const newest = useNewest(campaign);
  const update = useMutation({
    ...api.outreach.campaigns.update.mutationOptions(),
    onSuccess: (next) => {
      newest.keep(next);
      return keepCampaign(queries, next);
    },
  });
  return {
    isPending: update.isPending,
    save: (patch: z.input<typeof campaignPatchSchema>) =>
      saveOnto({
        base: newest.of(campaign),
        patch,
        fields: CAMPAIGN_FIELDS,
        read: () => queries.fetchQuery({ ...campaignQuery(campaignId), staleTime: 0 }),
        send: (some, expectedUpdatedAt) => update.mutateAsync({ ...some, campaignId, expectedUpdatedAt }),
      }),
  };
}
