import { useInfiniteQuery, type QueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { FileText, Plus } from "lucide-react";
import { Suspense, useState } from "react";
import type { ScriptView } from "#domains/outreach/contract/scripts.ts";
import { api } from "#web/api.ts";
import { scriptsSearch, type ScriptsSearch } from "#web/outreach/search.ts";
import { channelOptions, scriptNoun } from "#web/outreach/words.ts";
import { withoutRow } from "#web/search.ts";
import { Page } from "#web/shell/page.tsx";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Badge } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { ChannelIcon } from "#web/ui/channel-icon.tsx";
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx";
import { late } from "#web/ui/late.tsx";
import { NotKnown } from "#web/ui/number-text.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { SearchBox } from "#web/ui/search-box.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { keyset, useTableSource, type Column } from "#web/ui/table/source.ts";

const NewScriptDialog = late(() =>
  import("#web/outreach/new-script-dialog.tsx").then((module) => module.NewScriptDialog),
);

type Wanted = Omit<ScriptsSearch, "row">;

// Queries

const scriptsQuery = ({ q, type }: Wanted) =>
  api.outreach.scripts.list.infiniteOptions({
    ...keyset,
    input: (cursor) => ({ type, search: q, cursor, limit: 50 }),
  });

// Columns and filters

const columns: Column<ScriptView>[] = [
  { id: "name", header: "Name", width: 240, cell: ({ name }) => name },
  { id: "type", header: "Channel", width: 112, grow: 0, cell: ({ type }) => <ChannelIcon channel={type} named /> },
  { id: "subject", header: "Subject", width: 240, cell: ({ subject }) => subject ?? <NotKnown /> },
  {
    id: "isDefault",
    header: "Default",
    width: 112,
    grow: 0,
    cell: ({ isDefault }) => (isDefault ? <Badge tone="accent">Default</Badge> : null),
  },
  {
    id: "updatedAt",
    header: "Changed",
    width: 112,
    grow: 0,
    cell: ({ updatedAt }) => <RelativeTime at={updatedAt} />,
  },
  {
    id: "createdAt",
    header: "Written",
    width: 112,
    grow: 0,
    cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
  },
];

const filters: Filter[] = [{ id: "type", label: "Channel", kind: "choice", single: true, options: channelOptions }];

// Loader

export function load(queries: QueryClient, wanted: Wanted) {
  void queries.prefetchInfiniteQuery(scriptsQuery(wanted));
}

// Page

const route = getRouteApi("/frame/scripts");

export function ScriptsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const wanted = withoutRow(search);
  const source = useTableSource(useInfiniteQuery(scriptsQuery(wanted)));
  const whyNot = useWhyNot("outreach:write");
  const [isNew, setIsNew] = useState(false);
  // A chip hands on a list, the URL holds one text.
  const change = (next: Partial<Record<keyof ScriptsSearch, string | readonly string[]>>) =>
    void navigate({
      search: (now) => scriptsSearch({ ...now, ...next, ...("type" in next ? { type: next.type?.[0] } : {}) }),
      replace: true,
    });
  const create = (
    <Button variant="primary" icon={Plus} disabledReason={whyNot} onClick={() => setIsNew(true)}>
      New script
    </Button>
  );
  return (
    <Page title="Scripts" context="What e-mails, messages and calls say. Sequences send them." fill action={create}>
      <DataTable
        id="scripts"
        label="Scripts"
        noun={scriptNoun}
        source={source}
        columns={columns}
        rowId={(script) => script.id}
        rowName={(script) => script.name}
        rowLink={(script) => ({ to: "/scripts/$scriptId", params: { scriptId: script.id } })}
        scope={wanted}
        onClearFilters={search.q || search.type ? () => void navigate({ search: {} }) : undefined}
        toolbar={
          <>
            <SearchBox label="Search scripts" value={search.q ?? ""} onChange={(q) => change({ q })} />
            <FilterChips filters={filters} values={search} onChange={change} />
          </>
        }
        empty={
          <EmptyState icon={FileText} title="No scripts yet" action={create}>
            A script is what a step of a sequence sends: an e-mail, an SMS, or what a voice agent says.
          </EmptyState>
        }
      />
      <Suspense>{isNew ? <NewScriptDialog onClose={() => setIsNew(false)} /> : null}</Suspense>
    </Page>
  );
}
