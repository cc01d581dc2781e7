import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { LeadFilterInput } from "#domains/leads/rules.ts";
import type { BulkPreview } from "#domains/outreach/contract/bulk-enrollments.ts";
import { api } from "#web/api.ts";
import { NarrowLeads } from "#web/leads/narrow-leads.tsx";
import { leadFilterOf, type LeadsSearch } from "#web/leads/search.ts";
import { leadNoun } from "#web/leads/words.ts";
import { Forecast } from "#web/outreach/bulk-frame.tsx";
import { SequenceLeadCheck } from "#web/outreach/sequence-lead-check.tsx";
import { SequenceChoice } from "#web/outreach/sequence-choice.tsx";
import { useSettled } from "#web/ui/use-settled.ts";
import { problemOf } from "#web/problem.ts";
import { Button } from "#web/ui/button.tsx";
import { Checkbox } from "#web/ui/choices.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { countOf, formatNumber, rowCountOf } from "#web/ui/format.ts";
import { SkeletonText } from "#web/ui/skeleton.tsx";
import { InlineError } from "#web/ui/states.tsx";
import type { Option } from "#web/ui/select.tsx";

/** Leads named one by one, or all that a filter finds. */
export type BulkLeads = { leadIds: readonly string[] } | { filter: LeadFilterInput };

export type BulkEnrollDialogProps = {
  /** Into which; without it the person chooses. */
  sequence?: { id: string; name: string };
  /** Whom; without it the person narrows the leads here. */
  leads?: BulkLeads;
  /** The same in words: "11 leads", "all matching leads". */
  who?: string;
  onStarted: (started: { id: string; sequenceId: string }) => void;
  onClose: () => void;
};

/** Says exactly how many leads would come in and why others would not, then starts the work in the background. */
export function BulkEnrollDialog({ sequence, leads, who = "leads", onStarted, onClose }: BulkEnrollDialogProps) {
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<Option>();
  const [search, setSearch] = useState<LeadsSearch>({});
  const [again, setAgain] = useState(false);
  const sequenceId = sequence?.id ?? chosen?.value;
  const whom = leads ?? { filter: leadFilterOf(search) };
  const asked = useSettled({ ...copy(whom), again }, 250);
  const preview = useQuery({
    ...api.outreach.bulkEnrollments.preview.queryOptions({ input: { sequenceId: sequenceId ?? "", ...asked } }),
    enabled: sequenceId !== undefined,
    placeholderData: keepPreviousData,
  });
  const start = useMutation({
    ...api.outreach.bulkEnrollments.create.mutationOptions(),
    onSuccess: (started) => {
      void queries.invalidateQueries({ queryKey: api.outreach.key() });
      onClose();
      onStarted(started);
    },
  });
  const { data } = preview;
  const isSettled = data !== undefined && !preview.isPlaceholderData;
  const none = data?.wouldEnroll === 0 || data?.count === 0 ? "Nobody of these would come in" : null;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      width="xl"
      title={sequence ? `Enrol ${who} in “${sequence.name}”` : `Enrol ${who} in a sequence`}
      description="Goes on in the background; each lead is taken once."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            loading={start.isPending}
            disabledReason={
              sequenceId === undefined ? "Choose a sequence first" : isSettled ? none : "Counting the leads…"
            }
            onClick={() => (sequenceId ? start.mutate({ sequenceId, ...copy(whom), again }) : undefined)}
          >
            {data && !none ? `Enrol ${howMany(data)}` : "Enrol leads"}
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 pt-1">
        {start.error ? <InlineError problem={problemOf(start.error)} /> : null}
        {sequence ? null : <SequenceChoice value={chosen} onChange={setChosen} />}
        {leads ? null : <NarrowLeads search={search} onChange={setSearch} />}
        <Checkbox
          value={again}
          onChange={setAgain}
          label="Also those who have left it before"
          hint="They begin once more, from the first step."
        />
        {sequenceId === undefined ? null : preview.error ? (
          <InlineError problem={problemOf(preview.error)} onRetry={() => void preview.refetch()} />
        ) : data ? (
          <>
            <Expected preview={data} />
            {data.count > 0 ? (
              <WhoWouldMiss key={JSON.stringify(whom)} {...{ sequenceId, whom, count: data.count }} />
            ) : null}
          </>
        ) : (
          <SkeletonText lines={2} />
        )}
      </div>
    </Dialog>
  );
}

function Expected({ preview }: { preview: BulkPreview }) {
  const { count, isEstimate, wouldEnroll, refusals } = preview;
  const found = rowCountOf({ value: count, exact: !isEstimate }, leadNoun);
  return (
    <Forecast refusals={refusals}>
      <p>
        <span className="font-medium first-letter:uppercase">{found}</span> {count === 1 ? "matches" : "match"}
        {wouldEnroll === null
          ? "; too many to look at each beforehand."
          : `, ${formatNumber(wouldEnroll)} would come in.`}
      </p>
    </Forecast>
  );
}

/** Above this many the leads are looked at when somebody asks, not with every change of the filter. */
const CHECKED_AT_ONCE = 1_000;

function WhoWouldMiss({ sequenceId, whom, count }: { sequenceId: string; whom: BulkLeads; count: number }) {
  const [isAsked, setIsAsked] = useState(false);
  const asked = useSettled(copy(whom), 250);
  if (isAsked || count <= CHECKED_AT_ONCE) return <SequenceLeadCheck sequenceId={sequenceId} whom={asked} />;
  return (
    <Button size="sm" className="justify-self-start" onClick={() => setIsAsked(true)}>
      Look who would miss a touch
    </Button>
  );
}

function howMany({ count, isEstimate, wouldEnroll }: BulkPreview): string {
  return wouldEnroll === null
    ? rowCountOf({ value: count, exact: !isEstimate }, leadNoun)
    : countOf(wouldEnroll, leadNoun);
}

const copy = (leads: BulkLeads) => ("leadIds" in leads ? { leadIds: [...leads.leadIds] } : { filter: leads.filter });
