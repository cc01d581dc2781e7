import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { BulkEnrollmentView } from "#domains/outreach/contract/bulk-enrollments.ts";
import { api } from "#web/api.ts";
import { leadNoun } from "#web/leads/words.ts";
import { andStayed, BulkReport, BulkStrip, whileUnderWay, type BulkWords } from "#web/outreach/bulk-frame.tsx";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Button } from "#web/ui/button.tsx";
import { countOf, formatNumber } from "#web/ui/format.ts";
import { Progress } from "#web/ui/progress.tsx";
import { toast } from "#web/ui/toast.tsx";

const words: BulkWords<BulkEnrollmentView> = {
  title: "Bulk enrolment",
  counts: ({ enrolled, refused }) => `${countOf(enrolled, leadNoun)} enrolled${andStayed(refused, "out")}`,
  left: "Who stayed out",
  stopped: "Whoever came in before stays in.",
  Progress: BulkProgress,
  Stop: CancelBulk,
};

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
    refetchInterval: ({ state }) => whileUnderWay(state.data?.data),
  });
  const latest = data?.data[0];
  return (
    <>
      {latest ? <BulkStrip bulk={latest} words={words} onOpen={onOpen} /> : null}
      {openId ? <Report key={openId} id={openId} onClose={() => onOpen(undefined)} /> : null}
    </>
  );
}

function Report({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useQuery({
    ...api.outreach.bulkEnrollments.get.queryOptions({ input: { bulkEnrollmentId: id } }),
    refetchInterval: ({ state }) => whileUnderWay(state.data && [state.data]),
  });
  return <BulkReport query={query} words={words} onClose={onClose} />;
}

function BulkProgress({ bulk: { status, total, enrolled, refused } }: { bulk: BulkEnrollmentView }) {
  const done = enrolled + refused;
  return (
    <Progress
      label="Enrolling leads"
      value={status === "QUEUED" ? null : done}
      // Leads that match only since it was asked are taken too.
      total={Math.max(total, done)}
      detail={`${formatNumber(enrolled)} enrolled${andStayed(refused, "out")}`}
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
