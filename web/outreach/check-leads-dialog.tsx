import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { LeadFilterInput } from "#domains/leads/rules.ts";
import { client } from "#web/api.ts";
import { NarrowLeads } from "#web/leads/narrow-leads.tsx";
import { leadFilterOf, type LeadsSearch } from "#web/leads/search.ts";
import { LeadCheckResult } from "#web/outreach/lead-check.tsx";
import { problemOf } from "#web/problem.ts";
import { Button } from "#web/ui/button.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { EmptyState, InlineError } from "#web/ui/states.tsx";
import { UserSearch } from "lucide-react";

export type CheckLeadsDialogProps = {
  /** What is filled in for them. */
  of: { sequenceId: string } | { scriptId: string };
  name: string;
  onClose: () => void;
};

/** Fills a sequence's texts, or one script, in for leads of one's choice, and says for whom it cannot be done. Sends nothing. */
export function CheckLeadsDialog({ of, name, onClose }: CheckLeadsDialogProps) {
  const [search, setSearch] = useState<LeadsSearch>({});
  const check = useMutation({
    mutationFn: (filter: LeadFilterInput) =>
      "scriptId" in of
        ? client.outreach.scripts.checkLeads({ ...of, filter })
        : client.outreach.sequences.checkLeads({ ...of, filter }),
  });
  const change = (next: LeadsSearch) => {
    setSearch(next);
    check.reset();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      width="xl"
      title={`Who would miss something of “${name}”?`}
      description="Fills the texts in for each lead as they would be sent. Nothing is sent."
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button variant="primary" loading={check.isPending} onClick={() => check.mutate(leadFilterOf(search))}>
            Check leads
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 pt-1">
        <NarrowLeads search={search} onChange={change} />
        {check.error ? <InlineError problem={problemOf(check.error)} /> : null}
        {check.data?.looked === 0 ? (
          <EmptyState icon={UserSearch} title="No lead matches">
            Widen the search, or add leads first.
          </EmptyState>
        ) : check.data ? (
          <LeadCheckResult check={check.data} />
        ) : null}
      </div>
    </Dialog>
  );
}
