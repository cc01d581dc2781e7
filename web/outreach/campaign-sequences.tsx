import { Link } from "@tanstack/react-router";
import { Workflow } from "lucide-react";
import type { CampaignDetail } from "#domains/outreach/contract/campaigns.ts";
import { leadNoun } from "#web/leads/words.ts";
import { everEnrolled, sequenceLook, underWay } from "#web/outreach/words.ts";
import { Badge, StatusPill } from "#web/ui/badge.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { countOf, formatNumber } from "#web/ui/format.ts";
import { EmptyState } from "#web/ui/states.tsx";

/** The sequences that a campaign's leads are or were in for it, and those that wait for its leads. */
export function CampaignSequences({ sequences }: Pick<CampaignDetail, "sequences">) {
  if (sequences.length === 0) {
    return (
      <EmptyState
        icon={Workflow}
        title="No sequence runs for this campaign"
        action={<LinkButton to="/sequences">Open sequences</LinkButton>}
      >
        Let a sequence take in the leads of this campaign, or enrol them there. What it sends is held back with the
        campaign.
      </EmptyState>
    );
  }
  return (
    <ul className="scroll-quiet relative -mt-4 h-[calc(100%+1rem)] overflow-y-auto">
      {sequences.map(({ id, name, status, isTriggered, enrolled }) => (
        <li key={id} className="flex min-h-9 flex-wrap items-center gap-x-4 border-b px-4 py-1 text-sm sm:px-6">
          <span className="flex min-w-0 grow basis-60 items-center gap-2">
            <Link
              to="/sequences/$sequenceId"
              params={{ sequenceId: id }}
              className="min-w-0 truncate rounded-md font-medium underline-offset-4 hover:underline"
            >
              {name}
            </Link>
            {isTriggered ? <Badge tone="accent">Takes in new leads</Badge> : null}
          </span>
          <span className="w-24">
            <StatusPill tone={sequenceLook[status].tone}>{sequenceLook[status].label}</StatusPill>
          </span>
          <span className="text-ink-muted tabular-nums sm:w-60 sm:text-right">
            {`${countOf(underWay(enrolled), leadNoun)} under way, ${formatNumber(everEnrolled(enrolled))} ever`}
          </span>
        </li>
      ))}
    </ul>
  );
}
