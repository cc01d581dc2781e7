import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { LeadFilterInput } from "#domains/leads/rules.ts";
import { client } from "#web/api.ts";
import { LeadCheckResult } from "#web/outreach/lead-check.tsx";
import { problemOf } from "#web/problem.ts";
import { useMay } from "#web/shell/viewer.tsx";
import { SkeletonText } from "#web/ui/skeleton.tsx";
import { InlineError } from "#web/ui/states.tsx";

/** Leads by name, all that a filter finds, or those inside the sequence. */
export type CheckedWhom = { leadIds: string[] } | { filter: LeadFilterInput } | { inside: true };

export type SequenceLeadCheckProps = {
  sequenceId: string;
  whom: CheckedWhom;
  /** When it changes, the leads are looked at again. */
  basis?: string;
};

/** Which of these leads would miss a touch of a sequence. Nothing where the person may not see leads. */
export function SequenceLeadCheck({ sequenceId, whom, basis = "" }: SequenceLeadCheckProps) {
  const may = useMay()("leads:read");
  const { data, error, refetch } = useQuery({
    // A key of its own: thousands of texts are not made anew with every event of outreach.
    queryKey: ["lead-check", sequenceId, whom, basis],
    queryFn: ({ signal }) => client.outreach.sequences.checkLeads({ sequenceId, ...whom }, { signal }),
    staleTime: 0,
    enabled: may,
    placeholderData: keepPreviousData,
  });
  if (!may) return null;
  if (error) return <InlineError problem={problemOf(error)} onRetry={() => void refetch()} />;
  return data ? <LeadCheckResult check={data} /> : <SkeletonText lines={1} />;
}
