import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CHANNELS } from "#domains/messaging/channels.ts";
import { dayEnd, dayStart } from "#domains/messaging/day-starts.ts";
import type { Calendar } from "#domains/outreach/contract/calendar.ts";
import { api } from "#web/api.ts";
import { leadName } from "#web/leads/words.ts";
import { dayName } from "#web/outreach/calendar-days.ts";
import { problemOf } from "#web/problem.ts";
import { Button, LinkButton } from "#web/ui/button.tsx";
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
  onClose: () => void;
};

/** What went out on one day in numbers, and the touches that are planned for it in the order in which they go out. */
export function CalendarDay({ day, zone, sent, isPast, onClose }: CalendarDayProps) {
  const range = {
    from: dayStart(zone, day).toISOString(),
    before: new Date(dayEnd(zone, day).getTime() + 1).toISOString(),
  };
  const query = useInfiniteQuery(
    api.outreach.calendar.planned.infiniteOptions({
      ...keyset,
      input: (cursor: string | undefined) => ({ ...range, cursor, limit: 50 }),
    }),
  );
  const out = CHANNELS.flatMap((channel) =>
    sent && sent[channel] > 0 ? [countOf(sent[channel], channelNoun[channel])] : [],
  );
  const rows = query.data?.pages.flatMap(({ data }) => data);
  return (
    <Sheet open onOpenChange={(open) => (open ? undefined : onClose())} modal={false} title={dayName(day)}>
      <div className="grid gap-4">
        {isPast || out.length > 0 ? (
          <p className="text-sm">{out.length > 0 ? `Sent: ${out.join(", ")}.` : "Nothing went out on this day."}</p>
        ) : null}
        {query.error ? (
          <InlineError problem={problemOf(query.error)} onRetry={() => void query.refetch()} />
        ) : rows === undefined ? (
          <SkeletonText lines={8} />
        ) : rows.length === 0 ? (
          isPast || out.length > 0 ? null : (
            <p className="text-sm text-ink-muted">Nothing is planned for this day.</p>
          )
        ) : (
          <ol className="grid rounded-lg border text-sm">
            {rows.map((touch) => (
              <li key={touch.id} className="not-first:border-t">
                <Link
                  to="/leads/$leadId"
                  params={{ leadId: touch.leadId }}
                  search={{ why: touch.enrollmentId, touch: touch.id }}
                  className="grid grid-cols-[3rem_auto_minmax(0,1fr)] items-baseline gap-2 px-3 py-2 hover:bg-hover"
                >
                  <span className="text-xs text-ink-muted tabular-nums">
                    {touch.scheduledAt ? clockTime(new Date(touch.scheduledAt), zone) : ""}
                  </span>
                  <ChannelIcon channel={touch.channel} />
                  <span className="grid min-w-0">
                    <span className="truncate font-medium">{leadName({ ...touch, email: null, phone: null })}</span>
                    <span className="truncate text-xs text-ink-muted">
                      {touch.sequenceName}, step {touch.stepOrder + 1}
                      {touch.waits ? ` · ${touch.waits.reason}` : ""}
                    </span>
                  </span>
                </Link>
              </li>
            ))}
          </ol>
        )}
        {query.hasNextPage ? (
          <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show more
          </Button>
        ) : null}
        <LinkButton size="sm" to="/messages" search={{ since: day }} className="justify-self-start">
          Messages since this day
        </LinkButton>
      </div>
    </Sheet>
  );
}
