import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleStop, Pause, Play, UserPlus } from "lucide-react";
import { lazy, Suspense, useState, type ReactNode } from "react";
import type { SequenceEnrollmentView } from "#domains/outreach/contract/enrollments.ts";
import type { EnrollmentStatus } from "#domains/outreach/states.ts";
import { api, client } from "#web/api.ts";
import { leadName, leadNoun, optionsOf } from "#web/leads/words.ts";
import { endInWords, enrollmentLook, plainDetail } from "#web/outreach/enrollment-words.ts";
import { problemOf } from "#web/problem.ts";
import { useOpenRow } from "#web/shell/open-row.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { StatusPill } from "#web/ui/badge.tsx";
import { ChannelIcon } from "#web/ui/channel-icon.tsx";
import { ConfirmDialog } from "#web/ui/confirm-dialog.tsx";
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx";
import { countOf, capital } from "#web/ui/format.ts";
import { NotKnown } from "#web/ui/number-text.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { SearchBox } from "#web/ui/search-box.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { DataTable } from "#web/ui/table/data-table.tsx";
import type { BulkAction } from "#web/ui/table/selection.ts";
import { keyset, useTableSource, type Column } from "#web/ui/table/source.ts";
import { toast } from "#web/ui/toast.tsx";

const ExplanationPanel = lazy(() =>
  import("#web/outreach/explanation-panel.tsx").then((module) => ({ default: module.ExplanationPanel })),
);

type Narrowed = { status: EnrollmentStatus | undefined; version?: number; search?: string };

export const peopleQuery = (sequenceId: string, narrowed: Narrowed) =>
  api.outreach.enrollments.listForSequence.infiniteOptions({
    ...keyset,
    input: (cursor) => ({ sequenceId, ...narrowed, cursor, limit: 50 }),
  });

const columns: Column<SequenceEnrollmentView>[] = [
  { id: "lead", header: "Lead", width: 180, cell: ({ lead }) => leadName(lead) },
  {
    id: "status",
    header: "State",
    width: 240,
    cell: ({ status, endReason }) => (
      <StatusPill tone={enrollmentLook[status].tone}>
        {endReason && status === "CANCELLED"
          ? `${enrollmentLook[status].label}: ${endInWords(endReason)}`
          : enrollmentLook[status].label}
      </StatusPill>
    ),
  },
  {
    id: "next",
    header: "Next touch",
    width: 180,
    cell: ({ next }) =>
      next ? (
        <span className="flex min-w-0 items-center gap-2">
          <ChannelIcon channel={next.channel} />
          <span className="truncate">
            {next.stepOrder + 1}. {next.scriptName ?? "No script"}
          </span>
        </span>
      ) : (
        <NotKnown />
      ),
  },
  {
    id: "due",
    header: "Due",
    width: 112,
    grow: 0,
    cell: ({ next }) => {
      const at = next?.waits.until ?? next?.scheduledAt;
      return at ? <RelativeTime at={at} /> : <NotKnown />;
    },
  },
  {
    id: "waits",
    header: "Waits",
    width: 200,
    cell: ({ next }) => (next ? capital(plainDetail(next.waits.reason)) : <NotKnown />),
  },
  { id: "version", header: "Version", width: 80, grow: 0, hidden: true, cell: ({ version }) => version },
  { id: "company", header: "Company", hidden: true, cell: ({ lead }) => lead.company ?? <NotKnown /> },
  { id: "campaign", header: "Campaign", hidden: true, cell: ({ campaignName }) => campaignName ?? <NotKnown /> },
  {
    id: "enrolledAt",
    header: "Enrolled",
    width: 112,
    grow: 0,
    cell: ({ enrolledAt }) => <RelativeTime at={enrolledAt} />,
  },
];

const stateFilter: Filter = {
  id: "status",
  label: "State",
  kind: "choice",
  single: true,
  options: optionsOf(enrollmentLook),
};

/** By version where there is more than one. */
const filtersOf = (newest: number | null): Filter[] => {
  const options = Array.from({ length: newest ?? 0 }, (_, index) => {
    const value = String((newest ?? 0) - index);
    return { value, label: `Version ${value}` };
  });
  return options.length > 1
    ? [stateFilter, { id: "version", label: "Version", kind: "choice", single: true, options }]
    : [stateFilter];
};

const ACTS = {
  pause: { verb: "Pause", done: "paused", icon: Pause, run: client.outreach.enrollments.pause },
  resume: { verb: "Resume", done: "resumed", icon: Play, run: client.outreach.enrollments.resume },
  stop: { verb: "Stop", done: "stopped", icon: CircleStop, run: client.outreach.enrollments.cancel },
} as const;
type Act = keyof typeof ACTS;

export type SequencePeopleProps = {
  sequenceId: string;
  /** How many there are, by state. */
  enrolled: Partial<Record<EnrollmentStatus, number>>;
  status: EnrollmentStatus | undefined;
  /** What leads are searched for. */
  q: string | undefined;
  /** The number of the sequence's newest version. */
  newest: number | null;
  /** Of the version whose people are listed, as the address has it. */
  version: string | undefined;
  /** The enrollment that is explained, and the touch that was asked about. */
  row: string | undefined;
  touch: string | undefined;
  onChange: (next: {
    status?: EnrollmentStatus | undefined;
    q?: string | undefined;
    version?: string | undefined;
    row?: string | undefined;
    touch?: undefined;
  }) => void;
  /** Starts enrolling, for an empty list. */
  enroll: ReactNode;
};

