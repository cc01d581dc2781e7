import { keepPreviousData, useQuery, type QueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { lazy, Suspense } from "react";
import { api } from "#web/api.ts";
import { CalendarAgenda, CalendarKey, CalendarSheet } from "#web/outreach/calendar-sheet.tsx";
import { isMonth, monthName, monthOf, moveMonth, sheetOf } from "#web/outreach/calendar-days.ts";
import type { CalendarSearch } from "#web/outreach/search.ts";
import { problemOf } from "#web/problem.ts";
import { Page } from "#web/shell/page.tsx";
import { Button, IconButton } from "#web/ui/button.tsx";
import { useNow } from "#web/ui/clock.ts";
import { dayKey } from "#web/ui/format.ts";
import { useZone } from "#web/ui/relative-time.tsx";
import { Skeleton } from "#web/ui/skeleton.tsx";
import { InlineError } from "#web/ui/states.tsx";

const CalendarDay = lazy(() =>
  import("#web/outreach/calendar-day.tsx").then((module) => ({ default: module.CalendarDay })),
);

const calendarQuery = (month: string) => {
  const { from, days } = sheetOf(month);
  return api.outreach.calendar.get.queryOptions({ input: { from, days } });
};

// Loader

export function load(queries: QueryClient, { month }: CalendarSearch) {
  if (month && isMonth(month)) void queries.prefetchQuery(calendarQuery(month));
}

// Page

const route = getRouteApi("/frame/calendar");

/** A month of touches: what went out and what is planned, day by day. */
export function CalendarPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const now = useNow();
  const zone = useZone();
  const today = dayKey(now, zone);
  const thisMonth = monthOf(today);
  const month = search.month && isMonth(search.month) ? search.month : thisMonth;
  const { data, error, refetch } = useQuery({ ...calendarQuery(month), placeholderData: keepPreviousData });
  const go = (next: Partial<CalendarSearch>) =>
    void navigate({ search: (was) => ({ ...was, ...next }), replace: true });
  const move = (by: number) => {
    const next = moveMonth(month, by);
    go({ month: next === thisMonth ? undefined : next, row: undefined });
  };
  const open = (day: string) => go({ row: day });
  const shown = data?.days.some(({ day }) => monthOf(day) === month) ? data : undefined;
  return (
    <Page
      title="Calendar"
      context="What went out and what sequences have planned. Plans move when somebody answers, and with hours, caps and limits."
      action={
        <div className="flex items-center gap-1">
          <IconButton icon={ChevronLeft} label="The month before" onClick={() => move(-1)} />
          <Button
            disabledReason={month === thisMonth ? "This month is shown" : null}
            onClick={() => go({ month: undefined, row: undefined })}
          >
            Today
          </Button>
          <IconButton icon={ChevronRight} label="The month after" onClick={() => move(1)} />
        </div>
      }
    >
      <div className="grid gap-4 pb-6">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
          <h2 className="text-base font-semibold" aria-live="polite">
            {monthName(month)}
          </h2>
          <CalendarKey />
        </div>
        {error ? (
          <InlineError problem={problemOf(error)} onRetry={() => void refetch()} />
        ) : shown ? (
          <>
            <CalendarSheet calendar={shown} month={month} onDay={open} />
            <CalendarAgenda calendar={shown} month={month} onDay={open} />
            {shown.isMore ? (
              <p className="text-sm text-ink-muted">
                More is planned than was counted: the last days may show too little.
              </p>
            ) : null}
          </>
        ) : (
          <Skeleton className="h-120 w-full" />
        )}
      </div>
      <Suspense>
        {search.row ? (
          <CalendarDay
            key={search.row}
            day={search.row}
            sent={data?.days.find(({ day }) => day === search.row)?.sent ?? null}
            isPast={search.row < today}
            isToCome={search.row > today}
            zone={data?.timeZone ?? zone}
            onClose={() => go({ row: undefined })}
          />
        ) : null}
      </Suspense>
    </Page>
  );
}
