import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { SequenceDetail } from "#domains/outreach/contract/sequences.ts";
import { api } from "#web/api.ts";

export const sequenceQuery = (sequenceId: string) => api.outreach.sequences.get.queryOptions({ input: { sequenceId } });

/** What it needs before its first touch, done or not. */
export const readinessQuery = (sequenceId: string) =>
  api.outreach.sequences.readiness.queryOptions({ input: { sequenceId } });

export const statsQuery = (sequenceId: string) => api.outreach.sequences.stats.queryOptions({ input: { sequenceId } });

/** Everything that is done to a sequence as a whole; what the server answers is shown at once. `onDone` follows each success. */
export function useSequenceActs(sequenceId: string, onDone: () => void) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const saved = {
    onSuccess: async (next: SequenceDetail) => {
      queries.setQueryData(sequenceQuery(sequenceId).queryKey, next);
      onDone();
      await queries.invalidateQueries({ queryKey: api.outreach.key() });
    },
  };
  const { sequences } = api.outreach;
  return {
    putSteps: useMutation(sequences.putSteps.mutationOptions(saved)),
    update: useMutation(sequences.update.mutationOptions(saved)),
    activate: useMutation(sequences.activate.mutationOptions(saved)),
    pause: useMutation(sequences.pause.mutationOptions(saved)),
    resume: useMutation(sequences.resume.mutationOptions(saved)),
    archive: useMutation(sequences.archive.mutationOptions(saved)),
    remove: useMutation({
      ...sequences.delete.mutationOptions(),
      onSuccess: async () => {
        await navigate({ to: "/sequences" });
        queries.removeQueries({ queryKey: sequenceQuery(sequenceId).queryKey });
        await queries.invalidateQueries({ queryKey: api.outreach.key() });
      },
    }),
  };
}
export type SequenceActs = ReturnType<typeof useSequenceActs>;
