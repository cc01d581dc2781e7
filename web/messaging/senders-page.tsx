import { useInfiniteQuery, type QueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { AtSign, Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { CHANNELS } from "#domains/messaging/channels.ts";
import type { SenderView } from "#domains/messaging/sender-contract.ts";
import { SettingsPage } from "#web/accounts/settings-page.tsx";
import { api } from "#web/api.ts";
import { sendersSearch, type SendersSearch } from "#web/messaging/search.ts";
import { domainLook, faultShare, senderLook, senderNoun, todayWords } from "#web/messaging/sender-words.ts";
import { withoutRow } from "#web/search.ts";
import { useOpenRow } from "#web/shell/open-row.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Badge, StatusPill, toneInk } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { ChannelIcon, channelLook } from "#web/ui/channel-icon.tsx";
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx";
import { late } from "#web/ui/late.tsx";
import { NotKnown } from "#web/ui/number-text.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { SearchBox } from "#web/ui/search-box.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { keyset, useTableSource, type Column } from "#web/ui/table/source.ts";

const SenderDialog = late(() => import("#web/messaging/sender-dialog.tsx").then((module) => module.SenderDialog));
const SenderPanel = lazy(() =>
  import("#web/messaging/sender-panel.tsx").then((module) => ({ default: module.SenderPanel })),
);

type Wanted = Omit<SendersSearch, "row">;

// Queries

const sendersQuery = (wanted: Wanted) =>
  api.messaging.senders.list.infiniteOptions({ ...keyset, input: (cursor) => ({ ...wanted, cursor, limit: 50 }) });

// Columns and filters

function Share({ sender, kind }: { sender: SenderView; kind: "bounces" | "complaints" }) {
  const share = faultShare(sender, kind);
  return share ? (
    <span className={`tabular-nums ${toneInk[share.tone]}`}>{share.words}</span>
  ) : (
    <NotKnown label="nothing sent" />
  );
}

const columns: Column<SenderView>[] = [
  {
    id: "address",
    header: "Sender",
    width: 220,
    grow: 2,
    cell: ({ address }) => address,
  },
  {
    id: "channel",
    header: "Channel",
    width: 104,
    grow: 0,
    cell: ({ channel }) => <ChannelIcon channel={channel} named />,
  },
  {
    id: "state",
    header: "State",
    width: 140,
    grow: 0,
    cell: (sender) => {
      const { tone, label } = senderLook(sender);
      return <StatusPill tone={tone}>{label}</StatusPill>;
    },
  },
  {
    id: "today",
    header: "Sent today",
    width: 104,
    grow: 0,
    align: "end",
    cell: ({ today }) => <span className="tabular-nums">{todayWords(today)}</span>,
  },
  {
    id: "bounces",
    header: "Bounces",
    width: 96,
    grow: 0,
    align: "end",
    cell: (sender) => <Share sender={sender} kind="bounces" />,
  },
  {
    id: "complaints",
    header: "Complaints",
    width: 104,
    grow: 0,
    align: "end",
    cell: (sender) => <Share sender={sender} kind="complaints" />,
  },
  {
    id: "domain",
    header: "Domain",
    width: 140,
    grow: 0,
    cell: ({ domain }) => {
      if (!domain) return <NotKnown label="no domain" />;
      const { tone, label } = domainLook(domain);
      return <Badge tone={tone}>{label}</Badge>;
    },
  },
  { id: "name", header: "Name", hidden: true, cell: ({ displayName }) => displayName || <NotKnown /> },
  {
    id: "createdAt",
    header: "Added",
    width: 112,
    grow: 0,
    hidden: true,
    cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
  },
];

const filters: Filter[] = [
  {
    id: "channel",
    label: "Channel",
    kind: "choice",
    single: true,
    options: CHANNELS.toReversed().map((value) => ({ value, label: channelLook[value].name })),
  },
  {
    id: "status",
    label: "State",
    kind: "choice",
    single: true,
    options: [
      { value: "ACTIVE", label: "active" },
      { value: "PAUSED", label: "paused" },
    ],
  },
];

// Loader

export function load(queries: QueryClient, wanted: Wanted) {
  void queries.prefetchInfiniteQuery(sendersQuery(wanted));
}

// Page

const route = getRouteApi("/frame/settings/senders");

/** The mailboxes and numbers that messages go out from. */
export function SendersPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { openRow, closeRow } = useOpenRow();
  const wanted = withoutRow(search);
  const source = useTableSource(useInfiniteQuery(sendersQuery(wanted)));
  const whyNot = useWhyNot("integrations:write");
  const [adding, setAdding] = useState(false);
  const change = (next: Partial<Record<keyof SendersSearch, unknown>>) =>
    void navigate({ search: (now) => sendersSearch({ ...now, ...onlyFirst(next) }), replace: true });
  const add = (
    <Button variant="primary" icon={Plus} disabledReason={whyNot} onClick={() => setAdding(true)}>
      Add sender
    </Button>
  );
  return (
    <SettingsPage
      title="Senders"
      context="The mailboxes and numbers that messages go out from. A lead is written to from one of them throughout."
      table
      action={add}
      panel={
        <Suspense>
          {search.row ? <SenderPanel key={search.row} senderId={search.row} onClose={closeRow} /> : null}
          {adding ? <SenderDialog onClose={() => setAdding(false)} /> : null}
        </Suspense>
      }
    >
      <DataTable
        id="senders"
        label="Senders"
        noun={senderNoun}
        source={source}
        columns={columns}
        rowId={({ id }) => id}
        rowName={({ address }) => address}
        onOpen={({ id }) => openRow(id)}
        openId={search.row}
        scope={wanted}
        onClearFilters={Object.keys(wanted).length > 0 ? () => void navigate({ search: {} }) : undefined}
        toolbar={
          <>
            <SearchBox label="Search senders" value={search.q ?? ""} onChange={(q) => change({ q })} />
            <FilterChips filters={filters} values={search} onChange={change} />
          </>
        }
        empty={
          <EmptyState icon={AtSign} title="No senders yet" action={add}>
            Without senders each channel sends from the address of its integration, and the workspace's limits are the
            only ones. With senders, new leads are shared out among them, each within its own limits, and each lead
            keeps its own. One whose mail bounces pauses itself.
          </EmptyState>
        }
      />
    </SettingsPage>
  );
}

// Chips give lists, also where only one value may be chosen.
const onlyFirst = (values: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Array.isArray(value) ? value[0] : value]));
