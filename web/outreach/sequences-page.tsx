import { useInfiniteQuery, type QueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Plus, Workflow } from "lucide-react";
import { Suspense, useState } from "react";
import type { SequenceView } from "#domains/outreach/contract/sequences.ts";
import { api } from "#web/api.ts";
import { optionsOf } from "#web/leads/words.ts";
import { sequencesSearch, type SequencesSearch } from "#web/outreach/search.ts";
import { everEnrolled, sequenceLook, sequenceNoun, triggerWords, underWay } from "#web/outreach/words.ts";
import { withoutRow } from "#web/search.ts";
import { Page } from "#web/shell/page.tsx";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { StatusPill } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { ChannelIcon } from "#web/ui/channel-icon.tsx";
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx";
import { NameOf } from "#web/outreach/gone-banner.tsx";
import { late } from "#web/ui/late.tsx";
import { NotKnown, NumberText } from "#web/ui/number-text.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { SearchBox } from "#web/ui/search-box.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { keyset, useTableSource, type Column } from "#web/ui/table/source.ts";

const NewSequenceDialog = late(() =>
  import("#web/outreach/new-sequence-dialog.tsx").then((module) => module.NewSequenceDialog),
);

type Wanted = Omit<SequencesSearch, "row">;

// Queries

const sequencesQuery = ({ q, status }: Wanted) =>
  api.outreach.sequences.list.infiniteOptions({
    ...keyset,
    input: (cursor) => ({ status, search: q, cursor, limit: 50 }),
  });

// Columns and filters

const columns: Column<SequenceView>[] = [
  { id: "name", header: "Name", width: 240, cell: ({ name, warnings }) => <NameOf name={name} warnings={warnings} /> },
  {
    id: "status",
    header: "Status",
    width: 112,
    grow: 0,
    cell: ({ status }) => <StatusPill tone={sequenceLook[status].tone}>{sequenceLook[status].label}</StatusPill>,
  },
  {
    id: "channels",
    header: "Channels",
    width: 112,
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
  { id: "trigger", header: "Who comes in", cell: ({ triggerType }) => triggerWords[triggerType].label },
  {
    id: "underWay",
    header: "Under way",
    width: 112,
    grow: 0,
    align: "end",
    cell: ({ enrolled }) => <NumberText value={underWay(enrolled)} />,
  },
  {
    id: "enrolled",
    header: "Ever enrolled",
    width: 128,
    grow: 0,
    align: "end",
    cell: ({ enrolled }) => <NumberText value={everEnrolled(enrolled)} />,
  },
  {
    id: "converted",
    header: "Converted",
    width: 112,
    grow: 0,
    align: "end",
    cell: ({ enrolled }) => <NumberText value={enrolled.CONVERTED ?? 0} />,
  },
  {
    id: "updatedAt",
    header: "Changed",
    width: 112,
    grow: 0,
    cell: ({ updatedAt }) => <RelativeTime at={updatedAt} />,
  },
];

const filters: Filter[] = [
  { id: "status", label: "Status", kind: "choice", single: true, options: optionsOf(sequenceLook) },
];

// Loader

export function load(queries: QueryClient, wanted: Wanted) {
  void queries.prefetchInfiniteQuery(sequencesQuery(wanted));
}

// Page

const route = getRouteApi("/frame/sequences");

export function SequencesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const wanted = withoutRow(search);
  const source = useTableSource(useInfiniteQuery(sequencesQuery(wanted)));
  const whyNot = useWhyNot("outreach:write");
  const [isNew, setIsNew] = useState(false);
  // A chip hands on a list, the URL holds one text.
  const change = (next: Partial<Record<keyof SequencesSearch, string | readonly string[]>>) =>
    void navigate({
      search: (now) => sequencesSearch({ ...now, ...next, ...("status" in next ? { status: next.status?.[0] } : {}) }),
      replace: true,
    });
  const create = (
    <Button variant="primary" icon={Plus} disabledReason={whyNot} onClick={() => setIsNew(true)}>
      New sequence
    </Button>
  );
  return (
    <Page title="Sequences" context="Steps that follow each other until somebody answers." fill action={create}>
      <DataTable
        id="sequences"
        label="Sequences"
        noun={sequenceNoun}
        source={source}
        columns={columns}
        rowId={(sequence) => sequence.id}
        rowName={(sequence) => sequence.name}
        rowLink={(sequence) => ({ to: "/sequences/$sequenceId", params: { sequenceId: sequence.id } })}
        scope={wanted}
        onClearFilters={search.q || search.status ? () => void navigate({ search: {} }) : undefined}
        toolbar={
          <>
            <SearchBox label="Search sequences" value={search.q ?? ""} onChange={(q) => change({ q })} />
            <FilterChips filters={filters} values={search} onChange={change} />
          </>
        }
        empty={
          <EmptyState icon={Workflow} title="No sequences yet" action={create}>
            A sequence contacts a lead again and again, over the channels you choose, until it answers or the steps end.
          </EmptyState>
        }
      />
      <Suspense>{isNew ? <NewSequenceDialog onClose={() => setIsNew(false)} /> : null}</Suspense>
    </Page>
  );
}
