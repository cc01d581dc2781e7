import { useInfiniteQuery, type QueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Megaphone, Plus } from "lucide-react";
import { Suspense, useState } from "react";
import type { CampaignView } from "#domains/outreach/contract/campaigns.ts";
import { api } from "#web/api.ts";
import { optionsOf } from "#web/leads/words.ts";
import { assigned, campaignLook, campaignNoun } from "#web/outreach/campaign-words.ts";
import { campaignsSearch, type CampaignsSearch } from "#web/outreach/search.ts";
import { withoutRow } from "#web/search.ts";
import { Page } from "#web/shell/page.tsx";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { StatusPill } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { ChannelIcon } from "#web/ui/channel-icon.tsx";
import { useNow } from "#web/ui/clock.ts";
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx";
import { shortDate } from "#web/ui/format.ts";
import { late } from "#web/ui/late.tsx";
import { NameOf } from "#web/outreach/gone-banner.tsx";
import { NotKnown, NumberText } from "#web/ui/number-text.tsx";
import { RelativeTime, useZone } from "#web/ui/relative-time.tsx";
import { SearchBox } from "#web/ui/search-box.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { keyset, useTableSource, type Column } from "#web/ui/table/source.ts";

const NewCampaignDialog = late(() =>
  import("#web/outreach/campaign-new-dialog.tsx").then((module) => module.NewCampaignDialog),
);

type Wanted = Omit<CampaignsSearch, "row">;

// Queries

const campaignsQuery = ({ q, status }: Wanted) =>
  api.outreach.campaigns.list.infiniteOptions({
    ...keyset,
    input: (cursor) => ({ status, search: q, cursor, limit: 50 }),
  });

// Columns and filters

/** A day of the workspace's calendar. */
function Day({ at }: { at: string | null }) {
  const zone = useZone();
  const now = useNow();
  return at ? shortDate(new Date(at), now, zone) : <NotKnown label="not set" />;
}

const columns: Column<CampaignView>[] = [
  { id: "name", header: "Name", width: 220, cell: ({ name, warnings }) => <NameOf name={name} warnings={warnings} /> },
  {
    id: "status",
    header: "Status",
    width: 112,
    grow: 0,
    cell: ({ status }) => <StatusPill tone={campaignLook[status].tone}>{campaignLook[status].label}</StatusPill>,
  },
  {
    id: "channels",
    header: "Channels",
    width: 104,
    grow: 0,
    cell: ({ channels }) =>
      channels.length === 0 ? (
        <NotKnown />
      ) : (
        <span className="flex items-center gap-2">
          {channels.map((channel) => (
            <ChannelIcon key={channel} channel={channel} />
          ))}
        </span>
      ),
  },
  {
    id: "leads",
    header: "Leads",
    width: 96,
    grow: 0,
    align: "end",
    cell: ({ leads }) => <NumberText value={assigned(leads)} />,
  },
  {
    id: "pending",
    header: "Not begun",
    width: 104,
    grow: 0,
    align: "end",
    cell: ({ leads }) => <NumberText value={leads.PENDING ?? 0} />,
  },
  {
    id: "inProgress",
    header: "In progress",
    width: 112,
    grow: 0,
    align: "end",
    cell: ({ leads }) => <NumberText value={leads.IN_PROGRESS ?? 0} />,
  },
  {
    id: "completed",
    header: "Completed",
    width: 112,
    grow: 0,
    align: "end",
    cell: ({ leads }) => <NumberText value={leads.COMPLETED ?? 0} />,
  },
  {
    id: "failed",
    header: "Failed",
    width: 88,
    grow: 0,
    align: "end",
    cell: ({ leads }) => <NumberText value={leads.FAILED ?? 0} />,
  },
  { id: "startDate", header: "First day", width: 104, grow: 0, cell: ({ startDate }) => <Day at={startDate} /> },
  { id: "endDate", header: "Last day", width: 104, grow: 0, cell: ({ endDate }) => <Day at={endDate} /> },
  {
    id: "updatedAt",
    header: "Changed",
    width: 112,
    grow: 0,
    hidden: true,
    cell: ({ updatedAt }) => <RelativeTime at={updatedAt} />,
  },
];

const filters: Filter[] = [
  { id: "status", label: "Status", kind: "choice", single: true, options: optionsOf(campaignLook) },
];

// Loader

export function load(queries: QueryClient, wanted: Wanted) {
  void queries.prefetchInfiniteQuery(campaignsQuery(wanted));
}

// Page

const route = getRouteApi("/frame/campaigns");

export function CampaignsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const wanted = withoutRow(search);
  const source = useTableSource(useInfiniteQuery(campaignsQuery(wanted)));
  const whyNot = useWhyNot("outreach:write");
  const [isNew, setIsNew] = useState(false);
  // A chip hands on a list, the URL holds one text.
  const change = (next: Partial<Record<keyof CampaignsSearch, string | readonly string[]>>) =>
    void navigate({
      search: (now) => campaignsSearch({ ...now, ...next, ...("status" in next ? { status: next.status?.[0] } : {}) }),
      replace: true,
    });
  const create = (
    <Button variant="primary" icon={Plus} disabledReason={whyNot} onClick={() => setIsNew(true)}>
      New campaign
    </Button>
  );
  return (
    <Page
      title="Campaigns"
      context="Leads who are contacted for one purpose, held back and let go together."
      fill
      action={create}
    >
      <DataTable
        id="campaigns"
        label="Campaigns"
        noun={campaignNoun}
        source={source}
        columns={columns}
        rowId={(campaign) => campaign.id}
        rowName={(campaign) => campaign.name}
        rowLink={(campaign) => ({ to: "/campaigns/$campaignId", params: { campaignId: campaign.id } })}
        scope={wanted}
        onClearFilters={search.q || search.status ? () => void navigate({ search: {} }) : undefined}
        toolbar={
          <>
            <SearchBox label="Search campaigns" value={search.q ?? ""} onChange={(q) => change({ q })} />
            <FilterChips filters={filters} values={search} onChange={change} />
          </>
        }
        empty={
          <EmptyState icon={Megaphone} title="No campaigns yet" action={create}>
            A campaign gathers leads, scripts and dates for one purpose. Pause it, and nothing goes out to anybody in
            it.
          </EmptyState>
        }
      />
      <Suspense>{isNew ? <NewCampaignDialog onClose={() => setIsNew(false)} /> : null}</Suspense>
    </Page>
  );
}
