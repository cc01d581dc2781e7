import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "#web/api.ts";
import { EnrollOutcome, mayComeAgain } from "#web/outreach/enroll-outcome.tsx";
import { SequenceLeadCheck } from "#web/outreach/sequence-lead-check.tsx";
import { SequenceChoice } from "#web/outreach/sequence-choice.tsx";
import { problemOf } from "#web/problem.ts";
import { Button } from "#web/ui/button.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { InlineError } from "#web/ui/states.tsx";
import type { Option } from "#web/ui/select.tsx";

export type EnrollLeadDialogProps = { leadId: string; name: string; onClose: () => void };

/** Puts one lead into an active sequence; whoever has left it may be let in again, as a new run. */
export function EnrollLeadDialog({ leadId, name, onClose }: EnrollLeadDialogProps) {
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<Option>();
  const enroll = useMutation({
    ...api.outreach.enrollments.create.mutationOptions(),
    onSuccess: async ({ results }) => {
      await queries.invalidateQueries({ queryKey: api.outreach.key() });
      // The lead's page shows the sequence at once; a refusal is told here.
      if (results.every(({ kind }) => kind === "enrolled")) onClose();
    },
  });
  const results = enroll.data?.results;
  const mayAgain = results?.some(({ code }) => mayComeAgain(code)) ?? false;
  const run = (again: boolean) =>
    chosen ? enroll.mutate({ sequenceId: chosen.value, leadIds: [leadId], again }) : undefined;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Enrol ${name} in a sequence`}
      description="The first step is carried out as soon as its wait, the sending hours and the limits allow."
      actions={
        <>
          <Button onClick={onClose}>{results ? "Close" : "Cancel"}</Button>
          {mayAgain ? (
            <Button variant="primary" loading={enroll.isPending} onClick={() => run(true)}>
              Enrol once more
            </Button>
          ) : (
            <Button
              variant="primary"
              loading={enroll.isPending}
              disabledReason={chosen ? (results ? "Choose another sequence" : null) : "Choose a sequence first"}
              onClick={() => run(false)}
            >
              Enrol
            </Button>
          )}
        </>
      }
    >
      <div className="grid gap-4">
        {enroll.error ? <InlineError problem={problemOf(enroll.error)} /> : null}
        <SequenceChoice
          value={chosen}
          onChange={(sequence) => {
            setChosen(sequence);
            enroll.reset();
          }}
        />
        {results ? <EnrollOutcome results={results} nameOf={() => name} /> : null}
        {chosen && !results ? <SequenceLeadCheck sequenceId={chosen.value} whom={{ leadIds: [leadId] }} /> : null}
      </div>
    </Dialog>
  );
}
