import { useInfiniteQuery, type QueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { FlaskConical, Inbox, Plus, Webhook } from "lucide-react";
import { lazy, Suspense, useState, type ReactNode } from "react";
import type { IntakeSourceView, SubmissionView } from "#domains/leads/contract.ts";
import { intakeKindWords, providerWords, submissionLook } from "#web/leads/intake-words.ts";
import { sourcesQuery, submissionsQuery } from "#web/leads/intake-query.ts";
import { intakeSearch, type IntakeSearch } from "#web/leads/search.ts";
import { SubmissionAction } from "#web/leads/submission-action.tsx";
import { optionsOf } from "#web/leads/words.ts";
import { useOpenRow } from "#web/shell/open-row.ts";
import { Page } from "#web/shell/page.tsx";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { StatusPill } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx";
import { late } from "#web/ui/late.tsx";
import { NotKnown, NumberText } from "#web/ui/number-text.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { useTableSource, type Column } from "#web/ui/table/source.ts";
import { Tabs } from "#web/ui/tabs.tsx";

const SourceDialog = late(() =>
  import("#web/leads/intake-source-dialog.tsx").then((module) => module.IntakeSourceDialog),
);
const SourcePanel = lazy(() =>
  import("#web/leads/intake-source-panel.tsx").then((module) => ({ default: module.IntakeSourcePanel })),
);
const SubmissionPanel = lazy(() =>
  import("#web/leads/submission-panel.tsx").then((module) => ({ default: module.SubmissionPanel })),
);
const TestLeadDialog = late(() => import("#web/leads/test-lead-dialog.tsx").then((module) => module.TestLeadDialog));

// Columns

const sourceColumns: Column<IntakeSourceView>[] = [
  { id: "name", header: "Name", width: 200, cell: ({ name }) => name },
  { id: "kind", header: "Kind", width: 112, grow: 0, cell: ({ kind }) => intakeKindWords[kind] },
  {
    id: "state",
    header: "State",
    width: 112,
    grow: 0,
    cell: ({ isActive }) => (
      <StatusPill tone={isActive ? "positive" : "neutral"}>{isActive ? "Open" : "Switched off"}</StatusPill>
    ),
  },
  {
    id: "submitted",
    header: "Came in",
    width: 96,
    grow: 0,
    align: "end",
    cell: ({ submitted }) => <NumberText value={submitted} />,
  },
  {
    id: "created",
    header: "New leads",
    width: 96,
    grow: 0,
    align: "end",
    cell: ({ created }) => <NumberText value={created} />,
  },
  {
    id: "lastUsedAt",
    header: "Last used",
    width: 112,
    grow: 0,
    cell: ({ lastUsedAt }) => (lastUsedAt ? <RelativeTime at={lastUsedAt} /> : "Never"),
  },
];

const submissionColumns: Column<SubmissionView>[] = [
  {
    id: "receivedAt",
    header: "When",
    width: 112,
    grow: 0,
    cell: ({ receivedAt }) => <RelativeTime at={receivedAt} />,
  },
  { id: "label", header: "From", width: 160, cell: ({ label, provider }) => label ?? providerWords(provider) },
  {
    id: "status",
    header: "Result",
    width: 140,
    grow: 0,
    cell: ({ status }) => <StatusPill tone={submissionLook[status].tone}>{submissionLook[status].label}</StatusPill>,
  },
  { id: "lead", header: "Lead", width: 160, cell: ({ leadName }) => leadName ?? <NotKnown /> },
  {
    id: "detail",
    header: "Why",
    width: 240,
    grow: 2,
    cell: ({ detail, faults }) => detail ?? faults[0]?.reason ?? <NotKnown label="nothing to say" />,
  },
  {
    id: "action",
    header: "Take in",
    width: 112,
    grow: 0,
    acts: true,
    cell: (one) => <SubmissionAction submission={one} />,
  },
];

const filters: Filter[] = [
  { id: "status", label: "Result", kind: "choice", single: true, options: optionsOf(submissionLook) },
];

// Loader

export function load(queries: QueryClient, wanted: IntakeSearch) {
  if (wanted.tab === "submissions") void queries.prefetchInfiniteQuery(submissionsQuery(wanted));
  else void queries.prefetchInfiniteQuery(sourcesQuery);
}

// Page

const route = getRouteApi("/frame/leads/intake");

/** The ways in for leads that nobody types: forms, programs, advertisements; and what came by them. */
export function IntakePage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [dialog, setDialog] = useState<"new" | "test">();
  const whyNot = useWhyNot("integrations:write");
  const whyNotTest = useWhyNot("sandbox:use");
  const change = (next: Partial<Record<keyof IntakeSearch, unknown>>) =>
    void navigate({ search: (now) => intakeSearch({ ...now, ...next }), replace: true });
  const create = (
    <Button variant="primary" icon={Plus} disabledReason={whyNot} onClick={() => setDialog("new")}>
      New source
    </Button>
  );
  const test = (
    <Button icon={FlaskConical} disabledReason={whyNotTest} onClick={() => setDialog("test")}>
      Send a test lead
    </Button>
  );
  return (
    <Page
      title="Intake"
      context="Where leads come in by themselves: forms, other programs, and the forms of your advertisements."
      back={{ to: "/leads", label: "Leads" }}
      fill
      action={
        <>
          {test}
          {create}
        </>
      }
    >
      <Tabs
        label="Intake"
        fill
        className="grow"
        value={search.tab ?? "sources"}
        onChange={(tab) => change({ tab, row: undefined })}
        tabs={[
          { value: "sources", label: "Sources", content: <Sources create={create} /> },
          { value: "submissions", label: "Submissions", content: <Submissions onChange={change} test={test} /> },
        ]}
      />
      <Suspense>
        {dialog === "new" ? (
          <SourceDialog
            onCreated={({ id }) => change({ tab: "sources", row: id })}
            onClose={() => setDialog(undefined)}
          />
        ) : null}
        {dialog === "test" ? (
          <TestLeadDialog
            onSent={() => change({ tab: "submissions", row: undefined })}
            onClose={() => setDialog(undefined)}
          />
        ) : null}
      </Suspense>
    </Page>
  );
}

