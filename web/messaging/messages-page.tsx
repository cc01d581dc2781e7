import { useInfiniteQuery, type QueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { MessagesSquare } from "lucide-react";
import { lazy, Suspense } from "react";
import type { z } from "zod";
import { CHANNELS, MESSAGE_STATUSES } from "#domains/messaging/channels.ts";
import type { messageSchema } from "#domains/messaging/contract.ts";
import { api } from "#web/api.ts";
import { DIRECTIONS, messagesSearch, type MessagesSearch } from "#web/messaging/search.ts";
import { directionWords, statusLook } from "#web/messaging/words.ts";
import { withoutRow } from "#web/search.ts";
import { useOpenRow } from "#web/shell/open-row.ts";
import { Page } from "#web/shell/page.tsx";
import { StatusPill } from "#web/ui/badge.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { ChannelIcon, channelLook } from "#web/ui/channel-icon.tsx";
import { useNow } from "#web/ui/clock.ts";
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx";
import { dayKey, dayLabel } from "#web/ui/format.ts";
import { RelativeTime, useZone } from "#web/ui/relative-time.tsx";
import type { Option } from "#web/ui/select.tsx";
import { SearchBox } from "#web/ui/search-box.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { keyset, useTableSource, type Column } from "#web/ui/table/source.ts";

const MessagePanel = lazy(() =>
  import("#web/messaging/message-panel.tsx").then((module) => ({ default: module.MessagePanel })),
);

type Wanted = Omit<MessagesSearch, "row">;
type Message = z.infer<typeof messageSchema>;

// Queries

const messagesQuery = ({ q, ...wanted }: Wanted) =>
  api.messaging.messages.list.infiniteOptions({
    ...keyset,
    input: (cursor: string | undefined) => ({ ...wanted, search: q, cursor, limit: 50 }),
  });

// Columns and filters

const leadOf = ({ leadName, direction, from, to }: Message) => leadName || (direction === "outbound" ? to : from);
const summaryOf = ({ subject, text }: Message) => subject || text.slice(0, 160);

const columns: Column<Message>[] = [
  { id: "lead", header: "Lead", width: 180, cell: leadOf },
  {
    id: "channel",
    header: "Channel",
    width: 112,
    grow: 0,
    cell: ({ channel }) => <ChannelIcon channel={channel} named />,
  },
  { id: "direction", header: "Direction", width: 128, grow: 0, cell: ({ direction }) => directionWords[direction] },
  {
    id: "status",
    header: "Status",
    width: 128,
    grow: 0,
    cell: ({ status }) => <StatusPill tone={statusLook[status].tone}>{statusLook[status].label}</StatusPill>,
  },
  { id: "summary", header: "Subject or first words", width: 280, grow: 3, cell: summaryOf },
  { id: "purpose", header: "Purpose", width: 128, hidden: true, cell: ({ purpose }) => purpose },
  { id: "createdAt", header: "Time", width: 128, grow: 0, cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
];

const filtersOf = (now: Date, zone: string): Filter[] => [
  {
    id: "channel",
    label: "Channel",
    kind: "choice",
    single: true,
    options: CHANNELS.map((value) => ({ value, label: channelLook[value].name })),
  },
  {
    id: "direction",
    label: "Direction",
    kind: "choice",
    single: true,
    options: DIRECTIONS.map((value) => ({ value, label: directionWords[value] })),
  },
  {
    id: "status",
    label: "Status",
    kind: "choice",
    options: MESSAGE_STATUSES.map((value) => ({ value, label: statusLook[value].label })),
  },
  {
    id: "awaitsReply",
    label: "Answer",
    kind: "choice",
    single: true,
    options: [{ value: "true", label: "Still to be given" }],
  },
  { id: "since", label: "Since", kind: "choice", single: true, options: lastDays(now, zone) },
];

const DAY_MS = 86_400_000;

/** Today and the six days before, by the calendar of the zone. */
function lastDays(now: Date, zone: string): Option[] {
  // On the calendar, not on the clock: a day of daylight saving has 23 or 25 hours.
  const noon = new Date(`${dayKey(now, zone)}T12:00:00Z`);
  return Array.from({ length: 7 }, (_, back) => {
    const at = new Date(noon.getTime() - back * DAY_MS);
    return { value: dayKey(at, "UTC"), label: dayLabel(at, noon, "UTC") };
  });
}

// Loader

export function load(queries: QueryClient, wanted: Wanted) {
  void queries.prefetchInfiniteQuery(messagesQuery(wanted));
}

// Page

const route = getRouteApi("/frame/messages");

export function MessagesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { openRow, closeRow } = useOpenRow();
  const wanted = withoutRow(search);
  const now = useNow();
  const zone = useZone();
  const source = useTableSource(useInfiniteQuery(messagesQuery(wanted)));
  const change = (next: Readonly<Record<string, unknown>>) =>
    void navigate({ search: (now) => messagesSearch({ ...now, ...firstOfEach(next) }), replace: true });
  return (
    <Page title="Messages" context="Everything that was sent, is about to be, or came back, on every channel." fill>
      <DataTable
        id="messages"
        label="Messages"
        noun={{ one: "message", other: "messages" }}
        source={source}
        columns={columns}
        rowId={({ id }) => id}
        rowName={(message) => `${channelLook[message.channel].name}, ${leadOf(message)}`}
        onOpen={({ id }) => openRow(id)}
        openId={search.row}
        scope={wanted}
        onClearFilters={Object.keys(wanted).length > 0 ? () => void navigate({ search: {} }) : undefined}
        toolbar={
          <>
            <SearchBox label="Search messages by lead" value={search.q ?? ""} onChange={(q) => change({ q })} />
            <FilterChips filters={filtersOf(now, zone)} values={search} onChange={change} />
          </>
        }
        empty={
          <EmptyState
            icon={MessagesSquare}
            title="No messages yet"
            action={<LinkButton to="/leads">Open leads</LinkButton>}
          >
            Enrol a lead in a sequence. What goes out and what comes back appears here, with the reasons.
          </EmptyState>
        }
      />
      <Suspense>
        {search.row ? <MessagePanel key={search.row} messageId={search.row} onClose={closeRow} /> : null}
      </Suspense>
    </Page>
  );
}

// Chips give lists, also where only one value may be chosen: all but the status.
const firstOfEach = (values: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Array.isArray(value) && key !== "status" ? value[0] : value]),
  );
