import { clsx } from "clsx";
import type { Calendar } from "#domains/outreach/contract/calendar.ts";
import { dayName, monthOf } from "#web/outreach/calendar-days.ts";
import { type Channel, ChannelIcon } from "#web/ui/channel-icon.tsx";
import { formatNumber } from "#web/ui/format.ts";

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const ORDER = ["EMAIL", "SMS", "CALL"] as const satisfies readonly Channel[];

type Day = Calendar["days"][number];
type SheetProps = { calendar: Calendar; month: string; onDay: (day: string) => void };

/** A month as a sheet of weeks, for screens that are wide enough. */
export function CalendarSheet({ calendar: { days, today }, month, onDay }: SheetProps) {
  const weeks = Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7));
  return (
    <table className="w-full table-fixed border-separate border-spacing-0 overflow-hidden rounded-lg border text-sm max-sm:hidden">
      <caption className="sr-only">Touches by day</caption>
      <thead>
        <tr>
          {WEEKDAYS.map((name) => (
            <th key={name} scope="col" className="border-b px-2 py-1.5 text-left text-xs font-medium text-ink-subtle">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week[0]?.day}>
            {week.map((day) => (
              <td
                key={day.day}
                className={clsx(
                  "h-24 p-0 align-top not-first:border-l [tr:not(:first-child)>&]:border-t",
                  monthOf(day.day) !== month && "bg-sunken",
                )}
              >
                <button
                  type="button"
                  aria-current={day.day === today ? "date" : undefined}
                  onClick={() => onDay(day.day)}
                  className="grid h-full w-full content-start gap-1 p-2 text-left hover:bg-hover focus-visible:-outline-offset-2"
                >
                  <span className="sr-only">{dayName(day.day)}</span>
                  <span
                    aria-hidden
                    className={clsx(
                      "flex size-6 items-center justify-center rounded-full text-xs tabular-nums",
                      day.day === today ? "bg-accent font-semibold text-on-accent" : "text-ink-muted",
                    )}
                  >
                    {Number(day.day.slice(8))}
                  </span>
                  <Touches day={day} />
                </button>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The same as a list of the days on which something happens, for a phone. */
export function CalendarAgenda({ calendar: { days, today }, month, onDay }: SheetProps) {
  const own = days.filter((day) => monthOf(day.day) === month && (total(day) > 0 || day.day === today));
  return (
    <ol className="grid sm:hidden">
      {own.map((day) => (
        <li key={day.day} className="border-t last:border-b">
          <button
            type="button"
            aria-current={day.day === today ? "date" : undefined}
            onClick={() => onDay(day.day)}
            className="grid min-h-11 w-full gap-1 py-2 text-left"
          >
            <span className="text-sm font-medium">
              {dayName(day.day)}
              {day.day === today ? <span className="text-accent-ink"> · today</span> : null}
            </span>
            {total(day) > 0 ? <Touches day={day} /> : <span className="text-sm text-ink-muted">Nothing</span>}
          </button>
        </li>
      ))}
    </ol>
  );
}

/** What the two looks of the numbers mean; a screen reader hears it with each day. */
export function CalendarKey() {
  return (
    <p aria-hidden className="flex items-center gap-3 text-xs text-ink-muted">
      <span>Sent</span>
      <span className="rounded-md bg-accent-soft px-1.5 text-accent-ink">Planned</span>
    </p>
  );
}

/** What went out in plain ink, what is planned in a frame. */
function Touches({ day: { sent, planned } }: { day: Day }) {
  return (
    <span className="flex flex-wrap gap-x-2 gap-y-1">
      {ORDER.filter((channel) => sent && sent[channel] > 0).map((channel) => (
        <span key={channel} className="flex items-center gap-1 text-xs text-ink-muted tabular-nums">
          <ChannelIcon channel={channel} />
          {formatNumber(sent?.[channel] ?? 0)}
          <span className="sr-only"> sent</span>
        </span>
      ))}
      {ORDER.filter((channel) => planned[channel] > 0).map((channel) => (
        <span
          key={channel}
          className="flex items-center gap-1 rounded-md bg-accent-soft px-1.5 text-xs text-accent-ink tabular-nums"
        >
          <ChannelIcon channel={channel} />
          {formatNumber(planned[channel])}
          <span className="sr-only"> planned</span>
        </span>
      ))}
    </span>
  );
}

const total = ({ sent, planned }: Day): number =>
  ORDER.reduce((sum, channel) => sum + planned[channel] + (sent?.[channel] ?? 0), 0);
