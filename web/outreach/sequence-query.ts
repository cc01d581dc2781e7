import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { SequenceDetail } from "#domains/outreach/contract/sequences.ts";
import { api } from "#web/api.ts";
import { comparedSteps, withKnownIds } from "#web/outreach/compared-steps.ts";
import type { SequenceChecked } from "#web/outreach/sequence-form.ts";
import type { StepBuilderProps } from "#web/outreach/step-builder.tsx";
import { saveOnto } from "#web/shell/save-onto.ts";

export const sequenceQuery = (sequenceId: string) => api.outreach.sequences.get.queryOptions({ input: { sequenceId } });

/** What it needs before its first touch, done or not. */
export const readinessQuery = (sequenceId: string) =>
  api.outreach.sequences.readiness.queryOptions({ input: { sequenceId } });

export const statsQuery = (sequenceId: string) => api.outreach.sequences.stats.queryOptions({ input: { sequenceId } });

type StepInputs = Parameters<StepBuilderProps["onSave"]>[0];

const SETTINGS_FIELDS = {
  name: { label: "Name" },
  description: { label: "What it is for" },
  triggerType: { label: "Trigger" },
  triggerConfig: { label: "Who comes in" },
  settings: { label: "Rules" },
};

/** The kind of a trigger brings its particulars along. */
const TRIGGER = ["triggerType", "triggerConfig"] as const;

const scriptNamesOf = ({ steps }: SequenceDetail) =>
  steps.flatMap(({ scriptId, scriptName }) => (scriptId && scriptName ? [[scriptId, scriptName] as const] : []));

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
  const putSteps = useMutation(sequences.putSteps.mutationOptions(saved));
  const update = useMutation(sequences.update.mutationOptions(saved));
  const read = () => queries.fetchQuery({ ...sequenceQuery(sequenceId), staleTime: 0 });
  return {
    /** Sets the draft that was made from the one of `base`; throws the API's refusal. */
    saveSteps: (steps: StepInputs, base: SequenceDetail, scriptNames: ReadonlyMap<string, string>) => {
      const names = new Map([...scriptNamesOf(base), ...scriptNames]);
      return saveOnto({
        base,
        patch: { steps },
        fields: { steps: comparedSteps(names) },
        read: async () => {
          const theirs = await read();
          for (const [scriptId, name] of scriptNamesOf(theirs)) names.set(scriptId, name);
          return theirs;
        },
        send: (_some, expectedUpdatedAt) => {
          const draft = queries.getQueryData(sequenceQuery(sequenceId).queryKey) ?? base;
          return putSteps.mutateAsync({ sequenceId, steps: withKnownIds(steps, draft), expectedUpdatedAt });
        },
      });
    },
    /** Changes its name and rules, from what they were in `base`; throws the API's refusal. */
    saveSettings: (patch: SequenceChecked, base: SequenceDetail) =>
      saveOnto({
        base,
        patch,
        fields: SETTINGS_FIELDS,
        together: TRIGGER,
        read,
        send: (some, expectedUpdatedAt) => update.mutateAsync({ ...some, sequenceId, expectedUpdatedAt }),
      }),
    activate: useMutation({
      ...sequences.activate.mutationOptions(saved),
      // Somebody else may have changed what was to be started: it is shown.
      onError: () => queries.invalidateQueries({ queryKey: api.outreach.key() }),
    }),
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
