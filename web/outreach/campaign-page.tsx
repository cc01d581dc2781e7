import { useQuery, useSuspenseQuery, type QueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { CircleCheckBig, Pause, Play, Trash2, UserPlus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { CampaignDetail } from "#domains/outreach/contract/campaigns.ts";
import { whyNotActivateCampaign, whyNotCompleteCampaign, whyNotPauseCampaign } from "#domains/outreach/states.ts";
import { leadNoun } from "#web/leads/words.ts";
import { CampaignActDialog, type CampaignAct } from "#web/outreach/campaign-acts.tsx";
import { CampaignFacts } from "#web/outreach/campaign-facts.tsx";
import { CampaignLeads, campaignLeadsQuery } from "#web/outreach/campaign-leads.tsx";
import { campaignQuery } from "#web/outreach/campaign-query.ts";
import { CampaignScripts, campaignScriptsQuery } from "#web/outreach/campaign-scripts.tsx";
import { CampaignSequences } from "#web/outreach/campaign-sequences.tsx";
import { assigned, campaignLook, underWayIn } from "#web/outreach/campaign-words.ts";
import type { CampaignSearch } from "#web/outreach/search.ts";
import { GoneBanner } from "#web/outreach/gone-banner.tsx";
import { Page } from "#web/shell/page.tsx";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { StatusPill } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { useNow } from "#web/ui/clock.ts";
import { countOf } from "#web/ui/format.ts";
import { late } from "#web/ui/late.tsx";
import { Tabs } from "#web/ui/tabs.tsx";

const AssignDialog = late(() =>
  import("#web/outreach/campaign-assign-dialog.tsx").then((module) => module.AssignDialog),
);

const BulkAssignPanel = lazy(() =>
  import("#web/outreach/bulk-assign-panel.tsx").then((module) => ({ default: module.BulkAssignPanel })),
);

// Loader

export function load(queries: QueryClient, campaignId: string, { status, q }: CampaignSearch) {
  void queries.prefetchInfiniteQuery(campaignLeadsQuery(campaignId, status, q));
  void queries.prefetchQuery(campaignScriptsQuery(campaignId));
  return queries.ensureQueryData(campaignQuery(campaignId));
}

// Page

const route = getRouteApi("/frame/campaigns/$campaignId");

export function CampaignPage() {
  const { campaignId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: campaign } = useSuspenseQuery(campaignQuery(campaignId));
  const scripts = useQuery(campaignScriptsQuery(campaignId)).data?.data;
  const whyNot = useWhyNot("outreach:write");
  const [act, setAct] = useState<CampaignAct>();
  const [assigning, setAssigning] = useState(false);
  const { name, status, leads } = campaign;
  const change = (next: CampaignSearch) => void navigate({ search: (now) => ({ ...now, ...next }), replace: true });
  const whyNotAssign = whyNot ?? (status === "COMPLETED" ? "A completed campaign takes nobody in" : null);
  const assign = (
    <Button icon={UserPlus} disabledReason={whyNotAssign} onClick={() => setAssigning(true)}>
      Assign leads
    </Button>
  );
  return (
    <Page
      title={name}
      context={[campaign.description, countOf(assigned(leads), leadNoun)].filter(Boolean).join(" · ")}
      status={<StatusPill tone={campaignLook[status].tone}>{campaignLook[status].label}</StatusPill>}
      back={{ to: "/campaigns", label: "Campaigns" }}
      fill
      action={
        <>
          {assign}
          <MainAct campaign={campaign} whyNot={whyNot} onAct={setAct} />
        </>
      }
      menu={[
        {
          items: [
            {
              label: "Complete campaign",
              icon: CircleCheckBig,
              disabledReason: whyNot ?? whyNotCompleteCampaign(campaign)?.detail,
              onSelect: () => setAct("complete"),
            },
            {
              label: "Delete campaign",
              icon: Trash2,
              danger: true,
              disabledReason: whyNot ?? whyNotDelete(campaign),
              onSelect: () => setAct("delete"),
            },
          ],
        },
      ]}
    >
      <GoneBanner warnings={campaign.warnings} todo="Change the rule under “Who comes in”." />
      <div className="scroll-quiet relative flex min-h-0 min-w-0 grow flex-col overflow-y-auto border-t lg:flex-row lg:overflow-hidden">
        <div className="order-last flex min-h-120 min-w-0 grow flex-col max-lg:border-t lg:order-none lg:min-h-0">
          <Tabs
            label="Views"
            value={search.tab ?? "leads"}
            onChange={(tab) => change({ tab: tab === "leads" ? undefined : tab })}
            className="min-w-0 grow [&>[role=tablist]]:px-4 sm:[&>[role=tablist]]:px-6"
            tabs={[
              {
                value: "leads",
                label: "Leads",
                count: assigned(leads),
                content: (
                  <div className="flex h-full min-h-0 min-w-0 flex-col">
                    <Suspense>
                      <BulkAssignPanel
                        campaignId={campaignId}
                        openId={search.bulk}
                        onOpen={(bulk) => change({ bulk })}
                      />
                    </Suspense>
                    <div className="min-h-0 min-w-0 grow">
                      <CampaignLeads
                        campaignId={campaignId}
                        campaignName={name}
                        status={search.status}
                        onStatus={(wanted) => change({ status: wanted })}
                        q={search.q}
                        onSearch={(q) => change({ q })}
                        onClear={() => change({ q: undefined, status: undefined })}
                        assign={assign}
                      />
                    </div>
                  </div>
                ),
              },
              {
                value: "sequences",
                label: "Sequences",
                count: campaign.sequences.length,
                content: <CampaignSequences sequences={campaign.sequences} />,
              },
              {
                value: "scripts",
                label: "Scripts",
                count: scripts?.length,
                content: <CampaignScripts campaignId={campaignId} />,
              },
            ]}
          />
        </div>
        <div className="shrink-0 px-4 py-4 sm:px-6 lg:relative lg:w-80 lg:overflow-y-auto lg:border-l">
          <CampaignFacts campaign={campaign} onStatus={(wanted) => change({ tab: undefined, status: wanted })} />
        </div>
      </div>
      {act ? <CampaignActDialog act={act} campaign={campaign} onClose={() => setAct(undefined)} /> : null}
      <Suspense>
        {assigning ? (
          <AssignDialog campaignId={campaignId} campaignName={name} onClose={() => setAssigning(false)} />
        ) : null}
      </Suspense>
    </Page>
  );
}

function whyNotDelete(campaign: CampaignDetail): string | null {
  if (campaign.status === "ACTIVE") return "An active campaign cannot be deleted; pause or complete it";
  const open = underWayIn(campaign);
  return open === 0 ? null : `${countOf(open, leadNoun)} under way in its sequences: take them out first`;
}

type MainActProps = { campaign: CampaignDetail; whyNot: string | null; onAct: (act: CampaignAct) => void };

/** What one does next with a campaign in its state; nothing with one that is over. */
function MainAct({ campaign, whyNot, onAct }: MainActProps) {
  const now = useNow();
  const { status, endDate } = campaign;
  if (status === "COMPLETED") return null;
  if (status === "ACTIVE") {
    const reason = whyNot ?? whyNotPauseCampaign(campaign)?.detail;
    return (
      <Button icon={Pause} disabledReason={reason} onClick={() => onAct("pause")}>
        Pause campaign
      </Button>
    );
  }
  const ends = endDate ? new Date(endDate) : null;
  const reason = whyNot ?? whyNotActivateCampaign({ status, endDate: ends }, now)?.detail;
  return (
    <Button variant="primary" icon={Play} disabledReason={reason} onClick={() => onAct("activate")}>
      {status === "DRAFT" ? "Activate campaign" : "Resume campaign"}
    </Button>
  );
}
