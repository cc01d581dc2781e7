import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "#web/api.ts";

/** One lead with all its addresses; the same in the panel and on the page. */
export const leadQuery = (leadId: string) => api.leads.get.queryOptions({ input: { leadId } });

/** Changes one lead; the screen shows the answer at once, and the lists ask again. */
export function useSaveLead() {
  const queries = useQueryClient();
  return useMutation({
    ...api.leads.update.mutationOptions(),
    onSuccess: async (lead) => {
      queries.setQueryData(leadQuery(lead.id).queryKey, lead);
      await queries.invalidateQueries({ queryKey: api.leads.key() });
    },
  });
}
