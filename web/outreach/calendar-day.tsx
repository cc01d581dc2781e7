import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { CHANNELS, type Channel } from "#domains/messaging/channels.ts";
import { dayEnd, dayStart } from "#domains/messaging/day-starts.ts";
import type { Calendar } from "#domains/outreach/contract/calendar.ts";
import { api } from "#web/api.ts";
import { leadName } from "#web/leads/words.ts";
import { statusLook } from "#web/messaging/words.ts";
import { dayName } from "#web/outreach/calendar-days.ts";
import { plainDetail } from "#web/outreach/enrollment-words.ts";
import { problemOf } from "#web/problem.ts";
import { useMay } from "#web/shell/viewer.tsx";
import { StatusPill } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { ChannelIcon } from "#web/ui/channel-icon.tsx";
import { Sheet } from "#web/ui/dialog.tsx";
import { clockTime, countOf } from "#web/ui/format.ts";
import { SkeletonText } from "#web/ui/skeleton.tsx";
import { InlineError } from "#web/ui/states.tsx";
import { keyset } from "#web/ui/table/source.ts";

const channelNoun = {
  EMAIL: { one: "e-mail", other: "e-mails" },
  SMS: { one: "text", other: "texts" },
  CALL: { one: "call", other: "calls" },
};

export type CalendarDayProps = {
  day: string;
  zone: string;
  /** How many went out by channel; null where the calendar does not say. */
  sent: Calendar["days"][number]["sent"];
  isPast: boolean;
  isToCome: boolean;
  onClose: () => void;
};

type Range = { from: string; before: string };

/** What went out on one day and the touches that are planned for it, each in the order of its hours. */
export function CalendarDay({ day, zone, sent, isPast, isToCome, onClose }: CalendarDayProps) {
  const range = {
    from: dayStart(zone, day).toISOString(),
    before: new Date(dayEnd(zone, day).getTime() + 1).toISOString(),
  };
  const maySee = useMay()("messages:read");
  return (
    <Sheet open onOpenChange={(open) => (open ? undefined : onClose())} modal={false} title={dayName(day)}>
      <div className="grid gap-6">
        {isToCome ? null : <Sent range={range} zone={zone} sent={sent} isListed={maySee} />}
        {isPast ? null : <Planned range={range} zone={zone} isToCome={isToCome} />}
      </div>
    </Sheet>
  );
}

type SentProps = { range: Range; zone: string; sent: CalendarDayProps["sent"]; isListed: boolean };

function Sent({ range, zone, sent, isListed }: SentProps) {
  const query = useInfiniteQuery({
    ...api.messaging.messages.sent.infiniteOptions({
      ...keyset,
      input: (cursor: string | undefined) => ({ ...range, cursor, limit: 50 }),
    }),
    enabled: isListed,
  });
  const rows = query.data?.pages.flatMap(({ data }) => data);
  const out = CHANNELS.flatMap((channel) =>
    sent && sent[channel] > 0 ? [countOf(sent[channel], channelNoun[channel])] : [],
  );
  return (
    <Part title="Went out" words={out.length > 0 ? out.join(", ") : undefined}>
      {isListed ? (
        <Rows query={query} count={rows?.length} none="Nothing went out on this day.">
          {rows?.map(({ id, leadId, leadName: name, to, channel, sentAt, subject, text, status }) => (
            <Row
              key={id}
              at={sentAt}
              zone={zone}
              channel={channel}
              name={name || to}
              words={subject || text.slice(0, 160) || "A call"}
              link={
                leadId
                  ? { to: "/leads/$leadId", params: { leadId }, search: { message: id } }
                  : { to: "/messages", search: { row: id } }
              }
              state={<StatusPill tone={statusLook[status].tone}>{statusLook[status].label}</StatusPill>}
            />
          ))}
        </Rows>
      ) : null}
    </Part>
  );
}

function Planned({ range, zone, isToCome }: { range: Range; zone: string; isToCome: boolean }) {
  const query = useInfiniteQuery(
    api.outreach.calendar.planned.infiniteOptions({
      ...keyset,
      input: (cursor: string | undefined) => ({ ...range, cursor, limit: 50 }),
    }),
  );
  const rows = query.data?.pages.flatMap(({ data }) => data);
  return (
    <Part title="Planned">
      <Rows
        query={query}
        count={rows?.length}
        none={isToCome ? "Nothing is planned for this day." : "Nothing more is planned for today."}
      >
        {rows?.map((touch) => (
          <Row
            key={touch.id}
            at={touch.scheduledAt}
            zone={zone}
            channel={touch.channel}
            name={leadName({ ...touch, email: null, phone: null })}
            words={`${touch.sequenceName}, step ${touch.stepOrder + 1}${touch.waits ? ` · ${plainDetail(touch.waits.reason)}` : ""}`}
            link={{
              to: "/leads/$leadId",
              params: { leadId: touch.leadId },
              search: { why: touch.enrollmentId, touch: touch.id },
            }}
          />
        ))}
      </Rows>
    </Part>
  );
}

function Part({ title, words, children }: { title: string; words?: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="grid gap-2">
      <div className="flex items-baseline justify-between gap-2">
        <h3 className="text-sm font-semibold">{title}</h3>
        {words ? <span className="text-xs text-ink-muted tabular-nums">{words}</span> : null}
      </div>
      {children}
    </section>
  );
}

type RowsProps = {
  query: {
    error: Error | null;
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    refetch: () => unknown;
    fetchNextPage: () => unknown;
  };
  /** Undefined while they are on their way. */
  count: number | undefined;
  none: string;
  children: ReactNode;
};

function Rows({ query, count, none, children }: RowsProps) {
  if (query.error) return <InlineError problem={problemOf(query.error)} onRetry={() => void query.refetch()} />;
  if (count === undefined) return <SkeletonText lines={6} />;
  if (count === 0) return <p className="text-sm text-ink-muted">{none}</p>;
  return (
    <>
      <ol className="grid rounded-lg border text-sm">{children}</ol>
      {query.hasNextPage ? (
        <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show more
        </Button>
      ) : null}
    </>
  );
}

type RowProps = {
  at: string | null;
  zone: string;
  channel: Channel;
  name: string;
  words: string;
  link: Pick<LinkProps, "to" | "params" | "search">;
  state?: ReactNode;
};

function Row({ at, zone, channel, name, words, link, state }: RowProps) {
  return (
    <li className="not-first:border-t">
      <Link
        {...link}
        className="grid grid-cols-[3rem_auto_minmax(0,1fr)_auto] items-baseline gap-2 px-3 py-2 hover:bg-hover"
      >
        <span className="text-xs text-ink-muted tabular-nums">{at ? clockTime(new Date(at), zone) : ""}</span>
        <ChannelIcon channel={channel} />
        <span className="grid min-w-0">
          <span className="truncate font-medium">{name}</span>
          <span className="truncate text-xs text-ink-muted">{words}</span>
        </span>
        {state}
      </Link>
    </li>
  );
}
