import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "#web/api.ts";
import { leadNoun } from "#web/leads/words.ts";
import { EnrollOutcome, mayComeAgain } from "#web/outreach/enroll-outcome.tsx";
import { SequenceLeadCheck } from "#web/outreach/sequence-lead-check.tsx";
import { useSettled } from "#web/ui/use-settled.ts";
import { useLeadSearch } from "#web/leads/lead-choice.tsx";
import { problemOf } from "#web/problem.ts";
import { Button } from "#web/ui/button.tsx";
import { Combobox } from "#web/ui/combobox.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Field } from "#web/ui/field.tsx";
import { countOf } from "#web/ui/format.ts";
import { InlineError } from "#web/ui/states.tsx";
import type { Option } from "#web/ui/select.tsx";

export type EnrollDialogProps = { sequenceId: string; sequenceName: string; onClose: () => void };

/** Puts chosen leads into a sequence and says of each one that stayed out why. */
export function EnrollDialog({ sequenceId, sequenceName, onClose }: EnrollDialogProps) {
  const queries = useQueryClient();
  const { options, ...search } = useLeadSearch();
  const [chosen, setChosen] = useState<readonly Option[]>([]);
  const enroll = useMutation({
    ...api.outreach.enrollments.create.mutationOptions(),
    onSuccess: () => queries.invalidateQueries({ queryKey: api.outreach.key() }),
  });
  // The chosen ones stay in the list whatever is searched for next.
  const others = options.filter(({ value }) => chosen.every((lead) => lead.value !== value));
  const all = [...chosen, ...others];
  const choose = (ids: readonly string[]) => setChosen(all.filter(({ value }) => ids.includes(value)));
  const results = enroll.data?.results;
  const again = results?.filter(({ code }) => mayComeAgain(code)).map(({ leadId }) => leadId) ?? [];
  const checked = useSettled(
    chosen.map(({ value }) => value),
    250,
  );
  const leads = countOf(chosen.length, leadNoun);
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Enrol leads in “${sequenceName}”`}
      description="The first step is carried out as soon as its wait, the sending hours and the limits allow."
      actions={
        results ? (
          <>
            {again.length > 0 ? (
              <Button
                loading={enroll.isPending}
                onClick={() => enroll.mutate({ sequenceId, leadIds: again, again: true })}
              >
                {again.length === 1 ? "Enrol once more" : `Enrol ${countOf(again.length, leadNoun)} once more`}
              </Button>
            ) : null}
            <Button variant="primary" onClick={onClose}>
              Done
            </Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button
              variant="primary"
              loading={enroll.isPending}
              disabledReason={chosen.length === 0 ? "Choose a lead first" : null}
              onClick={() => enroll.mutate({ sequenceId, leadIds: chosen.map(({ value }) => value) })}
            >
              {chosen.length === 0 ? "Enrol leads" : `Enrol ${leads}`}
            </Button>
          </>
        )
      }
    >
      <div className="grid gap-4">
        {enroll.error ? <InlineError problem={problemOf(enroll.error)} /> : null}
        {results ? (
          <EnrollOutcome results={results} nameOf={(id) => chosen.find(({ value }) => value === id)?.label ?? id} />
        ) : (
          <>
            <Field label="Leads">
              {(control) => (
                <Combobox
                  {...control}
                  {...search}
                  multiple
                  value={chosen.map(({ value }) => value)}
                  onChange={choose}
                  options={all}
                  placeholder="Find leads…"
                  emptyText="No lead matches"
                />
              )}
            </Field>
            {checked.length > 0 ? <SequenceLeadCheck sequenceId={sequenceId} whom={{ leadIds: checked }} /> : null}
          </>
        )}
      </div>
    </Dialog>
  );
}
