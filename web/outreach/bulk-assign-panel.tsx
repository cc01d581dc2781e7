import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { BulkAssignmentView } from "#domains/outreach/contract/bulk-assignments.ts";
import { api } from "#web/api.ts";
import { leadNoun } from "#web/leads/words.ts";
import { andStayed, BulkReport, BulkStrip, whileUnderWay, type BulkWords } from "#web/outreach/bulk-frame.tsx";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Button } from "#web/ui/button.tsx";
import { countOf, formatNumber } from "#web/ui/format.ts";
import { Progress } from "#web/ui/progress.tsx";
import { toast } from "#web/ui/toast.tsx";

function countsOf({ undoOf, changed, unchanged, refused }: BulkAssignmentView): string {
  if (undoOf) return `${countOf(changed, leadNoun)} taken out${andStayed(refused, "in")}`;
  const before = unchanged > 0 ? `, ${formatNumber(unchanged)} ${unchanged === 1 ? "was" : "were"} in it before` : "";
  return `${countOf(changed, leadNoun)} put in${before}${andStayed(refused, "out")}`;
}

const words = (bulk: BulkAssignmentView | undefined): BulkWords<BulkAssignmentView> => ({
  title: bulk?.undoOf ? "Undo of a bulk assignment" : "Bulk assignment",
  counts: countsOf,
  left: bulk?.undoOf ? "Who stayed in" : "Who stayed out",
  stopped: bulk?.undoOf
    ? "Whoever was taken out before stays out; the others are still in the campaign."
    : "Whoever came in before stays in.",
  Progress: BulkProgress,
  Stop: StopAssigning,
});

export type BulkAssignPanelProps = {
  campaignId: string;
  /** The bulk assignment that is open. */
  openId: string | undefined;
  onOpen: (id: string | undefined) => void;
};

/** The bulk assignments of a campaign: the latest in one line, each with its progress, its report and the way back. */
export function BulkAssignPanel({ campaignId, openId, onOpen }: BulkAssignPanelProps) {
  const { data } = useQuery({
    ...api.outreach.bulkAssignments.list.queryOptions({ input: { campaignId, limit: 1 } }),
    refetchInterval: ({ state }) => whileUnderWay(state.data?.data),
  });
  const latest = data?.data[0];
  return (
    <>
      {latest ? <BulkStrip bulk={latest} words={words(latest)} onOpen={onOpen} /> : null}
      {openId ? <Report key={openId} id={openId} onOpen={onOpen} /> : null}
    </>
  );
}

function Report({ id, onOpen }: { id: string; onOpen: (id: string | undefined) => void }) {
  const query = useQuery({
    ...api.outreach.bulkAssignments.get.queryOptions({ input: { bulkAssignmentId: id } }),
    refetchInterval: ({ state }) => whileUnderWay(state.data && [state.data]),
  });
  const { data } = query;
  return (
    <BulkReport
      query={query}
      words={words(data)}
      act={actOn(data, onOpen)}
      note={data?.undoneAt ? "It was undone." : null}
      onClose={() => onOpen(undefined)}
    />
  );
}

function actOn(bulk: BulkAssignmentView | undefined, onOpen: (id: string) => void) {
  if (!bulk) return null;
  if (!bulk.undoOf) return <Undo bulk={bulk} label="Undo" onOpen={onOpen} />;
  return bulk.status === "CANCELLED" ? <UndoRest id={bulk.undoOf} onOpen={onOpen} /> : null;
}

/** What an undo that was stopped has left of a bulk assignment is taken out by another. */
function UndoRest({ id, onOpen }: { id: string; onOpen: (id: string) => void }) {
  const { data } = useQuery(api.outreach.bulkAssignments.get.queryOptions({ input: { bulkAssignmentId: id } }));
  return data ? <Undo bulk={data} label="Take out the rest" onOpen={onOpen} /> : null;
}

type UndoProps = { bulk: BulkAssignmentView; label: string; onOpen: (id: string) => void };

function Undo({ bulk, label, onOpen }: UndoProps) {
  const queries = useQueryClient();
  const whyNot = useWhyNot("outreach:write");
  const undo = useMutation({
    ...api.outreach.bulkAssignments.undo.mutationOptions(),
    onSuccess: ({ id }) => onOpen(id),
    onSettled: () => queries.invalidateQueries({ queryKey: api.outreach.key() }),
    onError: (error) => toast.problem(error),
  });
  return (
    <Button
      disabledReason={whyNot ?? bulk.whyNotUndo}
      loading={undo.isPending}
      onClick={() => undo.mutate({ bulkAssignmentId: bulk.id })}
    >
      {label}
    </Button>
  );
}

function BulkProgress({ bulk }: { bulk: BulkAssignmentView }) {
  const done = bulk.changed + bulk.unchanged + bulk.refused;
  return (
    <Progress
      label={bulk.undoOf ? "Taking leads out" : "Putting leads in"}
      value={bulk.status === "QUEUED" ? null : done}
      // The total of many is an estimate.
      total={Math.max(bulk.total, done)}
      detail={countsOf(bulk)}
    />
  );
}

function StopAssigning({ id }: { id: string }) {
  const queries = useQueryClient();
  const whyNot = useWhyNot("outreach:write");
  const cancel = useMutation({
    ...api.outreach.bulkAssignments.cancel.mutationOptions(),
    onSettled: () => queries.invalidateQueries({ queryKey: api.outreach.key() }),
    onError: (error) => toast.problem(error),
  });
  return (
    <Button
      size="sm"
      disabledReason={whyNot}
      loading={cancel.isPending}
      onClick={() => cancel.mutate({ bulkAssignmentId: id })}
    >
      Stop
    </Button>
  );
}
