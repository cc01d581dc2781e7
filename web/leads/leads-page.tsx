import { useInfiniteQuery, useQuery, type QueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import {
  Ban,
  CircleDot,
  Download,
  ListChecks,
  ListPlus,
  Megaphone,
  PencilLine,
  Plus,
  Tag,
  Tags,
  Upload,
  Users,
  UsersRound,
  Webhook,
  Workflow,
} from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import type { CustomFieldView, Lead } from "#domains/leads/contract.ts";
import { api } from "#web/api.ts";
import { ALL_BULK_ACTIONS } from "#web/leads/bulk-words.ts";
import { countryName } from "#web/leads/country-options.ts";
import { customFieldsQuery, valueWords } from "#web/leads/custom-field-words.ts";
import { fieldValues, withConditions } from "#web/leads/field-filters.ts";
import { leadFilters } from "#web/leads/lead-filters.ts";
import { LeadTags } from "#web/leads/lead-tags.tsx";
import { leadFilterOf, leadOrderOf, leadsSearch, type LeadsSearch, type WantedLeads } from "#web/leads/search.ts";
import { scoreLook } from "#web/leads/score-words.ts";
import { useViewColumns } from "#web/leads/use-view-columns.ts";
import { ViewsMenu } from "#web/leads/views-menu.tsx";
import { savedFiltersQuery } from "#web/leads/views.ts";
import { leadName, leadNoun, sourceWords, statusLook } from "#web/leads/words.ts";
import { withoutRow } from "#web/search.ts";
import { useOpenRow } from "#web/shell/open-row.ts";
import { Page } from "#web/shell/page.tsx";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { StatusPill } from "#web/ui/badge.tsx";
import { Banner } from "#web/ui/banner.tsx";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { FilterChips } from "#web/ui/filter-chips.tsx";
import { countOf } from "#web/ui/format.ts";
import { late } from "#web/ui/late.tsx";
import { NotKnown } from "#web/ui/number-text.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { SearchBox } from "#web/ui/search-box.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { DataTable } from "#web/ui/table/data-table.tsx";
import type { BulkAction, Selection } from "#web/ui/table/selection.ts";
import { keyset, useTableSource, type Column } from "#web/ui/table/source.ts";
import type { BulkWish } from "#web/leads/bulk-dialog.tsx";

const NewLeadDialog = late(() => import("#web/leads/new-lead-dialog.tsx").then((module) => module.NewLeadDialog));
const CampaignAddDialog = late(() =>
  import("#web/outreach/campaign-add-dialog.tsx").then((module) => module.CampaignAddDialog),
);
const CampaignFillDialog = late(() =>
  import("#web/outreach/campaign-fill-dialog.tsx").then((module) => module.CampaignFillDialog),
);
const BulkPanel = lazy(() => import("#web/leads/bulk-panel.tsx").then((module) => ({ default: module.BulkPanel })));
const TagsDialog = late(() => import("#web/leads/tags-dialog.tsx").then((module) => module.TagsDialog));
const BulkDialog = late(() => import("#web/leads/bulk-dialog.tsx").then((module) => module.BulkDialog));
const BulkEnrollDialog = late(() =>
  import("#web/outreach/bulk-enroll-dialog.tsx").then((module) => module.BulkEnrollDialog),
);
const LeadPanel = lazy(() => import("#web/leads/lead-panel.tsx").then((module) => ({ default: module.LeadPanel })));

// Queries

const leadsQuery = (wanted: WantedLeads) =>
  api.leads.list.infiniteOptions({
    ...keyset,
    input: (cursor) => ({ ...leadFilterOf(wanted), ...leadOrderOf(wanted.sort), cursor, limit: 50 }),
  });

const countQuery = ({ sort: _sort, view: _view, ...wanted }: WantedLeads) =>
  api.leads.count.queryOptions({ input: leadFilterOf(wanted) });

const tagsQuery = api.leads.tags.list.queryOptions();

const MOST_PAIRS = 20;
const pairsQuery = api.leads.mergeProposals.list.queryOptions({ input: { status: "OPEN", limit: MOST_PAIRS } });

// Columns

const columns: Column<Lead>[] = [
  { id: "name", header: "Name", width: 168, sort: true, cell: leadName },
  {
    id: "status",
    header: "Status",
    width: 112,
    grow: 0,
    cell: ({ status }) => <StatusPill tone={statusLook[status].tone}>{statusLook[status].label}</StatusPill>,
  },
  {
    id: "score",
    header: "Score",
    width: 80,
    grow: 0,
    sort: true,
    cell: ({ score, scoreLabel }) =>
      scoreLabel ? <StatusPill tone={scoreLook[scoreLabel].tone}>{String(score)}</StatusPill> : <NotKnown />,
  },
  { id: "company", header: "Company", width: 132, cell: ({ company }) => company ?? <NotKnown /> },
  { id: "email", header: "E-mail", width: 200, cell: ({ email }) => email ?? <NotKnown /> },
  {
    id: "phone",
    header: "Phone",
    width: 132,
    cell: ({ phone }) => (phone ? <span className="tabular-nums">{phone}</span> : <NotKnown />),
  },
  { id: "tags", header: "Tags", width: 96, cell: ({ tags }) => <LeadTags tags={tags} /> },
  { id: "source", header: "Source", width: 120, cell: ({ source, sourceLabel }) => sourceLabel ?? sourceWords[source] },
  {
    id: "createdAt",
    header: "Added",
    width: 112,
    grow: 0,
    sort: true,
    cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
  },
  {
    id: "updatedAt",
    header: "Changed",
    width: 112,
    grow: 0,
    sort: true,
    hidden: true,
    cell: ({ updatedAt }) => <RelativeTime at={updatedAt} />,
  },
  { id: "jobTitle", header: "Job title", hidden: true, cell: ({ jobTitle }) => jobTitle ?? <NotKnown /> },
  {
    id: "country",
    header: "Country",
    hidden: true,
    cell: ({ country }) => (country ? countryName(country) : <NotKnown />),
  },
  { id: "timeZone", header: "Time zone", hidden: true, cell: ({ timeZone }) => timeZone },
];

/** One column for each of the workspace's own fields, shown when somebody asks for it. */
const fieldColumns = (fields: readonly CustomFieldView[]): Column<Lead>[] =>
  fields.map((field) => ({
    id: `custom.${field.key}`,
    header: field.label,
    width: 132,
    hidden: true,
    align: field.type === "number" ? "end" : "start",
    cell: ({ custom }) => {
      const value = custom[field.key];
      return value === undefined ? <NotKnown /> : valueWords(field, value);
    },
  }));

// Loader

export function load(queries: QueryClient, wanted: WantedLeads) {
  void queries.prefetchInfiniteQuery(leadsQuery(wanted));
  void queries.prefetchQuery(countQuery(wanted));
  void queries.prefetchQuery(tagsQuery);
  void queries.prefetchQuery(customFieldsQuery);
  void queries.prefetchQuery(savedFiltersQuery);
}

// Page

const route = getRouteApi("/frame/leads");

export function LeadsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { openRow, closeRow } = useOpenRow();
  const wanted = withoutRow(search);
  const count = useQuery(countQuery(wanted)).data;
  const query = useInfiniteQuery(leadsQuery(wanted));
  const source = useTableSource(query, count && { value: count.count, exact: !count.isEstimate });
  const pairs = useQuery(pairsQuery).data;
  const tags = useQuery(tagsQuery).data?.data ?? [];
  const fields = useQuery(customFieldsQuery).data?.data;
  const allColumns = useMemo(() => [...columns, ...fieldColumns(fields ?? [])], [fields]);
  const view = useQuery(savedFiltersQuery).data?.data.find(({ id }) => id === search.view);
  const { choice, shown, isChanged } = useViewColumns(allColumns, view);
  const whyNotWrite = useWhyNot("leads:write");
  const whyNotEnroll = useWhyNot("outreach:write");
  const whyNotImport = useWhyNot("leads:import");
  const [dialog, setDialog] = useState<"new" | "tags">();
  const [wish, setWish] = useState<BulkWish>();
  const [enrolling, setEnrolling] = useState<Selection>();
  const [joining, setJoining] = useState<{ selection: Selection; clear: () => void }>();
  const [bulk, setBulk] = useState<string>();
  const change = (next: Partial<Record<keyof LeadsSearch, unknown>>) =>
    void navigate({ search: (now) => leadsSearch({ ...now, ...next }), replace: true });
  const close = () => setDialog(undefined);
  const { sort: _sort, view: _view, ...narrowing } = wanted;
  const isNarrowed = Object.keys(narrowing).length > 0;

  const changes = (["status", "tag", "field"] as const).map((kind): BulkAction => ({
    label: (leads) => bulkLabels[kind](leads),
    icon: { status: CircleDot, tag: Tag, field: PencilLine }[kind],
    disabledReason: whyNotWrite,
    // Without fields of one's own there is nothing to set: the next of the list comes first.
    onRun: (selection, clear) =>
      setWish({
        kind: kind === "field" && !fields?.length ? "untag" : kind,
        selection,
        clear,
        filter: leadFilterOf(wanted),
      }),
  }));
  const enroll: BulkAction = {
    label: (leads) => `Enrol ${leads} in a sequence`,
    icon: Workflow,
    disabledReason: whyNotEnroll,
    onRun: (selection) => setEnrolling(selection),
  };
  const join: BulkAction = {
    label: (leads) => `Put ${leads} into a campaign`,
    icon: Megaphone,
    disabledReason: whyNotEnroll,
    onRun: (selection, clear) => setJoining({ selection, clear }),
  };
  const exportAll = () => location.assign(exportAddress(wanted));

  return (
    <Page
      title="Leads"
      context="Everyone you know: added by hand, imported, or come in through a form."
      fill
      action={
        <>
          {whyNotImport ? (
            <Button icon={Upload} disabledReason={whyNotImport}>
              Import
            </Button>
          ) : (
            <LinkButton icon={Upload} to="/leads/import">
              Import
            </LinkButton>
          )}
          <Button variant="primary" icon={Plus} disabledReason={whyNotWrite} onClick={() => setDialog("new")}>
            New lead
          </Button>
        </>
      }
      menu={[
        {
          items: [
            { label: isNarrowed ? "Export these as CSV" : "Export all as CSV", icon: Download, onSelect: exportAll },
            {
              label: "Bulk actions",
              icon: ListChecks,
              onSelect: () => setBulk(ALL_BULK_ACTIONS),
            },
            { label: "Lead fields", icon: ListPlus, onSelect: () => void navigate({ to: "/settings/lead-fields" }) },
            { label: "Manage tags", icon: Tags, onSelect: () => setDialog("tags") },
            {
              label: `Duplicates${pairs?.data.length ? ` (${pairs.data.length}${pairs.has_more ? " or more" : ""})` : ""}`,
              icon: UsersRound,
              onSelect: () => void navigate({ to: "/leads/duplicates" }),
            },
            {
              label: "Intake",
              icon: Webhook,
              onSelect: () => void navigate({ to: "/leads/intake" }),
            },
            {
              label: "Suppressed addresses",
              icon: Ban,
              onSelect: () => void navigate({ to: "/leads/suppressions" }),
            },
          ],
        },
      ]}
    >
      <div className="flex min-h-0 min-w-0 grow flex-col">
        {query.data?.pages[0]?.similar ? (
          <div className="px-4 pb-2 sm:px-6">
            <Banner tone="info">Nothing is spelled “{search.q}”. These names resemble it.</Banner>
          </div>
        ) : null}
        {view?.gone.map((sentence) => (
          <div key={sentence} className="px-4 pb-2 sm:px-6">
            <Banner tone="warning">{`${sentence} The view finds nobody by it.`}</Banner>
          </div>
        ))}
        <Suspense>
          <BulkPanel open={bulk} onOpen={setBulk} />
        </Suspense>
        <DataTable
          id="leads"
          label="Leads"
          noun={leadNoun}
          source={source}
          columns={allColumns}
          columnChoice={choice}
          rowId={(lead) => lead.id}
          rowName={leadName}
          rowLink={(lead) => ({ to: "/leads/$leadId", params: { leadId: lead.id } })}
          onOpen={(lead) => openRow(lead.id)}
          openId={search.row}
          sort={search.sort ?? "-createdAt"}
          onSort={(sort) => change({ sort })}
          bulk={[...changes, enroll, join]}
          scope={wanted}
          onClearFilters={isNarrowed ? () => void navigate({ search: {} }) : undefined}
          toolbar={
            <>
              <ViewsMenu
                search={search}
                wanted={wanted}
                columns={shown}
                hasOtherColumns={isChanged}
                onOpen={(next) => void navigate({ search: next })}
              />
              <SearchBox label="Search leads" value={search.q ?? ""} onChange={(q) => change({ q })} />
              <FilterChips
                filters={leadFilters(tags, fields, search)}
                values={{ ...search, ...fieldValues(search.custom ?? []) }}
                onChange={(next) => change(withConditions(next, search.custom ?? []))}
              />
            </>
          }
          empty={
            <EmptyState
              icon={Users}
              title="No leads yet"
              action={
                whyNotImport ? null : (
                  <LinkButton variant="primary" to="/leads/import">
                    Import a file
                  </LinkButton>
                )
              }
            >
              Bring them in from a CSV file, or add the first one by hand.
            </EmptyState>
          }
        />
      </div>
      <Suspense>
        {search.row ? <LeadPanel key={search.row} leadId={search.row} onClose={closeRow} /> : null}
        {dialog === "new" ? <NewLeadDialog onClose={close} /> : null}
        {dialog === "tags" ? <TagsDialog onClose={close} /> : null}
        {wish ? (
          <BulkDialog wish={wish} tags={tags} onClose={() => setWish(undefined)} onStarted={({ id }) => setBulk(id)} />
        ) : null}
        {joining?.selection.kind === "rows" ? (
          <CampaignAddDialog
            leadIds={joining.selection.ids}
            clear={joining.clear}
            onClose={() => setJoining(undefined)}
          />
        ) : joining ? (
          <CampaignFillDialog
            filter={leadFilterOf(wanted)}
            clear={joining.clear}
            onStarted={({ id, campaignId }) =>
              void navigate({ to: "/campaigns/$campaignId", params: { campaignId }, search: { bulk: id } })
            }
            onClose={() => setJoining(undefined)}
          />
        ) : null}
        {enrolling ? (
          <BulkEnrollDialog
            leads={enrolling.kind === "rows" ? { leadIds: enrolling.ids } : { filter: leadFilterOf(wanted) }}
            who={enrolling.kind === "rows" ? countOf(enrolling.ids.length, leadNoun) : "all matching leads"}
            onStarted={({ id, sequenceId }) =>
              void navigate({
                to: "/sequences/$sequenceId",
                params: { sequenceId },
                search: { tab: "people", bulk: id },
              })
            }
            onClose={() => setEnrolling(undefined)}
          />
        ) : null}
      </Suspense>
    </Page>
  );
}

const bulkLabels = {
  status: (leads: string) => `Set status of ${leads}`,
  tag: (leads: string) => `Add tag to ${leads}`,
  field: (leads: string) => `Other change to ${leads}`,
};

/** The download of the same leads; the browser saves it as it streams in. */
function exportAddress(wanted: WantedLeads): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(leadFilterOf(wanted))) {
    for (const item of [value].flat()) if (item !== undefined) params.append(key, String(item));
  }
  return `/api/v1/leads.csv?${params}`;
}
