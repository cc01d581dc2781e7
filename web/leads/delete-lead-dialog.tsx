import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Deletion } from "#domains/leads/contract.ts";
import { api } from "#web/api.ts";
import { problemOf } from "#web/problem.ts";
import { ConfirmDialog } from "#web/ui/confirm-dialog.tsx";
import { countOf, type Noun } from "#web/ui/format.ts";
import { toast } from "#web/ui/toast.tsx";

const GOING: Record<keyof Deletion["deleted"], Noun | undefined> = {
  identities: { one: "address", other: "addresses" },
  fieldValues: { one: "value of your own fields", other: "values of your own fields" },
  tags: { one: "tag on it", other: "tags on it" },
  interests: undefined,
  senders: undefined,
  sharedTouches: undefined,
  scores: undefined,
  consents: { one: "consent record", other: "consent records" },
  messages: { one: "message", other: "messages" },
  contactAttempts: { one: "contact attempt", other: "contact attempts" },
  campaignAssignments: { one: "campaign assignment", other: "campaign assignments" },
  sequenceEnrollments: { one: "enrolment", other: "enrolments" },
  stepExecutions: { one: "step of a sequence", other: "steps of sequences" },
  mergeProposals: { one: "merge proposal", other: "merge proposals" },
  // The remembered rows of imports mean nothing to a person.
  rowKeys: undefined,
};

export type DeleteLeadDialogProps = { leadId: string; name: string; onClose: () => void };

/** Says with numbers what would go with a lead and what stays, then deletes it. */
export function DeleteLeadDialog({ leadId, name, onClose }: DeleteLeadDialogProps) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const dryRun = useQuery({ ...api.leads.deletion.queryOptions({ input: { leadId } }), staleTime: 0 });
  const remove = useMutation({
    ...api.leads.delete.mutationOptions(),
    onSuccess: async () => {
      onClose();
      toast.done(`${name} was deleted`);
      await navigate({ to: "/leads" });
      queries.removeQueries({ queryKey: api.leads.get.key({ input: { leadId } }) });
      await queries.invalidateQueries({ queryKey: api.leads.key() });
    },
  });
  const error = remove.error ?? dryRun.error;
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Delete ${name}?`}
      consequences={dryRun.data ? consequencesOf(dryRun.data) : "Counting what would go with it…"}
      action="Delete lead"
      loading={dryRun.isPending || remove.isPending}
      error={error ? (problemOf(error).detail ?? problemOf(error).title) : undefined}
      onConfirm={() => remove.mutate({ leadId })}
    />
  );
}

function consequencesOf({ deleted, kept }: Deletion): string {
  const going: string[] = [];
  for (const [kind, count] of Object.entries(deleted)) {
    const noun = Object.entries(GOING).find(([candidate]) => candidate === kind)?.[1];
    if (noun && count > 0) going.push(countOf(count, noun));
  }
  const staying = [
    kept.suppressions > 0 ? countOf(kept.suppressions, { one: "suppression", other: "suppressions" }) : "",
    kept.conversions > 0 ? countOf(kept.conversions, { one: "conversion", other: "conversions" }) : "",
    kept.submissions > 0 ? countOf(kept.submissions, { one: "blank submission", other: "blank submissions" }) : "",
  ].filter(Boolean);
  return [
    going.length > 0 ? `With the lead go ${going.join(", ")}.` : "Nothing else goes with the lead.",
    staying.length > 0 ? `${staying.join(" and ")} stay without it.` : "",
    "This cannot be undone.",
  ]
    .filter(Boolean)
    .join(" ");
}
