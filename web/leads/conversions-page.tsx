import { useInfiniteQuery, type QueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { BadgeDollarSign } from "lucide-react";
import type { ListedConversion } from "#domains/conversions/contract.ts";
import { api } from "#web/api.ts";
import { conversionLook } from "#web/leads/conversion-words.ts";
import { conversionsSearch, type ConversionsSearch } from "#web/leads/search.ts";
import { fileLink, optionsOf } from "#web/leads/words.ts";
import { Page } from "#web/shell/page.tsx";
import { useMay } from "#web/shell/viewer.tsx";
import { StatusPill } from "#web/ui/badge.tsx";
import { channelLook } from "#web/ui/channel-icon.tsx";
import { useNow } from "#web/ui/clock.ts";
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx";
import { dayKey, formatMoney } from "#web/ui/format.ts";
import { NotKnown } from "#web/ui/number-text.tsx";
import { RelativeTime, useZone } from "#web/ui/relative-time.tsx";
import { SearchBox } from "#web/ui/search-box.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { keyset, useTableSource, type Column } from "#web/ui/table/source.ts";

const DAY_MS = 86_400_000;

// Queries

const conversionsQuery = ({ q, status, source, since }: ConversionsSearch) =>
  api.conversions.list.infiniteOptions({
    ...keyset,
    input: (cursor) => ({ status, source, search: q, since, cursor, limit: 50 }),
  });

// Columns and filters

const columns: Column<ListedConversion>[] = [
  { id: "createdAt", header: "When", width: 112, grow: 0, cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
  {
    id: "status",
    header: "What came of it",
    width: 140,
    grow: 0,
    cell: ({ status }) => <StatusPill tone={conversionLook[status].tone}>{conversionLook[status].label}</StatusPill>,
  },
  { id: "lead", header: "Lead", width: 200, cell: (one) => <LeadOf conversion={one} /> },
  {
    id: "revenue",
    header: "Revenue",
    width: 120,
    grow: 0,
    align: "end",
    cell: ({ revenueMinor, currency }) =>
      revenueMinor === 0 ? (
        <NotKnown label="no revenue" />
      ) : (
        <span className="tabular-nums">{formatMoney(revenueMinor, currency)}</span>
      ),
  },
  { id: "source", header: "Source", width: 128, cell: ({ source }) => source },
  { id: "campaign", header: "Campaign", width: 160, cell: ({ campaignName }) => campaignName ?? <NotKnown /> },
  {
    id: "channel",
    header: "Channel",
    width: 112,
    grow: 0,
    cell: ({ channel }) => Object.entries(channelLook).find(([one]) => one === channel)?.[1].name ?? <NotKnown />,
  },
];

function LeadOf({ conversion: { leadId, leadName } }: { conversion: ListedConversion }) {
  const may = useMay();
  if (leadId === null) return <NotKnown label="deleted" />;
  const name = leadName || "A lead without a name";
  return may("leads:read") ? (
    <Link to="/leads/$leadId" params={{ leadId }} className={fileLink}>
      {name}
    </Link>
  ) : (
    name
  );
}

const filtersAt = (now: Date, zone: string): Filter[] => [
  { id: "status", label: "Kind", kind: "choice", single: true, options: optionsOf(conversionLook) },
  { id: "source", label: "Source", kind: "text", placeholder: "direct" },
  { id: "since", label: "Since", kind: "choice", single: true, options: daysBack(now, zone) },
];

const BACK = [0, 7, 30, 90, 365];

/** Days by the calendar of the zone. */
function daysBack(now: Date, zone: string) {
  // On the calendar, not on the clock: a day of daylight saving has 23 or 25 hours.
  const noon = new Date(`${dayKey(now, zone)}T12:00:00Z`).getTime();
  return BACK.map((days) => ({
    value: dayKey(new Date(noon - days * DAY_MS), "UTC"),
    label: days === 0 ? "today" : `${days} days ago`,
  }));
}

// Loader

export function load(queries: QueryClient, wanted: ConversionsSearch) {
  void queries.prefetchInfiniteQuery(conversionsQuery(wanted));
}

// Page

const route = getRouteApi("/frame/conversions");

/** What came of leads, of the whole workspace. */
export function ConversionsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const now = useNow();
  const zone = useZone();
  const source = useTableSource(useInfiniteQuery(conversionsQuery(search)));
  const change = (next: Partial<Record<keyof ConversionsSearch, unknown>>) =>
    void navigate({ search: (now) => conversionsSearch({ ...now, ...next }), replace: true });
  return (
    <Page
      title="Conversions"
      context="What came of leads: told by your trackers and by people, the latest first. One is recorded on its lead's page."
      fill
    >
      <DataTable
        id="conversions"
        label="Conversions"
        noun={{ one: "conversion", other: "conversions" }}
        source={source}
        columns={columns}
        rowId={({ id }) => id}
        rowName={({ leadName, status }) => `${conversionLook[status].label}: ${leadName || "a lead"}`}
        scope={search}
        onClearFilters={Object.keys(search).length > 0 ? () => void navigate({ search: {} }) : undefined}
        toolbar={
          <>
            <SearchBox label="Search leads" value={search.q ?? ""} onChange={(q) => change({ q })} />
            <FilterChips
              filters={filtersAt(now, zone)}
              values={search}
              onChange={(next) => change(Object.fromEntries(Object.entries(next).map(([key, one]) => [key, one?.[0]])))}
            />
          </>
        }
        empty={
          <EmptyState icon={BadgeDollarSign} title="Nothing has come of a lead yet">
            Record a conversion on a lead's page, or let your tracker send them to the API: POST /conversions.
          </EmptyState>
        }
      />
    </Page>
  );
}
