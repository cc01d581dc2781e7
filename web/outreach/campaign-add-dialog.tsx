import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { MOST_LEADS_AT_ONCE } from "#domains/outreach/contract/campaigns.ts";
import { api, client } from "#web/api.ts";
import { leadNoun } from "#web/leads/words.ts";
import { Forecast, insideIt } from "#web/outreach/bulk-frame.tsx";
import { CampaignChoice } from "#web/outreach/campaign-choice.tsx";
import { leftOut } from "#web/outreach/left-out.ts";
import { problemOf } from "#web/problem.ts";
import { Button } from "#web/ui/button.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { countOf, formatNumber } from "#web/ui/format.ts";
import { SkeletonText } from "#web/ui/skeleton.tsx";
import { InlineError } from "#web/ui/states.tsx";
import { toast } from "#web/ui/toast.tsx";

export type CampaignAddDialogProps = {
  leadIds: readonly string[];
  /** Unticks the rows, once it is done. */
  clear: () => void;
  onClose: () => void;
};

/** Puts the ticked leads into a campaign, and takes out again for ten seconds those who came in by it. */
export function CampaignAddDialog({ leadIds: chosen, clear, onClose }: CampaignAddDialogProps) {
  const queries = useQueryClient();
  const [campaign, setCampaign] = useState<{ id: string; name: string } | null>(null);
  const settle = () => queries.invalidateQueries({ queryKey: api.outreach.campaigns.key() });
  const assign = useMutation({
    ...api.outreach.campaigns.assign.mutationOptions(),
    onSuccess: ({ leadIds, refusals, isFull }, { campaignId }) => {
      clear();
      onClose();
      void settle();
      const others = [leftOut(refusals), isFull ? "It takes in nobody more." : ""].filter(Boolean).join(" ");
      if (leadIds.length === 0) return toast.done("Nobody came in", others || "All of them were in it before.");
      const undo = () =>
        void client.outreach.campaigns.remove({ campaignId, leadIds }).then(settle, (error) => toast.problem(error));
      return toast.undo(
        `${countOf(leadIds.length, leadNoun)} put into “${campaign?.name ?? ""}”. ${others}`.trim(),
        undo,
      );
    },
  });
  const isTooMany = chosen.length > MOST_LEADS_AT_ONCE;
  const preview = useQuery({
    ...api.outreach.bulkAssignments.preview.queryOptions({
      input: { campaignId: campaign?.id ?? "", leadIds: [...chosen] },
    }),
    enabled: campaign !== null && !isTooMany,
  });
  const { data } = preview;
  const whyNot = isTooMany
    ? `At most ${formatNumber(MOST_LEADS_AT_ONCE)} at once`
    : campaign === null
      ? "Choose a campaign first"
      : data?.wouldAdd === 0
        ? "Nobody of these would come in"
        : null;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Put ${countOf(chosen.length, leadNoun)} into a campaign`}
      description="Being in a campaign sends nothing by itself: sequences that wait for its leads do."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            loading={assign.isPending}
            disabledReason={whyNot}
            onClick={() => (campaign ? assign.mutate({ campaignId: campaign.id, leadIds: [...chosen] }) : undefined)}
          >
            Put into campaign
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {assign.error ? <InlineError problem={problemOf(assign.error)} /> : null}
        <CampaignChoice label="Campaign" value={campaign?.id ?? null} onChange={setCampaign} />
        {campaign === null || isTooMany ? null : preview.error ? (
          <InlineError problem={problemOf(preview.error)} onRetry={() => void preview.refetch()} />
        ) : data ? (
          <Forecast refusals={data.refusals}>
            <p>{`${formatNumber(data.wouldAdd)} of ${countOf(data.count, leadNoun)} would come in.`}</p>
            {data.inside > 0 ? <p>{insideIt(data.inside)}</p> : null}
          </Forecast>
        ) : (
          <SkeletonText lines={2} />
        )}
      </div>
    </Dialog>
  );
}
