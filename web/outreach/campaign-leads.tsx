import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { UserMinus, Users } from "lucide-react";
import { useState, type ReactNode } from "react";
import type { CampaignLeadView } from "#domains/outreach/contract/campaigns.ts";
import { CAMPAIGN_LEAD_STATUSES, type CampaignLeadStatus } from "#domains/outreach/states.ts";
import { api } from "#web/api.ts";
import { leadName, leadNoun, optionsOf } from "#web/leads/words.ts";
import { campaignLeadLook } from "#web/outreach/campaign-words.ts";
import { problemOf } from "#web/problem.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { StatusPill } from "#web/ui/badge.tsx";
import { ConfirmDialog } from "#web/ui/confirm-dialog.tsx";
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx";
import { countOf } from "#web/ui/format.ts";
import { NotKnown } from "#web/ui/number-text.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { SearchBox } from "#web/ui/search-box.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { keyset, useTableSource, type Column } from "#web/ui/table/source.ts";

export const campaignLeadsQuery = (campaignId: string, status: CampaignLeadStatus | undefined, search?: string) =>
  api.outreach.campaigns.leads.infiniteOptions({
    ...keyset,
    input: (cursor: string | undefined) => ({ campaignId, status, search, cursor, limit: 50 }),
  });

const nameOf = (lead: CampaignLeadView) => leadName({ ...lead, phone: null });

const columns: Column<CampaignLeadView>[] = [
  { id: "name", header: "Name", width: 180, cell: nameOf },
  {
    id: "status",
    header: "Status",
    width: 128,
    grow: 0,
    cell: ({ status }) => (
      <StatusPill tone={campaignLeadLook[status].tone}>{campaignLeadLook[status].label}</StatusPill>
    ),
  },
  { id: "email", header: "E-mail", width: 200, cell: ({ email }) => email ?? <NotKnown /> },
  {
    id: "assignedAt",
    header: "Assigned",
    width: 112,
    grow: 0,
    cell: ({ assignedAt }) => <RelativeTime at={assignedAt} />,
  },
  {
    id: "completedAt",
    header: "Ended",
    width: 112,
    grow: 0,
    cell: ({ completedAt }) => (completedAt ? <RelativeTime at={completedAt} /> : <NotKnown label="not yet" />),
  },
];

const filters: Filter[] = [
  { id: "status", label: "Status", kind: "choice", single: true, options: optionsOf(campaignLeadLook) },
];

export type CampaignLeadsProps = {
  campaignId: string;
  campaignName: string;
  status: CampaignLeadStatus | undefined;
  onStatus: (status: CampaignLeadStatus | undefined) => void;
  /** What leads are searched for. */
  q: string | undefined;
  onSearch: (text: string | undefined) => void;
  onClear: () => void;
  /** The button that assigns leads. */
  assign: ReactNode;
};

/** Who is assigned to a campaign, with how far each has come in it. */
export function CampaignLeads(props: CampaignLeadsProps) {
  const { campaignId, campaignName, status, onStatus, q, onSearch, onClear, assign } = props;
  const queries = useQueryClient();
  const source = useTableSource(useInfiniteQuery(campaignLeadsQuery(campaignId, status, q)));
  const whyNot = useWhyNot("outreach:write");
  const [leaving, setLeaving] = useState<{ ids: readonly string[]; clear: () => void }>();
  const remove = useMutation({
    ...api.outreach.campaigns.remove.mutationOptions(),
    onSuccess: () => {
      leaving?.clear();
      setLeaving(undefined);
      return queries.invalidateQueries({ queryKey: api.outreach.campaigns.key() });
    },
  });
  const leads = countOf(leaving?.ids.length ?? 0, leadNoun);
  return (
    <div className="flex h-full min-h-0 min-w-0">
      <DataTable
        id="campaign-leads"
        label="Leads of this campaign"
        noun={leadNoun}
        source={source}
        columns={columns}
        rowId={({ leadId }) => leadId}
        rowName={nameOf}
        rowLink={({ leadId }) => ({ to: "/leads/$leadId", params: { leadId } })}
        scope={{ campaignId, status, q }}
        onClearFilters={status || q ? onClear : undefined}
        bulk={[
          {
            label: (howMany) => `Take ${howMany} out`,
            icon: UserMinus,
            disabledReason: whyNot,
            rowsOnly: true,
            onRun: (selection, clear) =>
              selection.kind === "rows" ? setLeaving({ ids: selection.ids, clear }) : undefined,
          },
        ]}
        toolbar={
          <>
            <SearchBox label="Search leads" value={q ?? ""} onChange={(text) => onSearch(text || undefined)} />
            <FilterChips
              filters={filters}
              values={{ status }}
              onChange={(change) => onStatus(CAMPAIGN_LEAD_STATUSES.find((one) => one === change.status?.[0]))}
            />
          </>
        }
        empty={
          <EmptyState icon={Users} title="Nobody is assigned yet" action={assign}>
            Assign the leads that this campaign is for. Sequences with the trigger “New leads” can take them in from
            here.
          </EmptyState>
        }
      />
      <ConfirmDialog
        open={leaving !== undefined}
        onOpenChange={(open) => (open ? undefined : setLeaving(undefined))}
        title={`Take ${leads} out of “${campaignName}”?`}
        consequences="How far they have come in it is forgotten. They stay leads, and the sequences they are in go on."
        action={`Take ${leads} out`}
        loading={remove.isPending}
        error={remove.error ? problemOf(remove.error).title : undefined}
        onConfirm={() => (leaving ? remove.mutate({ campaignId, leadIds: [...leaving.ids] }) : undefined)}
      />
    </div>
  );
}
