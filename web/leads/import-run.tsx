import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ImportView } from "#domains/leads/contract.ts";
import { mayImport } from "#domains/leads/rules.ts";
import { api } from "#web/api.ts";
import { importLook, secondsLeft } from "#web/leads/import-words.ts";
import { fileLink } from "#web/leads/words.ts";
import { problemOf } from "#web/problem.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Badge } from "#web/ui/badge.tsx";
import { Banner } from "#web/ui/banner.tsx";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { ConfirmDialog } from "#web/ui/confirm-dialog.tsx";
import { formatDuration, formatNumber } from "#web/ui/format.ts";
import { NumberText } from "#web/ui/number-text.tsx";
import { Progress } from "#web/ui/progress.tsx";
import { Stat, StatRow } from "#web/ui/stat.tsx";
import { InlineError } from "#web/ui/states.tsx";
import { keyset } from "#web/ui/table/source.ts";

/** An import on its way or at its end: how far, what became of the rows, and which had faults. */
export function ImportRun({ job }: { job: ImportView }) {
  const queries = useQueryClient();
  const whyNot = useWhyNot("leads:import");
  const [asking, setAsking] = useState(false);
  const onSuccess = (view: ImportView) => {
    setAsking(false);
    queries.setQueryData(api.leads.imports.get.queryKey({ input: { importId: job.id } }), view);
  };
  const cancel = useMutation({ ...api.leads.imports.cancel.mutationOptions(), onSuccess });
  const start = useMutation({ ...api.leads.imports.start.mutationOptions(), onSuccess });
  const running = job.status === "RUNNING";
  const left = secondsLeft(job);
  return (
    <div className="grid max-w-xl grid-cols-[minmax(0,1fr)] gap-6">
      {running ? (
        <Card>
          <div className="grid gap-4">
            <Progress
              label={job.isCancelling ? "Stopping behind the present batch" : "Importing"}
              value={job.rowsRead === 0 ? null : job.rowsRead}
              total={Math.max(job.rowsTotal ?? 0, job.rowsRead)}
              detail={[
                job.rate ? `${formatNumber(job.rate)} rows/s` : null,
                left === undefined ? null : `${formatDuration(left)} left`,
                "You can leave this page: the import goes on.",
              ]
                .filter(Boolean)
                .join(", ")}
            />
            <div className="flex justify-end">
              <Button
                disabledReason={whyNot ?? (job.isCancelling ? "It is stopping already" : null)}
                onClick={() => setAsking(true)}
              >
                Cancel import
              </Button>
            </div>
          </div>
        </Card>
      ) : (
        <Outcome job={job} />
      )}
      <StatRow>
        <Stat label="New leads" value={<NumberText value={job.created} />} />
        <Stat label="Updated" value={<NumberText value={job.updated} />} />
        <Stat label="Unchanged" value={<NumberText value={job.unchanged} />} />
        <Stat label="Left out" value={<NumberText value={job.faulty} />} />
      </StatRow>
      {start.error ? <InlineError problem={problemOf(start.error)} /> : null}
      {running ? null : (
        <div className="flex flex-wrap justify-end gap-2">
          {mayImport(job.status, "start") ? (
            <Button
              disabledReason={whyNot}
              loading={start.isPending}
              onClick={() => start.mutate({ importId: job.id })}
            >
              Go on importing
            </Button>
          ) : null}
          <LinkButton to="/leads/import">Import another file</LinkButton>
          <LinkButton to="/leads" variant="primary">
            Show leads
          </LinkButton>
        </div>
      )}
      <Faults importId={job.id} isOver={!running} />
      <ConfirmDialog
        open={asking && running}
        onOpenChange={setAsking}
        title="Cancel this import?"
        consequences={`${formatNumber(job.rowsRead)} rows are in and stay. The rest of the file is not read. Importing the file again makes nobody twice.`}
        action="Cancel import"
        loading={cancel.isPending}
        error={cancel.error ? problemOf(cancel.error).title : undefined}
        onConfirm={() => cancel.mutate({ importId: job.id })}
      />
    </div>
  );
}

function Outcome({ job }: { job: ImportView }) {
  const seconds =
    job.startedAt && job.finishedAt ? (Date.parse(job.finishedAt) - Date.parse(job.startedAt)) / 1_000 : 0;
  const took = seconds >= 1 ? ` in ${formatDuration(seconds)}` : "";
  if (job.status === "COMPLETED") {
    return <Banner tone="positive">{`${formatNumber(job.rowsRead)} rows were read${took}.`}</Banner>;
  }
  if (job.status === "FAILED") {
    return (
      <Banner tone="danger">
        {`The import stopped after ${formatNumber(job.rowsRead)} rows. ${job.failure ?? "The reason is in the server's log."}`}
      </Banner>
    );
  }
  return (
    <Banner tone="warning">
      {`${importLook[job.status].label} after ${formatNumber(job.rowsRead)} rows. What was imported stays.`}
    </Banner>
  );
}

function Faults({ importId, isOver }: { importId: string; isOver: boolean }) {
  const query = useInfiniteQuery(
    api.leads.imports.faults.infiniteOptions({
      ...keyset,
      input: (cursor) => ({ importId, cursor, limit: 50 }),
      enabled: isOver,
    }),
  );
  const faults = query.data?.pages.flatMap(({ data }) => data) ?? [];
  if (query.error) return <InlineError problem={problemOf(query.error)} onRetry={() => void query.refetch()} />;
  if (faults.length === 0) return null;
  return (
    <Card
      title="What was wrong"
      description="Rows that were left out, and single values that were left out of rows that came in."
      actions={
        <a href={`/api/v1/imports/${importId}/faults.csv`} download className={fileLink}>
          Download as CSV
        </a>
      }
      flush
    >
      <ul>
        {faults.map(({ id, line, column, value, reason, isFatal }) => (
          <li
            key={id}
            className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 border-t px-4 py-2 text-sm sm:grid-cols-[3rem_6rem_minmax(0,1fr)]"
          >
            <span className="text-ink-subtle tabular-nums sm:text-right">{line}</span>
            <span>
              <Badge tone={isFatal ? "danger" : "warning"}>{isFatal ? "Row left out" : "Value left out"}</Badge>
            </span>
            <p className="min-w-0 break-words max-sm:col-span-2">
              {column ? <span className="font-medium">{column} </span> : null}
              {value && !reason.includes(value) ? <span className="text-ink-muted">“{value}” </span> : null}
              {reason}
            </p>
          </li>
        ))}
      </ul>
      {query.hasNextPage ? (
        <div className="border-t px-4 py-2">
          <Button
            size="sm"
            variant="ghost"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            Show more
          </Button>
        </div>
      ) : null}
    </Card>
  );
}
