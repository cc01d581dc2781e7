import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { LeadFilterInput } from "#domains/leads/rules.ts";
import type { AssignmentPreview } from "#domains/outreach/contract/bulk-assignments.ts";
import { api } from "#web/api.ts";
import { leadNoun } from "#web/leads/words.ts";
import { Forecast, insideIt } from "#web/outreach/bulk-frame.tsx";
import { CampaignChoice } from "#web/outreach/campaign-choice.tsx";
import { problemOf } from "#web/problem.ts";
import { Button } from "#web/ui/button.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { countOf, formatNumber, rowCountOf } from "#web/ui/format.ts";
import { SkeletonText } from "#web/ui/skeleton.tsx";
import { InlineError } from "#web/ui/states.tsx";

export type CampaignFillDialogProps = {
  filter: LeadFilterInput;
  /** Unticks the rows, once it is asked. */
  clear: () => void;
  onStarted: (started: { id: string; campaignId: string }) => void;
  onClose: () => void;
};

/** Says how many of all matching leads would come into a campaign and why others would not, then starts the work in the background. */
export function CampaignFillDialog({ filter, clear, onStarted, onClose }: CampaignFillDialogProps) {
  const queries = useQueryClient();
  const [campaign, setCampaign] = useState<{ id: string; name: string } | null>(null);
  const campaignId = campaign?.id ?? "";
  const preview = useQuery({
    ...api.outreach.bulkAssignments.preview.queryOptions({ input: { campaignId, filter } }),
    enabled: campaign !== null,
  });
  const start = useMutation({
    ...api.outreach.bulkAssignments.create.mutationOptions(),
    onSuccess: (started) => {
      void queries.invalidateQueries({ queryKey: api.outreach.key() });
      clear();
      onClose();
      onStarted(started);
    },
  });
  const { data } = preview;
  const isAll = data !== undefined && data.lookedAt >= data.count;
  const whyNot =
    campaign === null
      ? "Choose a campaign first"
      : data === undefined
        ? "Counting the leads…"
        : data.wouldAdd === 0 && (isAll || data.room === 0)
          ? "Nobody of these would come in"
          : null;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      width="xl"
      title="Put all matching leads into a campaign"
      description="Goes on in the background; each lead is taken once. Being in a campaign sends nothing by itself: sequences that wait for its leads do."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            loading={start.isPending}
            disabledReason={whyNot}
            onClick={() => start.mutate({ campaignId, filter })}
          >
            {data && isAll && data.wouldAdd > 0 ? `Put in ${countOf(data.wouldAdd, leadNoun)}` : "Put into campaign"}
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 pt-1">
        {start.error ? <InlineError problem={problemOf(start.error)} /> : null}
        <CampaignChoice label="Campaign" value={campaign?.id ?? null} onChange={setCampaign} />
        {campaign === null ? null : preview.error ? (
          <InlineError problem={problemOf(preview.error)} onRetry={() => void preview.refetch()} />
        ) : data ? (
          <Forecast refusals={data.refusals}>
            <p>
              <span className="font-medium first-letter:uppercase">{foundIn(data)}</span>
              {isAll
                ? `${data.count === 1 ? " matches" : " match"}, ${formatNumber(data.wouldAdd)} would come in.`
                : ` match. Of the ${formatNumber(data.lookedAt)} that were added first, ${formatNumber(data.wouldAdd)} would come in.`}
            </p>
            {data.inside > 0 ? <p>{insideIt(data.inside)}</p> : null}
            {data.room === null ? null : <p>{roomIn(data.room)}</p>}
          </Forecast>
        ) : (
          <SkeletonText lines={2} />
        )}
      </div>
    </Dialog>
  );
}

const foundIn = ({ count, isEstimate }: AssignmentPreview) =>
  rowCountOf({ value: count, exact: !isEstimate }, leadNoun);

const roomIn = (room: number) =>
  room === 0
    ? "The campaign is full."
    : `${formatNumber(room)} ${room === 1 ? "place is" : "places are"} left in it; those who were added first come in.`;
