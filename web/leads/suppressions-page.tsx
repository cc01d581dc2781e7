import { useInfiniteQuery, type QueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Ban, Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { SuppressionView } from "#domains/leads/contract.ts";
import { api } from "#web/api.ts";
import { suppressionsSearch, type SuppressionsSearch } from "#web/leads/search.ts";
import { addressShown, kindWords, optionsOf, reasonWords, scopeWords } from "#web/leads/words.ts";
import { withoutRow } from "#web/search.ts";
import { useOpenRow } from "#web/shell/open-row.ts";
import { Page } from "#web/shell/page.tsx";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { StatusPill } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx";
import { late } from "#web/ui/late.tsx";
import { NotKnown } from "#web/ui/number-text.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { SearchBox } from "#web/ui/search-box.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { keyset, useTableSource, type Column } from "#web/ui/table/source.ts";

const SuppressDialog = late(() => import("#web/leads/suppress-dialog.tsx").then((module) => module.SuppressDialog));
const SuppressionPanel = lazy(() =>
  import("#web/leads/suppression-panel.tsx").then((module) => ({ default: module.SuppressionPanel })),
);

type Wanted = Omit<SuppressionsSearch, "row">;

// Queries

const suppressionsQuery = ({ q, kind, reason, active }: Wanted) =>
  api.leads.suppressions.list.infiniteOptions({
    ...keyset,
    input: (cursor) => ({ kind, reason, active, search: q, cursor, limit: 50 }),
  });

// Columns and filters

/** The evidence names the message that it is in; a line of a table has no room for an id, the panel beside it shows it whole. */
const withoutIds = (evidence: string) => evidence.replaceAll(/ \((?:msg|sub|lead)_[0-9a-z]+\)/g, "");

const columns: Column<SuppressionView>[] = [
  { id: "value", header: "Address", width: 240, cell: ({ value }) => addressShown(value) },
  { id: "kind", header: "Kind", width: 112, grow: 0, cell: ({ kind }) => kindWords[kind] },
  {
    id: "reason",
    header: "Reason",
    width: 180,
    cell: ({ reason, liftedAt }) => (
      <StatusPill tone={liftedAt ? "neutral" : reasonWords[reason].tone}>{reasonWords[reason].label}</StatusPill>
    ),
  },
  { id: "scope", header: "Closed to", width: 128, grow: 0, cell: ({ scope }) => scopeWords[scope] },
  {
    id: "evidence",
    header: "Rests on",
    width: 240,
    cell: ({ evidence }) => (evidence ? withoutIds(evidence) : <NotKnown />),
  },
  { id: "createdAt", header: "Since", width: 112, grow: 0, cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
  {
    id: "liftedAt",
    header: "Lifted",
    width: 112,
    grow: 0,
    cell: ({ liftedAt }) => (liftedAt ? <RelativeTime at={liftedAt} /> : <NotKnown label="in force" />),
  },
];

const filters: Filter[] = [
  { id: "kind", label: "Kind", kind: "choice", single: true, options: optionsOf(kindWords) },
  { id: "reason", label: "Reason", kind: "choice", single: true, options: optionsOf(reasonWords) },
  {
    id: "active",
    label: "State",
    kind: "choice",
    single: true,
    options: [
      { value: "true", label: "in force" },
      { value: "false", label: "lifted" },
    ],
  },
];

// Loader

export function load(queries: QueryClient, wanted: Wanted) {
  void queries.prefetchInfiniteQuery(suppressionsQuery(wanted));
}

// Page

const route = getRouteApi("/frame/leads/suppressions");

export function SuppressionsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { openRow, closeRow } = useOpenRow();
  const wanted = withoutRow(search);
  const source = useTableSource(useInfiniteQuery(suppressionsQuery(wanted)));
  const whyNot = useWhyNot("suppressions:write");
  const [adding, setAdding] = useState(false);
  const change = (next: Partial<Record<keyof SuppressionsSearch, unknown>>) =>
    void navigate({
      search: (now) => suppressionsSearch({ ...now, ...mapValues(next) }),
      replace: true,
    });
  const open = source.rows.find(({ id }) => id === search.row);
  return (
    <Page
      title="Suppressed addresses"
      context="Nothing is sent to these. A suppression belongs to the address: it outlives the lead and every new import."
      back={{ to: "/leads", label: "Leads" }}
      fill
      action={
        <Button variant="primary" icon={Plus} disabledReason={whyNot} onClick={() => setAdding(true)}>
          Suppress address
        </Button>
      }
    >
      <DataTable
        id="suppressions"
        label="Suppressed addresses"
        noun={{ one: "address", other: "addresses" }}
        source={source}
        columns={columns}
        rowId={({ id }) => id}
        rowName={({ value }) => addressShown(value)}
        onOpen={({ id }) => openRow(id)}
        openId={search.row}
        scope={wanted}
        onClearFilters={Object.keys(wanted).length > 0 ? () => void navigate({ search: {} }) : undefined}
        toolbar={
          <>
            <SearchBox label="Search addresses" value={search.q ?? ""} onChange={(q) => change({ q })} />
            <FilterChips filters={filters} values={search} onChange={change} />
          </>
        }
        empty={
          <EmptyState icon={Ban} title="No address is suppressed">
            Replies of STOP, unsubscriptions, complaints and bounces appear here by themselves.
          </EmptyState>
        }
      />
      <Suspense>
        {open ? <SuppressionPanel key={open.id} suppression={open} onClose={closeRow} /> : null}
        {adding ? <SuppressDialog onClose={() => setAdding(false)} /> : null}
      </Suspense>
    </Page>
  );
}

// Chips give lists, also where only one value may be chosen.
const mapValues = (values: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Array.isArray(value) ? value[0] : value]));
