import { useQuery } from "@tanstack/react-query";
import { readConditions, rootOf, testsIn } from "#domains/outreach/conditions/language.ts";
import { type ConditionNames, conditionsInWords } from "#domains/outreach/conditions/words.ts";
import { api } from "#web/api.ts";
import { type ConditionsTyped, conditionsToSave } from "#web/outreach/condition-form.ts";
import { statusLook } from "#web/leads/words.ts";

/** Names of all that conditions may name by ids; each is asked for only where something needs it. */
export function useConditionNames(kinds: ReadonlySet<string>): ConditionNames {
  const tags = useQuery({ ...api.leads.tags.list.queryOptions(), enabled: kinds.has("tag") }).data?.data ?? [];
  const segments =
    useQuery({ ...api.leads.savedFilters.list.queryOptions(), enabled: kinds.has("segment") }).data?.data ?? [];
  const fields =
    useQuery({ ...api.leads.customFields.list.queryOptions({ input: {} }), enabled: kinds.has("custom") }).data?.data ??
    [];
  return {
    tags: new Map(tags.map(({ id, name }) => [id, name])),
    segments: new Map(segments.map(({ id, name }) => [id, name])),
    customFields: new Map(fields.map(({ key, label }) => [key, label])),
  };
}

/** A step's conditions as a sentence; nothing where there are none, or while a row is not finished. */
export function ConditionSentence({ conditions, refs }: { conditions: ConditionsTyped; refs: readonly string[] }) {
  const read = readConditions(conditionsToSave(conditions, refs));
  const root = read.ok ? rootOf(read.conditions) : null;
  const names = useConditionNames(new Set(testsIn(root).map(({ test }) => test.on)));
  if (!read.ok) return <span className="text-xs text-ink-muted">Its conditions are not finished.</span>;
  const words = conditionsInWords(read.conditions, names);
  return words === "" ? null : <span className="text-xs text-ink-muted">{withLabels(words)}</span>;
}

/** The names of statuses as the pages write them. */
function withLabels(words: string): string {
  return Object.entries(statusLook).reduce(
    (text, [status, { label }]) => text.replaceAll(new RegExp(`\\b${status}\\b`, "g"), label),
    words,
  );
}
