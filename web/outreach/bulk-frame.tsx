import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Refusal } from "#domains/outreach/contract/bulk-enrollments.ts";
import type { BulkStatus } from "#domains/outreach/states.ts";
import { leadQuery } from "#web/leads/lead-query.ts";
import { leadName } from "#web/leads/words.ts";
import { plainDetail } from "#web/outreach/enrollment-words.ts";
import { problemOf } from "#web/problem.ts";
import { StatusPill, type Tone } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { formatNumber } from "#web/ui/format.ts";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { SkeletonText } from "#web/ui/skeleton.tsx";
import { InlineError } from "#web/ui/states.tsx";

const bulkLook: Record<BulkStatus, { label: string; tone: Tone }> = {
  QUEUED: { label: "Queued", tone: "neutral" },
  RUNNING: { label: "Running", tone: "info" },
  COMPLETED: { label: "Completed", tone: "positive" },
  CANCELLED: { label: "Cancelled", tone: "warning" },
  FAILED: { label: "Failed", tone: "danger" },
};

/** What all work over many leads has. */
export type Bulk = {
  id: string;
  status: BulkStatus;
  failure: string | null;
  refusals: readonly Refusal[];
  createdAt: string;
  finishedAt: string | null;
};

export const isUnderWay = ({ status }: Pick<Bulk, "status">) => status === "QUEUED" || status === "RUNNING";

/** Asked this often while one is running, beside the events that tell of each batch. */
const EVERY_MS = 1_000;
/** As `refetchInterval` of a query whose answer holds these. */
export const whileUnderWay = (bulks: readonly Pick<Bulk, "status">[] | undefined) =>
  bulks?.some(isUnderWay) ? EVERY_MS : false;

/** ", 2 stayed out" behind what was done; nothing where nobody did. */
export const andStayed = (count: number, where: "in" | "out"): string =>
  count > 0 ? `, ${formatNumber(count)} stayed ${where}` : "";

export type BulkWords<Row extends Bulk> = {
  /** What is done, with a capital: "Bulk enrolment". */
  title: string;
  /** What came of it so far: "3 leads enrolled, 1 stayed out". */
  counts: (bulk: Row) => string;
  /** Over those whom it left as they are. */
  left: string;
  /** Where it was stopped: how those stand whom it had not come to, and the others. */
  stopped: string;
  Progress: (props: { bulk: Row }) => ReactNode;
  Stop: (props: { id: string }) => ReactNode;
};

/** The latest work in one line, with its progress while it is under way. */
export function BulkStrip<Row extends Bulk>(props: { bulk: Row; words: BulkWords<Row>; onOpen: (id: string) => void }) {
  const { bulk, words, onOpen } = props;
  const { title, counts, Progress, Stop } = words;
  const look = bulkLook[bulk.status];
  return (
    <div className="mx-4 mb-3 rounded-lg border p-3 sm:mx-6">
      {isUnderWay(bulk) ? (
        <div className="grid gap-2">
          <Progress bulk={bulk} />
          <div className="flex justify-end gap-2">
            <Button size="sm" variant="ghost" onClick={() => onOpen(bulk.id)}>
              Details
            </Button>
            <Stop id={bulk.id} />
          </div>
        </div>
      ) : (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
          <span className="font-medium">{`Last ${title.charAt(0).toLowerCase()}${title.slice(1)}`}</span>
          <StatusPill tone={look.tone}>{look.label}</StatusPill>
          <span className="min-w-0 grow text-ink-muted">
            {`${counts(bulk)} · `}
            <RelativeTime at={bulk.finishedAt ?? bulk.createdAt} />
          </span>
          <Button size="sm" variant="ghost" onClick={() => onOpen(bulk.id)}>
            Report
          </Button>
        </div>
      )}
    </div>
  );
}

