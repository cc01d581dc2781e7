import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { LeadDetail, LeadPatch } from "#domains/leads/contract.ts";
import { api } from "#web/api.ts";
import { useNewest } from "#web/shell/newest.ts";
import { saveOnto } from "#web/shell/save-onto.ts";

/** One lead with all its addresses; the same in the panel and on the page. */
export const leadQuery = (leadId: string) => api.leads.get.queryOptions({ input: { leadId } });

/** Only what is changed of a bag of values is compared. */
const within =
  (patch: Record<string, unknown> = {}) =>
  (value: unknown) => {
    const bag: Record<string, unknown> = typeof value === "object" && value !== null ? { ...value } : {};
    return Object.fromEntries(Object.keys(patch).map((key) => [key, bag[key]]));
  };

/** Changes one lead from the state in which it is shown; the screen shows the answer at once, and the lists ask again. Throws the API's refusal. */
export function useSaveLead(lead: LeadDetail) {
  const queries = useQueryClient();
  const newest = useNewest(lead);
  const update = useMutation({
    ...api.leads.update.mutationOptions(),
    onSuccess: async (saved) => {
      newest.keep(saved);
      queries.setQueryData(leadQuery(saved.id).queryKey, saved);
      await queries.invalidateQueries({ queryKey: api.leads.key() });
    },
  });
  return (patch: LeadPatch, labels: Partial<Record<keyof LeadPatch, string>> = {}) =>
    saveOnto({
      base: newest.of(lead),
      patch,
      fields: {
        ...Object.fromEntries(Object.entries(labels).map(([field, label]) => [field, { label }])),
        meta: { label: "Other data", of: within(patch.meta) },
        custom: { label: "Your fields", of: within(patch.custom) },
      },
      read: () => queries.fetchQuery({ ...leadQuery(lead.id), staleTime: 0 }),
      send: (some, expectedUpdatedAt) => update.mutateAsync({ ...some, leadId: lead.id, expectedUpdatedAt }),
    });
}
