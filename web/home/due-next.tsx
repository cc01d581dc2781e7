import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { DueTouch, OutreachOverview } from "#domains/outreach/contract/overview.ts";
import { Lines } from "#web/home/home-pending.tsx";
import { SectionBody } from "#web/home/section.tsx";
import { leadName } from "#web/leads/words.ts";
import { Card } from "#web/ui/card.tsx";
import { ChannelIcon } from "#web/ui/channel-icon.tsx";
import { formatNumber } from "#web/ui/format.ts";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { Tooltip } from "#web/ui/tooltip.tsx";

/** The next touches that sequences will make: to whom, which step, when, and what each waits for. */
export function DueNext({ outreach, className }: { outreach: UseQueryResult<OutreachOverview>; className: string }) {
  return (
    <Card title="Due next" description={summaryOf(outreach.data)} flush className={className}>
      <SectionBody
        query={outreach}
        pending={
          <div className="px-4 pb-4">
            <Lines count={6} />
          </div>
        }
      >
        {({ due }) =>
          due.length === 0 ? (
            <p className="border-t px-4 py-6 text-sm text-ink-muted">
              Nothing is planned.{" "}
              <Link to="/sequences" className="font-medium text-accent-ink underline-offset-4 hover:underline">
                Open sequences
              </Link>{" "}
              to enrol leads.
            </p>
          ) : (
            <ol>
              {due.map((touch) => (
                <Row key={touch.executionId} touch={touch} />
              ))}
            </ol>
          )
        }
      </SectionBody>
    </Card>
  );
}

function summaryOf(overview: OutreachOverview | undefined): string {
  if (!overview) return "What sequences do next";
  const { count, isMore } = overview.nextDay;
  if (count === 0)
    return overview.due.length > 0 ? "Nothing in the next 24 hours; then:" : "Nothing in the next 24 hours";
  const figure = `${isMore ? "More than " : ""}${formatNumber(count)}`;
  return `${figure} ${count === 1 ? "touch" : "touches"} in the next 24 hours`;
}

/** Why it is not sent yet, in a word or two; the tooltip has the whole sentence. */
function waitWords({ kind, reason }: DueTouch["waiting"]): string {
  if (kind === "delay") return "The step's delay";
  if (kind === "window") return "Sending hours";
  if (kind === "due") return "Due now";
  return sentence(reason);
}

function Row({ touch }: { touch: DueTouch }) {
  const { leadId, sequenceId, sequenceName, stepOrder, channel, scriptName, scheduledAt, waiting } = touch;
  return (
    <li className="grid grid-cols-[1rem_minmax(0,1fr)_auto] items-center gap-x-3 border-t px-4 py-2 text-sm sm:h-9 sm:grid-cols-[1rem_minmax(0,4fr)_minmax(0,5fr)_minmax(0,4fr)_4.5rem] sm:py-0">
      <ChannelIcon channel={channel} />
      <Link
        to="/leads/$leadId"
        params={{ leadId }}
        className="min-w-0 truncate rounded-md font-medium underline-offset-4 hover:underline"
      >
        {leadName(touch)}
      </Link>
      <Link
        to="/sequences/$sequenceId"
        params={{ sequenceId }}
        title={scriptName ?? undefined}
        className="col-start-2 min-w-0 truncate rounded-md text-ink-muted underline-offset-4 hover:underline max-sm:row-start-2 sm:col-start-auto"
      >
        {`Step ${stepOrder + 1}, ${sequenceName}`}
      </Link>
      <Tooltip content={`${sentence(waiting.reason)}.`}>
        <span
          tabIndex={0}
          className="w-fit max-w-full truncate rounded-md text-ink-muted max-sm:col-start-3 max-sm:row-start-2 max-sm:ml-auto"
        >
          {waitWords(waiting)}
        </span>
      </Tooltip>
      <span className="text-right max-sm:col-start-3 max-sm:row-start-1">
        <RelativeTime at={scheduledAt} />
      </span>
    </li>
  );
}

const sentence = (words: string) => `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
