import { useInfiniteQuery, useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ListChecks } from "lucide-react";
import type { Job } from "#platform/operations/contract.ts";
import { JOB_STATES } from "#platform/operations/job-states.ts";
import { jobsSearch, onlyFirst, type JobsSearch } from "#web/accounts/search.ts";
import { SettingsPage } from "#web/accounts/settings-page.tsx";
import { jobLook } from "#web/accounts/words.ts";
import { api } from "#web/api.ts";
import { mayLoad } from "#web/session.ts";
import { Permitted } from "#web/shell/permitted.tsx";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { StatusPill } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx";
import { NotKnown } from "#web/ui/number-text.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { keyset, useTableSource, type Column } from "#web/ui/table/source.ts";
import { toast } from "#web/ui/toast.tsx";
import { Tooltip } from "#web/ui/tooltip.tsx";

// Queries

const jobsQuery = ({ state, name }: JobsSearch) => {
  const wanted = { state: JOB_STATES.find((known) => known === state), name };
  return api.platform.jobs.list.infiniteOptions({ ...keyset, input: (cursor) => ({ ...wanted, cursor, limit: 50 }) });
};

// Columns and filters

const columns: Column<Job>[] = [
  { id: "name", header: "Job", width: 220, cell: (job) => <code className="font-mono text-xs">{job.name}</code> },
  {
    id: "state",
    header: "State",
    width: 128,
    grow: 0,
    cell: ({ state }) => <StatusPill tone={jobLook[state].tone}>{jobLook[state].label}</StatusPill>,
  },
  {
    id: "attempts",
    header: "Attempts",
    width: 96,
    grow: 0,
    align: "end",
    cell: (job) => `${job.attempts} of ${job.maxAttempts}`,
  },
  { id: "runAt", header: "Due", width: 112, grow: 0, cell: (job) => <RelativeTime at={job.runAt} /> },
  { id: "createdAt", header: "Asked for", width: 112, grow: 0, cell: (job) => <RelativeTime at={job.createdAt} /> },
  {
    id: "lastError",
    header: "Last failure",
    width: 240,
    grow: 3,
    cell: ({ lastError }) =>
      lastError ? (
        <Tooltip content={lastError}>
          <span className="block truncate">{lastError}</span>
        </Tooltip>
      ) : (
        <NotKnown />
      ),
  },
  { id: "retry", header: "Retry", width: 112, grow: 0, acts: true, cell: (job) => <Retry job={job} /> },
];

const filters: Filter[] = [
  {
    id: "state",
    label: "State",
    kind: "choice",
    single: true,
    options: JOB_STATES.map((value) => ({ value, label: jobLook[value].label })),
  },
  { id: "name", label: "Job", kind: "text", placeholder: "messaging.send-email" },
];

// Loader

export function load(queries: QueryClient, wanted: JobsSearch) {
  if (!mayLoad(queries, "jobs:read")) return;
  void queries.prefetchInfiniteQuery(jobsQuery(wanted));
}

// Page

const route = getRouteApi("/frame/settings/jobs");

/** The queue of the workspace: what waits, runs and has failed. */
export function JobsPage() {
  return (
    <Permitted permission="jobs:read" title="Jobs">
      <Jobs />
    </Permitted>
  );
}

function Jobs() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const source = useTableSource(useInfiniteQuery(jobsQuery(search)));
  return (
    <SettingsPage title="Jobs" context="Work that the server does in the background. What is done disappears." table>
      <DataTable
        id="jobs"
        label="Jobs"
        noun={{ one: "job", other: "jobs" }}
        source={source}
        columns={columns}
        rowId={(job) => job.id}
        rowName={(job) => job.name}
        scope={search}
        onClearFilters={search.state || search.name ? () => void navigate({ search: {} }) : undefined}
        toolbar={
          <FilterChips
            filters={filters}
            values={search}
            onChange={(change) =>
              void navigate({ search: (now) => jobsSearch(onlyFirst({ ...now, ...change })), replace: true })
            }
          />
        }
        empty={
          <EmptyState icon={ListChecks} title="Nothing to do">
            Sends, imports and calls to vendors wait here for a moment. Those that fail stay until they are tried again.
          </EmptyState>
        }
      />
    </SettingsPage>
  );
}

function Retry({ job }: { job: Job }) {
  const queries = useQueryClient();
  const whyNot = useWhyNot("jobs:retry");
  const retry = useMutation(
    api.platform.jobs.retry.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: api.platform.jobs.key() }),
      onError: (error) => toast.problem(error),
    }),
  );
  if (job.state !== "failed") return null;
  return (
    <Button
      size="sm"
      variant="ghost"
      loading={retry.isPending}
      disabledReason={whyNot}
      onClick={() => retry.mutate({ jobId: job.id })}
    >
      Try again
    </Button>
  );
}
