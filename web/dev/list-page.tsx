import {
  infiniteQueryOptions,
  queryOptions,
  useInfiniteQuery,
  useQuery,
  type QueryClient,
} from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Plus, Tag, Trash2, Upload, Users } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { statusLook } from "#web/dev/person-words.ts";
import { countPeople, listPeople, STATUSES, type Person, type Wanted } from "#web/dev/sample.ts";
import type { ExampleSearch } from "#web/dev/search.ts";
import { withoutRow } from "#web/search.ts";
import { useOpenRow } from "#web/shell/open-row.ts";
import { Page } from "#web/shell/page.tsx";
import { Badge, StatusPill } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { ChannelIcon, channelLook } from "#web/ui/channel-icon.tsx";
import { ConfirmDialog } from "#web/ui/confirm-dialog.tsx";
import { countOf } from "#web/ui/format.ts";
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx";
import { NotKnown, NumberText } from "#web/ui/number-text.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { SearchBox } from "#web/ui/search-box.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { DataTable } from "#web/ui/table/data-table.tsx";
import type { BulkAction } from "#web/ui/table/selection.ts";
import { keyset, useTableSource, type Column } from "#web/ui/table/source.ts";
import { toast } from "#web/ui/toast.tsx";

// The panel comes when the first row is opened.
const PersonPanel = lazy(() => import("#web/dev/person-panel.tsx").then((module) => ({ default: module.PersonPanel })));

// Queries

const peopleQuery = (wanted: Wanted) =>
  infiniteQueryOptions({
    ...keyset,
    queryKey: ["people", "list", wanted],
    queryFn: ({ pageParam }) => listPeople(wanted, pageParam),
  });

const countQuery = (wanted: Wanted) =>
  queryOptions({ queryKey: ["people", "count", wanted], queryFn: () => countPeople(wanted) });

// Columns and filters

const noun = { one: "person", other: "people" };

const columns: Column<Person>[] = [
  { id: "name", header: "Name", width: 200, sort: true, cell: (person) => person.name },
  {
    id: "status",
    header: "Status",
    width: 128,
    grow: 0,
    cell: ({ status }) => <StatusPill tone={statusLook[status].tone}>{statusLook[status].label}</StatusPill>,
  },
  { id: "company", header: "Company", cell: (person) => person.company },
  { id: "email", header: "E-mail", width: 220, hidden: true, cell: (person) => person.email },
  {
    id: "score",
    header: "Score",
    width: 96,
    grow: 0,
    align: "end",
    sort: true,
    cell: ({ score }) => <NumberText value={score} />,
  },
  {
    id: "last_touch",
    header: "Last touch",
    width: 128,
    cell: ({ channel, last_touch_at }) => (
      <span className="flex items-center gap-2">
        <ChannelIcon channel={channel} />
        <RelativeTime at={last_touch_at} />
      </span>
    ),
  },
  {
    id: "next_touch",
    header: "Next touch",
    width: 112,
    cell: ({ next_touch_at }) => (next_touch_at ? <RelativeTime at={next_touch_at} /> : <NotKnown />),
  },
  {
    id: "value",
    header: "Value",
    width: 112,
    grow: 0,
    align: "end",
    sort: true,
    cell: ({ value }) => <NumberText kind="money" currency="USD" value={value || null} />,
  },
  {
    id: "tags",
    header: "Tags",
    width: 180,
    cell: ({ tags }) => (
      <span className="flex gap-1">
        {tags.map((tag) => (
          <Badge key={tag}>{tag}</Badge>
        ))}
      </span>
    ),
  },
  { id: "phone", header: "Phone", hidden: true, cell: (person) => person.phone },
];

const filters: Filter[] = [
  {
    id: "status",
    label: "Status",
    kind: "choice",
    options: STATUSES.map((value) => ({ value, label: statusLook[value].label })),
  },
  {
    id: "channel",
    label: "Channel",
    kind: "choice",
    options: (["EMAIL", "SMS", "CALL"] as const).map((value) => ({ value, label: channelLook[value].name })),
  },
  { id: "company", label: "Company", kind: "text" },
];

// Loader

/** Starts asking while the page's code arrives. Not awaited: the table shows its own loading state. */
export function load(queries: QueryClient, wanted: Wanted) {
  void queries.prefetchInfiniteQuery(peopleQuery(wanted));
  void queries.prefetchQuery(countQuery(wanted));
}

// Page

const route = getRouteApi("/dev/dev/ui/list");

export function ListPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { openRow, closeRow } = useOpenRow();
  const wanted = withoutRow(search);
  const count = useQuery(countQuery(wanted)).data;
  const source = useTableSource(useInfiniteQuery(peopleQuery(wanted)), count);
  const [toDelete, setToDelete] = useState<{ howMany: string; clear: () => void }>();
  const change = (next: Partial<ExampleSearch>) =>
    void navigate({ search: (now) => ({ ...now, ...next }), replace: true });
  const open = source.rows.find((person) => person.id === search.row);

  const bulk: BulkAction[] = [
    {
      label: (people) => `Add tag to ${people}`,
      icon: Tag,
      onRun: (_, clear) => (clear(), toast.undo("Tag added", () => {})),
    },
    {
      label: (people) => `Delete ${people}`,
      icon: Trash2,
      onRun: (selection, clear) =>
        setToDelete({
          howMany: selection.kind === "rows" ? countOf(selection.ids.length, noun) : "all matching people",
          clear,
        }),
    },
  ];

  return (
    <Page
      title="People"
      context="Everyone who was ever written to, called or imported."
      fill
      action={
        <Button variant="primary" icon={Plus}>
          Add person
        </Button>
      }
      menu={[{ items: [{ label: "Import from CSV", icon: Upload, onSelect: () => {} }] }]}
    >
      <DataTable
        id="example-people"
        label="People"
        noun={noun}
        source={source}
        columns={columns}
        rowId={(person) => person.id}
        rowName={(person) => person.name}
        rowLink={(person) => ({ to: "/dev/ui/list/$personId", params: { personId: person.id } })}
        onOpen={(person) => openRow(person.id)}
        openId={search.row}
        sort={search.sort}
        onSort={(sort) => change({ sort })}
        bulk={bulk}
        scope={wanted}
        onClearFilters={
          search.q || search.status || search.channel || search.company
            ? () => void navigate({ search: {} })
            : undefined
        }
        toolbar={
          <>
            <SearchBox label="Search people" value={search.q ?? ""} onChange={(q) => change({ q })} />
            <FilterChips filters={filters} values={search} onChange={change} />
          </>
        }
        empty={
          <EmptyState icon={Users} title="No people yet" action={<Button variant="primary">Import from CSV</Button>}>
            Bring them in from a file, a form or an ad, or add the first one by hand.
          </EmptyState>
        }
      />
      <Suspense>{open ? <PersonPanel person={open} onClose={closeRow} /> : null}</Suspense>
      <ConfirmDialog
        open={toDelete !== undefined}
        onOpenChange={() => setToDelete(undefined)}
        title={`Delete ${toDelete?.howMany}?`}
        consequences="Their messages, notes and enrolments go with them. Their opt-outs stay. This cannot be undone."
        action={`Delete ${toDelete?.howMany}`}
        typeToConfirm="delete"
        onConfirm={() => {
          toDelete?.clear();
          setToDelete(undefined);
        }}
      />
    </Page>
  );
}