export type BulkReportProps<Row extends Bulk> = {
  query: { data: Row | undefined; error: Error | null; refetch: () => unknown };
  words: BulkWords<Row>;
  /** What can be done with one that is over. */
  act?: ReactNode;
  /** What else is to be said of it. */
  note?: string | null;
  onClose: () => void;
};

/** How far the work has come, and who was left out of it and why. */
export function BulkReport<Row extends Bulk>({ query, words, act, note, onClose }: BulkReportProps<Row>) {
  const { data, error, refetch } = query;
  const { title, counts, Progress, Stop } = words;
  const isRunning = data !== undefined && isUnderWay(data);
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      width="xl"
      title={title}
      description={isRunning ? "You can close this; it goes on, and waits here for you." : undefined}
      actions={
        <>
          {isRunning ? <Stop id={data.id} /> : act}
          <Button variant="primary" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      {data ? (
        <div className="grid gap-4">
          {isRunning ? (
            <Progress bulk={data} />
          ) : (
            <p className="flex flex-wrap items-baseline gap-x-2 text-sm">
              <StatusPill tone={bulkLook[data.status].tone}>{bulkLook[data.status].label}</StatusPill>
              <span className="text-ink-muted">
                {`${counts(data)} · `}
                <RelativeTime at={data.finishedAt ?? data.createdAt} />
              </span>
            </p>
          )}
          {data.failure ? <p className="text-sm text-danger-ink">{data.failure}</p> : null}
          {data.status === "CANCELLED" ? <p className="text-sm">{words.stopped}</p> : null}
          {note ? <p className="text-sm">{note}</p> : null}
          {data.refusals.length > 0 ? <Refusals title={words.left} refusals={data.refusals} /> : null}
        </div>
      ) : error ? (
        <InlineError problem={problemOf(error)} onRetry={() => void refetch()} />
      ) : (
        <SkeletonText lines={4} />
      )}
    </Dialog>
  );
}

function Refusals({ title, refusals }: Pick<Bulk, "refusals"> & { title: string }) {
  return (
    <section className="grid gap-2">
      <h3 className="text-sm font-medium">{title}</h3>
      <ul className="grid rounded-lg border">
        {refusals.map(({ code, reason, count, leadIds }) => (
          <li key={`${code} ${reason}`} className="grid gap-1 px-3 py-2 text-sm not-first:border-t">
            <p className="flex gap-2">
              <span className="shrink-0 font-medium tabular-nums">{formatNumber(count)}</span>
              <span className="min-w-0">{plainDetail(reason)}</span>
            </p>
            <p className="flex flex-wrap gap-x-2 text-xs text-ink-muted">
              {leadIds.slice(0, 5).map((leadId) => (
                <LeadLink key={leadId} leadId={leadId} />
              ))}
              {count > 5 ? <span>{`and ${formatNumber(count - Math.min(5, leadIds.length))} more`}</span> : null}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function LeadLink({ leadId }: { leadId: string }) {
  const lead = useQuery(leadQuery(leadId)).data;
  if (!lead) return null;
  return (
    <Link to="/leads/$leadId" params={{ leadId }} className="rounded-md underline-offset-4 hover:underline">
      {leadName(lead)}
    </Link>
  );
}

export const insideIt = (count: number) => `${formatNumber(count)} ${count === 1 ? "is" : "are"} in it already.`;

/** What would come of it, and how many would be left out for each reason. */
export function Forecast(props: {
  refusals: readonly Pick<Refusal, "code" | "reason" | "count">[];
  children: ReactNode;
}) {
  const { refusals, children } = props;
  return (
    <div role="status" className="grid gap-2 rounded-lg border bg-sunken p-3 text-sm">
      {children}
      {refusals.length > 0 ? (
        <ul className="grid gap-1 text-ink-muted">
          {refusals.map(({ code, reason, count }) => (
            <li key={`${code} ${reason}`} className="flex gap-2">
              <span className="w-12 shrink-0 text-right tabular-nums">{formatNumber(count)}</span>
              <span className="min-w-0">{plainDetail(reason)}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
