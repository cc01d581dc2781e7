import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "#web/api.ts";
import { leadNoun } from "#web/leads/words.ts";
import { useLeadSearch } from "#web/leads/lead-choice.tsx";
import { leftOut } from "#web/outreach/left-out.ts";
import { problemOf } from "#web/problem.ts";
import { Button } from "#web/ui/button.tsx";
import { Combobox } from "#web/ui/combobox.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Field } from "#web/ui/field.tsx";
import { countOf } from "#web/ui/format.ts";
import type { Option } from "#web/ui/select.tsx";
import { InlineError } from "#web/ui/states.tsx";
import { toast } from "#web/ui/toast.tsx";

export type AssignDialogProps = { campaignId: string; campaignName: string; onClose: () => void };

/** Puts chosen leads into a campaign. Who is in it already stays as they are. */
export function AssignDialog({ campaignId, campaignName, onClose }: AssignDialogProps) {
  const queries = useQueryClient();
  const { options, ...search } = useLeadSearch();
  const [chosen, setChosen] = useState<readonly Option[]>([]);
  const assign = useMutation({
    ...api.outreach.campaigns.assign.mutationOptions(),
    onSuccess: async ({ assigned, refusals, isFull }) => {
      onClose();
      const others = chosen.length - assigned;
      const already = others - refusals.reduce((sum, { count }) => sum + count, 0);
      const words = [
        already > 0 ? `${countOf(already, leadNoun)} ${already === 1 ? "was" : "were"} in it before.` : "",
        leftOut(refusals),
        isFull ? "The campaign takes in nobody more." : "",
      ];
      if (others > 0)
        toast.done(
          assigned === 0 ? "Nobody came in" : `${countOf(assigned, leadNoun)} assigned`,
          words.filter(Boolean).join(" "),
        );
      await queries.invalidateQueries({ queryKey: api.outreach.campaigns.key() });
    },
  });
  // The chosen ones stay in the list whatever is searched for next.
  const all = [...chosen, ...options.filter(({ value }) => chosen.every((lead) => lead.value !== value))];
  const leads = countOf(chosen.length, leadNoun);
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Assign leads to “${campaignName}”`}
      description="Being assigned sends nothing by itself: sequences do."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            loading={assign.isPending}
            disabledReason={chosen.length === 0 ? "Choose a lead first" : null}
            onClick={() => assign.mutate({ campaignId, leadIds: chosen.map(({ value }) => value) })}
          >
            {chosen.length === 0 ? "Assign leads" : `Assign ${leads}`}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {assign.error ? <InlineError problem={problemOf(assign.error)} /> : null}
        <Field label="Leads">
          {(control) => (
            <Combobox
              {...control}
              {...search}
              multiple
              value={chosen.map(({ value }) => value)}
              onChange={(ids) => setChosen(all.filter(({ value }) => ids.includes(value)))}
              options={all}
              placeholder="Find leads…"
              emptyText="No lead matches"
            />
          )}
        </Field>
      </div>
    </Dialog>
  );
}
