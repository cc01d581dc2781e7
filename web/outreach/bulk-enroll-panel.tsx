import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { BulkEnrollmentView } from "#domains/outreach/contract/bulk-enrollments.ts";
import type { BulkStatus } from "#domains/outreach/states.ts";
import { api } from "#web/api.ts";
import { leadQuery } from "#web/leads/lead-query.ts";
import { leadName, leadNoun } from "#web/leads/words.ts";
import { plainDetail } from "#web/outreach/enrollment-words.ts";
import { problemOf } from "#web/problem.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { StatusPill, type Tone } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { countOf, formatNumber } from "#web/ui/format.ts";
import { Progress } from "#web/ui/progress.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { SkeletonText } from "#web/ui/skeleton.tsx";
import { InlineError } from "#web/ui/states.tsx";
import { toast } from "#web/ui/toast.tsx";

const bulkLook: Record<BulkStatus, { label: string; tone: Tone }> = {
  QUEUED: { label: "Queued", tone: "neutral" },
  RUNNING: { label: "Running", tone: "info" },
  COMPLETED: { label: "Completed", tone: "positive" },
  CANCELLED: { label: "Cancelled", tone: "warning" },
  FAILED: { label: "Failed", tone: "danger" },
};

const isUnderWay = (status: BulkStatus) => status === "QUEUED" || status === "RUNNING";
/** Asked this often while one is running: its progress is announced by no event of its own. */
const EVERY_MS = 1_000;

export type BulkEnrollPanelProps = {
  sequenceId: string;
  /** The bulk enrolment that is open. */
  openId: string | undefined;
  onOpen: (id: string | undefined) => void;
};

/** The bulk enrolments of a sequence: the latest in one line, each with its progress and its report. */
export function BulkEnrollPanel({ sequenceId, openId, onOpen }: BulkEnrollPanelProps) {
  const { data } = useQuery({
    ...api.outreach.bulkEnrollments.list.queryOptions({ input: { sequenceId, limit: 1 } }),
    refetchInterval: ({ state }) => (state.data?.data.some(({ status }) => isUnderWay(status)) ? EVERY_MS : false),
  });
  const latest = data?.data[0];
  return (
    <>
      {latest ? (
        <div className="mx-4 mb-3 rounded-lg border p-3 sm:mx-6">
          {isUnderWay(latest.status) ? (
            <div className="grid gap-2">
              <BulkProgress bulk={latest} />
              <div className="flex justify-end gap-2">
                <Button size="sm" variant="ghost" onClick={() => onOpen(latest.id)}>
                  Details
                </Button>
                <CancelBulk id={latest.id} />
              </div>
            </div>
          ) : (
            <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
              <span className="font-medium">Last bulk enrolment</span>
              <StatusPill tone={bulkLook[latest.status].tone}>{bulkLook[latest.status].label}</StatusPill>
              <span className="min-w-0 grow text-ink-muted">
                {`${countOf(latest.enrolled, leadNoun)} enrolled, ${formatNumber(latest.refused)} stayed out · `}
                <RelativeTime at={latest.finishedAt ?? latest.createdAt} />
              </span>
              <Button size="sm" variant="ghost" onClick={() => onOpen(latest.id)}>
                Report
              </Button>
            </div>
          )}
        </div>
      ) : null}
      {openId ? <BulkReport key={openId} id={openId} onClose={() => onOpen(undefined)} /> : null}
    </>
  );
}

function BulkProgress({ bulk: { status, total, enrolled, refused } }: { bulk: BulkEnrollmentView }) {
  const done = enrolled + refused;
  return (
    <Progress
      label="Enrolling leads"
      value={status === "QUEUED" ? null : done}
      // Leads that match only since it was asked are taken too.
      total={Math.max(total, done)}
      detail={`${formatNumber(enrolled)} enrolled, ${formatNumber(refused)} stayed out`}
    />
  );
}

function CancelBulk({ id }: { id: string }) {
  const queries = useQueryClient();
  const whyNot = useWhyNot("outreach:write");
  const cancel = useMutation({
    ...api.outreach.bulkEnrollments.cancel.mutationOptions(),
    onSettled: () => queries.invalidateQueries({ queryKey: api.outreach.key() }),
    onError: (error) => toast.problem(error),
  });
  return (
    <Button
      size="sm"
      disabledReason={whyNot}
      loading={cancel.isPending}
      onClick={() => cancel.mutate({ bulkEnrollmentId: id })}
    >
      Stop enrolling
    </Button>
  );
}

function BulkReport({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, error, refetch } = useQuery({
    ...api.outreach.bulkEnrollments.get.queryOptions({ input: { bulkEnrollmentId: id } }),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data.status) ? EVERY_MS : false),
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      width="xl"
      title="Bulk enrolment"
      description={
        data && isUnderWay(data.status) ? "You can close this; it goes on, and waits here for you." : undefined
      }
      actions={
        <>
          {data && isUnderWay(data.status) ? <CancelBulk id={id} /> : null}
          <Button variant="primary" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      {data ? (
        <div className="grid gap-4">
          {isUnderWay(data.status) ? (
            <BulkProgress bulk={data} />
          ) : (
            <p className="flex flex-wrap items-baseline gap-x-2 text-sm">
              <StatusPill tone={bulkLook[data.status].tone}>{bulkLook[data.status].label}</StatusPill>
              <span className="text-ink-muted">
                {`${countOf(data.enrolled, leadNoun)} enrolled, ${formatNumber(data.refused)} stayed out · `}
                <RelativeTime at={data.finishedAt ?? data.createdAt} />
              </span>
            </p>
          )}
          {data.failure ? <p className="text-sm text-danger-ink">{data.failure}</p> : null}
          {data.status === "CANCELLED" ? <p className="text-sm">Whoever came in before stays in.</p> : null}
          {data.refusals.length > 0 ? <Refusals refusals={data.refusals} /> : null}
        </div>
      ) : error ? (
        <InlineError problem={problemOf(error)} onRetry={() => void refetch()} />
      ) : (
        <SkeletonText lines={4} />
      )}
    </Dialog>
  );
}

function Refusals({ refusals }: { refusals: BulkEnrollmentView["refusals"] }) {
  return (
    <section className="grid gap-2">
      <h3 className="text-sm font-medium">Who stayed out</h3>
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
