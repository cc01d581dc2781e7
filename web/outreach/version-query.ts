import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "#web/api.ts";
import { keyset } from "#web/ui/table/source.ts";

export const versionsQuery = (sequenceId: string) =>
  api.outreach.versions.list.infiniteOptions({ ...keyset, input: (cursor) => ({ sequenceId, cursor, limit: 50 }) });

/** What differs between two versions by their numbers; without `to` from the draft, without `from` from the newest. */
export const changesQuery = (sequenceId: string, between: { from?: number; to?: number }) =>
  api.outreach.versions.diff.queryOptions({ input: { sequenceId, ...between } });

/** Looked at anew each time: it promises what it says. */
export const publishPreviewQuery = (sequenceId: string) => ({
  ...api.outreach.versions.preview.queryOptions({ input: { sequenceId } }),
  // A key of its own: what is being read does not change under the reader with every event of outreach.
  queryKey: ["publish-preview", sequenceId],
  staleTime: 0,
  gcTime: 0,
  retry: false,
});

/** Publishing the draft, or giving it up. `onDone` follows each success. */
export function useVersionActs(onDone: () => void) {
  const queries = useQueryClient();
  const done = {
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: api.outreach.key() });
      onDone();
    },
  };
  return {
    publish: useMutation(api.outreach.versions.publish.mutationOptions(done)),
    discard: useMutation(api.outreach.versions.discard.mutationOptions(done)),
  };
}
