import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "#web/api.ts";
import { EnrollOutcome } from "#web/outreach/enroll-outcome.tsx";
import { useSettled } from "#web/outreach/use-settled.ts";
import { problemOf } from "#web/problem.ts";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { Combobox } from "#web/ui/combobox.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Field } from "#web/ui/field.tsx";
import { InlineError } from "#web/ui/states.tsx";
import type { Option } from "#web/ui/select.tsx";

export type EnrollLeadDialogProps = {
  /** At most 1,000. */
  leadIds: readonly string[];
  /** Whom, in words: a name, or "12 leads". */
  who: string;
  nameOf?: (leadId: string) => string;
  onClose: () => void;
};

/** Chooses an active sequence for one lead or a few, and says of each that stayed out why. */
export function EnrollLeadDialog({ leadIds, who, nameOf, onClose }: EnrollLeadDialogProps) {
  const queries = useQueryClient();
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<Option>();
  const search = useSettled(typed.trim(), 200);
  const { data, error, isFetching, refetch } = useQuery({
    ...api.outreach.sequences.list.queryOptions({
      input: { status: "ACTIVE", search: search || undefined, limit: 50 },
    }),
    placeholderData: keepPreviousData,
  });
  const enroll = useMutation({
    ...api.outreach.enrollments.create.mutationOptions(),
    onSuccess: async ({ results }) => {
      await queries.invalidateQueries({ queryKey: api.outreach.key() });
      // One lead's page shows the sequence at once; whoever stayed out is named here.
      if (leadIds.length === 1 && results.every(({ kind }) => kind === "enrolled")) onClose();
    },
  });
  const found: Option[] =
    data?.data.map(({ id, name, description }) => ({ value: id, label: name, hint: description ?? undefined })) ?? [];
  const options = chosen && !found.some(({ value }) => value === chosen.value) ? [chosen, ...found] : found;
  const hasNone = data !== undefined && found.length === 0 && search === "" && !chosen;
  const results = enroll.data?.results;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Enrol ${who} in a sequence`}
      description="The first step is carried out as soon as its wait, the sending hours and the limits allow."
      actions={
        results ? (
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button
              variant="primary"
              loading={enroll.isPending}
              disabledReason={chosen ? null : "Choose a sequence first"}
              onClick={() => (chosen ? enroll.mutate({ sequenceId: chosen.value, leadIds: [...leadIds] }) : undefined)}
            >
              Enrol
            </Button>
          </>
        )
      }
    >
      <div className="grid gap-4">
        {enroll.error ? <InlineError problem={problemOf(enroll.error)} /> : null}
        {results ? (
          <EnrollOutcome results={results} nameOf={nameOf ?? (() => who)} />
        ) : error ? (
          <InlineError problem={problemOf(error)} onRetry={() => void refetch()} />
        ) : hasNone ? (
          <div className="grid gap-2 text-sm">
            <p>No sequence is active. Start one, then enrol.</p>
            <LinkButton size="sm" to="/sequences" className="justify-self-start">
              Open sequences
            </LinkButton>
          </div>
        ) : (
          <Field label="Sequence" hint="Only active sequences take leads.">
            {(control) => (
              <Combobox
                {...control}
                value={chosen?.value ?? ""}
                onChange={(id) => setChosen(options.find(({ value }) => value === id))}
                options={options}
                onSearch={setTyped}
                loading={isFetching}
                placeholder="Choose a sequence…"
                emptyText="No active sequence matches"
              />
            )}
          </Field>
        )}
      </div>
    </Dialog>
  );
}
