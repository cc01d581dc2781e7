import { useInfiniteQuery, useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { UsersRound } from "lucide-react";
import { Suspense } from "react";
import type { MergeView, ProposalView } from "#domains/leads/contract.ts";
import { api } from "#web/api.ts";
import { duplicatesSearch, type DuplicatesSearch } from "#web/leads/search.ts";
import { leadName } from "#web/leads/words.ts";
import { Page } from "#web/shell/page.tsx";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Button } from "#web/ui/button.tsx";
import { late } from "#web/ui/late.tsx";
import { NotKnown } from "#web/ui/number-text.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { keyset, useTableSource, type Column } from "#web/ui/table/source.ts";
import { Tabs } from "#web/ui/tabs.tsx";
import { toast } from "#web/ui/toast.tsx";

const MergeDialog = late(() => import("#web/leads/merge-dialog.tsx").then((module) => module.MergeDialog));

// Queries

const proposalsQuery = api.leads.mergeProposals.list.infiniteOptions({
  ...keyset,
  input: (cursor) => ({ status: "OPEN" as const, cursor, limit: 50 }),
});
const mergesQuery = api.leads.merges.list.infiniteOptions({ ...keyset, input: (cursor) => ({ cursor, limit: 50 }) });

// Columns

const proposalColumns: Column<ProposalView>[] = [
  { id: "lead", header: "Lead", width: 200, cell: ({ lead }) => leadName(lead) },
  { id: "otherLead", header: "Perhaps the same", width: 200, cell: ({ otherLead }) => leadName(otherLead) },
  { id: "reason", header: "Because", width: 240, cell: ({ reason }) => reason },
  { id: "value", header: "Address", width: 200, cell: ({ value }) => value },
  { id: "createdAt", header: "Found", width: 112, grow: 0, cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
  { id: "act", header: "Decide", width: 272, grow: 0, cell: (proposal) => <Decide proposal={proposal} /> },
];

const mergeColumns: Column<MergeView>[] = [
  {
    id: "other",
    header: "Lead that was merged",
    width: 240,
    cell: ({ otherName }) => otherName ?? <NotKnown label="no longer kept" />,
  },
  { id: "mergedAt", header: "Merged", width: 128, grow: 0, cell: ({ mergedAt }) => <RelativeTime at={mergedAt} /> },
  {
    id: "undoUntil",
    header: "Can be undone until",
    width: 160,
    grow: 0,
    cell: ({ undoneAt, undoUntil }) => (undoneAt ? <NotKnown label="undone" /> : <RelativeTime at={undoUntil} />),
  },
  { id: "act", header: "Undo", width: 128, grow: 0, cell: (merge) => <Undo merge={merge} /> },
];

// Loader

export function load(queries: QueryClient) {
  void queries.prefetchInfiniteQuery(proposalsQuery);
}

// Page

const route = getRouteApi("/frame/leads/duplicates");

export function DuplicatesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (next: Partial<DuplicatesSearch>) =>
    void navigate({ search: (now) => duplicatesSearch({ ...now, ...next }), replace: true });
  const pair = search.pair?.length === 2 ? search.pair : undefined;
  return (
    <Page
      title="Duplicates"
      context="Leads that share an address. Nothing is merged by itself: you decide, and can undo it for 90 days."
      back={{ to: "/leads", label: "Leads" }}
      fill
    >
      <Tabs
        label="Duplicates"
        fill
        className="grow"
        value={search.tab ?? "open"}
        onChange={(tab) => change({ tab })}
        tabs={[
          { value: "open", label: "To decide", content: <Proposals onOpen={(pair) => change({ pair })} /> },
          { value: "merged", label: "Merged", content: <Merges /> },
        ]}
      />
      <Suspense>
        {pair?.[0] && pair[1] ? (
          <MergeDialog leadIds={[pair[0], pair[1]]} onClose={() => change({ pair: undefined })} />
        ) : null}
      </Suspense>
    </Page>
  );
}

function Proposals({ onOpen }: { onOpen: (pair: string[]) => void }) {
  const source = useTableSource(useInfiniteQuery(proposalsQuery));
  return (
    <DataTable
      id="duplicates"
      label="Leads that may be one person"
      noun={{ one: "pair", other: "pairs" }}
      source={source}
      columns={proposalColumns}
      rowId={({ id }) => id}
      rowName={({ lead, otherLead }) => `${leadName(lead)} and ${leadName(otherLead)}`}
      onOpen={({ lead, otherLead }) => onOpen([lead.id, otherLead.id])}
      empty={
        <EmptyState icon={UsersRound} title="No two leads share an address">
          When an import or a form brings an address that another lead has, the pair appears here.
        </EmptyState>
      }
    />
  );
}

function Decide({ proposal }: { proposal: ProposalView }) {
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const whyNot = useWhyNot("leads:write");
  const dismiss = useMutation({
    ...api.leads.mergeProposals.dismiss.mutationOptions(),
    onSuccess: () => queries.invalidateQueries({ queryKey: api.leads.key() }),
    onError: (error) => toast.problem(error),
  });
  return (
    <span className="flex gap-2">
      <Button
        size="sm"
        onClick={(event) => {
          event.stopPropagation();
          void navigate({
            search: (now) => duplicatesSearch({ ...now, pair: [proposal.lead.id, proposal.otherLead.id] }),
          });
        }}
      >
        Compare
      </Button>
      <Button
        size="sm"
        variant="ghost"
        loading={dismiss.isPending}
        disabledReason={whyNot}
        onClick={(event) => {
          event.stopPropagation();
          dismiss.mutate({ proposalId: proposal.id });
        }}
      >
        They are two people
      </Button>
    </span>
  );
}

function Merges() {
  const source = useTableSource(useInfiniteQuery(mergesQuery));
  const navigate = route.useNavigate();
  return (
    <DataTable
      id="merges"
      label="Merges"
      noun={{ one: "merge", other: "merges" }}
      source={source}
      columns={mergeColumns}
      rowId={({ id }) => id}
      rowName={({ otherName, id }) => otherName ?? id}
      onOpen={({ survivorId }) => void navigate({ to: "/leads/$leadId", params: { leadId: survivorId } })}
      empty={
        <EmptyState icon={UsersRound} title="Nothing was merged yet">
          Merges stay here, with the way back, for 90 days.
        </EmptyState>
      }
    />
  );
}

function Undo({ merge }: { merge: MergeView }) {
  const queries = useQueryClient();
  const whyNot = useWhyNot("leads:write");
  const undo = useMutation({
    ...api.leads.merges.undo.mutationOptions(),
    onSuccess: () => queries.invalidateQueries({ queryKey: api.leads.key() }),
    onError: (error) => toast.problem(error),
  });
  if (merge.undoneAt) return <RelativeTime at={merge.undoneAt} />;
  return (
    <Button
      size="sm"
      loading={undo.isPending}
      disabledReason={whyNot ?? (merge.otherName === null ? "It is more than 90 days old" : null)}
      onClick={(event) => {
        event.stopPropagation();
        undo.mutate({ mergeId: merge.id });
      }}
    >
      Undo merge
    </Button>
  );
}
