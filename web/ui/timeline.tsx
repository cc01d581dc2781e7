import { clsx } from "clsx";
import { ChevronRight } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useNow } from "#web/ui/clock.ts";
import { clockTime, dayKey, dayLabel, exactTime } from "#web/ui/format.ts";
import { useZone } from "#web/ui/relative-time.tsx";
import { Tooltip } from "#web/ui/tooltip.tsx";

export type TimelineEntry = {
  id: string;
  /** An instant as the API writes it. */
  at: string;
  /** A ChannelIcon, or an icon with a name for screen readers. */
  icon: ReactNode;
  /** A person's name, "AI", or a sequence's name. */
  who: string;
  /** What happened, in one line. */
  what: ReactNode;
  /** How it ended: a StatusPill or a Badge. */
  outcome?: ReactNode;
  /** A link to the explanation: "why?". */
  why?: ReactNode;
  /** The whole of it: the message, the transcript. Entries without it do not open. */
  detail?: ReactNode;
};

export type TimelineProps = {
  label: string;
  /** In the order in which they are to be shown: newest first or last, by the person's choice. */
  entries: readonly TimelineEntry[];
  /** At the end of the list: "Show earlier", a skeleton. */
  footer?: ReactNode;
};

/** What happened, grouped by day in the surrounding zone; each entry is one line until it is opened. */
export function Timeline({ label, entries, footer }: TimelineProps) {
  const zone = useZone();
  const now = useNow();
  return (
    <section aria-label={label} className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {byDay(entries, zone).map(({ key, at, entries: ofDay }) => (
        <section key={key} aria-label={dayLabel(at, now, zone)}>
          <p className="sticky top-0 z-10 bg-canvas py-1 text-xs font-medium text-ink-subtle">
            {dayLabel(at, now, zone)}
          </p>
          <ol className="relative before:absolute before:inset-y-4 before:left-4 before:w-px before:bg-line">
            {ofDay.map((entry) => (
              <Entry key={entry.id} entry={entry} zone={zone} />
            ))}
          </ol>
        </section>
      ))}
      {footer}
    </section>
  );
}

function Entry({ entry, zone }: { entry: TimelineEntry; zone: string }) {
  const [open, setOpen] = useState(false);
  const at = new Date(entry.at);
  const words = (
    <>
      <span className="font-medium">{entry.who}</span> <span className="text-ink-muted">{entry.what}</span>
    </>
  );
  const wordsLook = "min-w-0 grow text-left text-sm leading-5 max-sm:basis-full sm:truncate";
  return (
    <li className="min-w-0">
      <div className="flex min-w-0 items-start gap-2 rounded-md pr-2 hover:bg-hover sm:items-center">
        <span className="relative flex size-8 shrink-0 items-center justify-center">
          <span className="flex size-6 items-center justify-center rounded-full border bg-canvas [&_svg]:size-3">
            {entry.icon}
          </span>
        </span>
        {/* One line; on a phone the outcome takes a second one, so that the words are not cut to nothing. */}
        <div className="flex min-h-8 min-w-0 grow flex-wrap items-center gap-x-2 py-1 sm:flex-nowrap">
          {entry.detail ? (
            <button
              type="button"
              aria-expanded={open}
              onClick={() => setOpen(!open)}
              className={clsx("flex min-w-0 items-center gap-1 rounded-md", wordsLook)}
            >
              <span className="min-w-0 sm:truncate">{words}</span>
              <ChevronRight
                className={clsx("icon text-ink-subtle transition-transform", open && "rotate-90")}
                aria-hidden
              />
            </button>
          ) : (
            <span className={wordsLook}>{words}</span>
          )}
          {entry.outcome ? <span className="flex shrink-0 items-center">{entry.outcome}</span> : null}
          {entry.why}
        </div>
        <Tooltip content={exactTime(at, zone)}>
          <time dateTime={entry.at} className="w-10 shrink-0 text-right text-xs leading-8 text-ink-subtle tabular-nums">
            {clockTime(at, zone)}
          </time>
        </Tooltip>
      </div>
      {open ? (
        <div className="mb-2 ml-10 max-w-prose animate-fade rounded-lg border bg-sunken px-3 py-2 text-base">
          {entry.detail}
        </div>
      ) : null}
    </li>
  );
}

function byDay(entries: readonly TimelineEntry[], zone: string) {
  const days: { key: string; at: Date; entries: TimelineEntry[] }[] = [];
  for (const entry of entries) {
    const at = new Date(entry.at);
    const key = dayKey(at, zone);
    const last = days.at(-1);
    if (last?.key === key) last.entries.push(entry);
    else days.push({ key, at, entries: [entry] });
  }
  return days;
}
