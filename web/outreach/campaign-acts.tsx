import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { CampaignDetail } from "#domains/outreach/contract/campaigns.ts";
import { api } from "#web/api.ts";
import { leadNoun } from "#web/leads/words.ts";
import { campaignQuery, keepCampaign } from "#web/outreach/campaign-query.ts";
import { assigned, underWayIn } from "#web/outreach/campaign-words.ts";
import { problemOf } from "#web/problem.ts";
import { ConfirmDialog } from "#web/ui/confirm-dialog.tsx";
import { countOf } from "#web/ui/format.ts";

export type CampaignAct = "activate" | "pause" | "complete" | "delete";

export type CampaignActDialogProps = { act: CampaignAct; campaign: CampaignDetail; onClose: () => void };

/** Says what an act does to the campaign's leads, then does it. */
export function CampaignActDialog({ act, campaign, onClose }: CampaignActDialogProps) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { id: campaignId } = campaign;
  const moved = {
    onSuccess: async (next: CampaignDetail) => {
      onClose();
      await keepCampaign(queries, next);
    },
  };
  const activate = useMutation(api.outreach.campaigns.activate.mutationOptions(moved));
  const pause = useMutation(api.outreach.campaigns.pause.mutationOptions(moved));
  const complete = useMutation(api.outreach.campaigns.complete.mutationOptions(moved));
  const remove = useMutation({
    ...api.outreach.campaigns.delete.mutationOptions(),
    onSuccess: async () => {
      onClose();
      await navigate({ to: "/campaigns" });
      queries.removeQueries({ queryKey: campaignQuery(campaignId).queryKey });
      await queries.invalidateQueries({ queryKey: api.outreach.key() });
    },
  });
  const run = { activate, pause, complete, delete: remove }[act];
  const { title, consequences, action } = wordsOf(campaign)[act];
  const problem = run.error ? problemOf(run.error) : undefined;
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={title}
      consequences={consequences}
      action={action}
      danger={act === "complete" || act === "delete"}
      loading={run.isPending}
      error={problem ? [problem.title, problem.detail].filter(Boolean).join(". ") : undefined}
      onConfirm={() => run.mutate({ campaignId })}
    />
  );
}

type Words = { title: string; consequences: string; action: string };

function wordsOf(campaign: CampaignDetail): Record<CampaignAct, Words> {
  const { name, status, leads } = campaign;
  const all = countOf(assigned(leads), leadNoun);
  const open = underWayIn(campaign);
  const taken =
    open === 0
      ? ""
      : ` Whoever is under way in its sequences (${countOf(open, leadNoun)}) leaves them at the next step.`;
  const verb = status === "PAUSED" ? "Resume" : "Activate";
  return {
    activate: {
      title: `${verb} “${name}”?`,
      consequences: `${all} assigned. What sequences have planned for them under this campaign goes out from now on, as its time comes.`,
      action: `${verb} campaign`,
    },
    pause: {
      title: `Pause “${name}”?`,
      consequences: `Nothing goes out under this campaign to its ${all} until it is resumed. Nobody loses their place.`,
      action: "Pause campaign",
    },
    complete: {
      title: `Complete “${name}”?`,
      consequences: `It ends for good.${taken} What was sent stays. It cannot be activated again.`,
      action: "Complete campaign",
    },
    delete: {
      title: `Delete “${name}”?`,
      consequences: `Its ${all} stay leads; its scripts, messages and conversions stay without it. This cannot be undone.`,
      action: "Delete campaign",
    },
  };
}