/** Who is or was in a sequence, what comes next for each, and the way to hold or stop them. */
export function SequencePeople(props: SequencePeopleProps) {
  const { sequenceId, enrolled, status, newest, q, row, touch, onChange, enroll } = props;
  const filters = filtersOf(newest);
  const version = filters.length > 1 && /^[1-9]\d{0,5}$/.test(props.version ?? "") ? Number(props.version) : undefined;
  const queries = useQueryClient();
  const { openRow, closeRow } = useOpenRow();
  const whyNot = useWhyNot("outreach:write");
  const count = status ? (enrolled[status] ?? 0) : Object.values(enrolled).reduce((sum, some) => sum + some, 0);
  const source = useTableSource(
    useInfiniteQuery(peopleQuery(sequenceId, { status, version, search: q })),
    q || version !== undefined ? undefined : { value: count, exact: true },
  );
  const [stopping, setStopping] = useState<{ ids: readonly string[]; clear: () => void }>();
  const act = useMutation({
    mutationFn: (wish: { act: Act; ids: readonly string[]; clear: () => void }) => runEach(wish.act, wish.ids),
    onSuccess: ({ done, refusals }, wish) => {
      wish.clear();
      setStopping(undefined);
      const { done: word } = ACTS[wish.act];
      if (done > 0) toast.done(`${countOf(done, leadNoun)} ${word}`, refusals[0] && `Others: ${refusals[0]}`);
      else if (refusals[0]) toast.done(`Nobody was ${word}`, refusals[0]);
    },
    onError: (error) => toast.problem(error),
    onSettled: () => queries.invalidateQueries({ queryKey: api.outreach.key() }),
  });
  const bulk = (["pause", "resume", "stop"] as const).map((kind): BulkAction => ({
    label: (leads) => `${ACTS[kind].verb} for ${leads}`,
    icon: ACTS[kind].icon,
    danger: kind === "stop",
    rowsOnly: true,
    disabledReason: whyNot ?? (act.isPending ? "One moment" : null),
    onRun: (selection, clear) => {
      const ids = selection.kind === "rows" ? selection.ids : [];
      if (kind === "stop") setStopping({ ids, clear });
      else act.mutate({ act: kind, ids, clear });
    },
  }));
  return (
    <>
      <DataTable
        id="sequence-people"
        label="People"
        noun={leadNoun}
        source={source}
        columns={columns}
        rowId={({ id }) => id}
        rowName={({ lead }) => leadName(lead)}
        rowLink={({ leadId, id }) => ({ to: "/leads/$leadId", params: { leadId }, search: { why: id } })}
        onOpen={({ id }) => openRow(id)}
        openId={row}
        bulk={bulk}
        scope={{ sequenceId, status, version, q }}
        onClearFilters={
          status || q || version !== undefined
            ? () => onChange({ status: undefined, q: undefined, version: undefined })
            : undefined
        }
        toolbar={
          <>
            <SearchBox label="Search people" value={q ?? ""} onChange={(text) => onChange({ q: text || undefined })} />
            <FilterChips
              filters={filters}
              values={{ status, version: version === undefined ? undefined : String(version) }}
              onChange={(chosen) =>
                onChange({
                  ...("status" in chosen && {
                    status: optionsOf(enrollmentLook).find(({ value }) => value === chosen["status"]?.[0])?.value,
                  }),
                  ...("version" in chosen && { version: chosen["version"]?.[0] }),
                })
              }
            />
          </>
        }
        empty={
          <EmptyState icon={UserPlus} title="Nobody has been in it yet" action={enroll}>
            Enrol leads by hand or by a filter; who comes in by its trigger appears here too.
          </EmptyState>
        }
      />
      <Suspense>
        {row ? (
          <ExplanationPanel key={row} enrollmentId={row} touch={touch} inPage="sequence" onClose={closeRow} />
        ) : null}
      </Suspense>
      <ConfirmDialog
        open={stopping !== undefined}
        onOpenChange={() => setStopping(undefined)}
        title={`Stop the sequence for ${countOf(stopping?.ids.length ?? 0, leadNoun)}?`}
        consequences="Nothing more of it goes out to them, and it cannot be resumed. What was sent stays in their timelines."
        action="Stop sequence"
        loading={act.isPending}
        onConfirm={() => (stopping ? act.mutate({ act: "stop", ...stopping }) : undefined)}
      />
    </>
  );
}

/** One after the other: a refusal of one (it has ended meanwhile) keeps none of the others. */
async function runEach(act: Act, ids: readonly string[]): Promise<{ done: number; refusals: string[] }> {
  let done = 0;
  const refusals: string[] = [];
  for (const enrollmentId of ids) {
    try {
      await ACTS[act].run({ enrollmentId });
      done += 1;
    } catch (error) {
      const { status, title, detail } = problemOf(error);
      if (status !== 404 && status !== 409) throw error;
      refusals.push(detail ?? title);
    }
  }
  return { done, refusals };
}
