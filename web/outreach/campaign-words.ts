import type { CampaignDetail } from "#domains/outreach/contract/campaigns.ts";
import type { CampaignLeadStatus, CampaignStatus } from "#domains/outreach/states.ts";
import { underWay } from "#web/outreach/words.ts";
import type { Tone } from "#web/ui/badge.tsx";

export const campaignNoun = { one: "campaign", other: "campaigns" };

export const campaignLook: Record<CampaignStatus, { label: string; tone: Tone }> = {
  DRAFT: { label: "Draft", tone: "neutral" },
  ACTIVE: { label: "Active", tone: "positive" },
  PAUSED: { label: "Paused", tone: "warning" },
  COMPLETED: { label: "Completed", tone: "neutral" },
};

export const campaignLeadLook: Record<CampaignLeadStatus, { label: string; tone: Tone }> = {
  PENDING: { label: "Not begun", tone: "neutral" },
  IN_PROGRESS: { label: "In progress", tone: "info" },
  COMPLETED: { label: "Completed", tone: "positive" },
  FAILED: { label: "Failed", tone: "danger" },
};

type Leads = Partial<Record<CampaignLeadStatus, number>>;

/** Everybody who is assigned to a campaign. */
export function assigned(leads: Leads): number {
  return Object.values(leads).reduce((sum, count) => sum + count, 0);
}

/** Places in its sequences where a lead has not come to an end. */
export function underWayIn({ sequences }: Pick<CampaignDetail, "sequences">): number {
  return sequences.reduce((sum, { enrolled }) => sum + underWay(enrolled), 0);
}