function Sources({ create }: { create: ReactNode }) {
  const search = route.useSearch();
  const { openRow, closeRow } = useOpenRow();
  const source = useTableSource(useInfiniteQuery(sourcesQuery));
  const open = source.rows.find(({ id }) => id === search.row);
  return (
    <div className="flex min-h-0 min-w-0 grow">
      <div className="flex min-h-0 min-w-0 grow flex-col">
        <DataTable
          id="intake-sources"
          label="Sources"
          noun={{ one: "source", other: "sources" }}
          source={source}
          columns={sourceColumns}
          rowId={({ id }) => id}
          rowName={({ name }) => name}
          onOpen={({ id }) => openRow(id)}
          openId={search.row}
          empty={
            <EmptyState icon={Webhook} title="No source yet" action={create}>
              Make a form to put on your pages, or an address for another program. Advertisements need none: connect
              Meta lead ads under Settings → Integrations.
            </EmptyState>
          }
        />
      </div>
      <Suspense>{open ? <SourcePanel key={open.id} source={open} onClose={closeRow} /> : null}</Suspense>
    </div>
  );
}

type SubmissionsProps = { onChange: (next: Partial<Record<keyof IntakeSearch, unknown>>) => void; test: ReactNode };

function Submissions({ onChange, test }: SubmissionsProps) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { openRow, closeRow } = useOpenRow();
  const { tab: _tab, row: _row, ...wanted } = search;
  const source = useTableSource(useInfiniteQuery(submissionsQuery(search)));
  const open = source.rows.find(({ id }) => id === search.row);
  return (
    <div className="flex min-h-0 min-w-0 grow">
      <div className="flex min-h-0 min-w-0 grow flex-col">
        <DataTable
          id="lead-submissions"
          label="Submissions"
          noun={{ one: "submission", other: "submissions" }}
          source={source}
          columns={submissionColumns}
          rowId={({ id }) => id}
          rowName={({ leadName, label, provider }) => leadName ?? label ?? providerWords(provider)}
          onOpen={({ id }) => openRow(id)}
          openId={search.row}
          scope={wanted}
          onClearFilters={
            Object.keys(wanted).length > 0 ? () => void navigate({ search: { tab: "submissions" } }) : undefined
          }
          toolbar={
            <FilterChips
              filters={filters}
              values={wanted}
              onChange={(next) =>
                onChange(Object.fromEntries(Object.entries(next).map(([key, one]) => [key, one?.[0]])))
              }
            />
          }
          empty={
            <EmptyState icon={Inbox} title="Nothing has come in yet" action={test}>
              Whatever a form, a program or an advertisement gives stands here with what became of it.
            </EmptyState>
          }
        />
      </div>
      <Suspense>{open ? <SubmissionPanel key={open.id} submission={open} onClose={closeRow} /> : null}</Suspense>
    </div>
  );
}
