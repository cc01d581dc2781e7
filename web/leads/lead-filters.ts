import { countryOptions } from "#web/leads/country-options.ts";
import { scoreLook } from "#web/leads/score-words.ts";
import { optionsOf, sourceWords, statusLook } from "#web/leads/words.ts";
import type { CustomFieldView } from "#domains/leads/contract.ts";
import { fieldFilters } from "#web/leads/field-filters.ts";
import type { LeadsSearch } from "#web/leads/search.ts";
import type { Filter } from "#web/ui/filter-chips.tsx";

const yesNo = (yes: string, no: string) => [
  { value: "true", label: yes },
  { value: "false", label: no },
];

/** Tags to choose from; one that is asked for and gone stands as such. */
function tagOptions(tags: readonly { id: string; name: string }[], chosen: readonly string[] | undefined) {
  const gone = (chosen ?? []).filter((id) => !tags.some((tag) => tag.id === id));
  return [
    ...tags.map(({ id, name }) => ({ value: id, label: name })),
    ...gone.map((id) => ({ value: id, label: "a tag that is gone" })),
  ];
}

/** What leads can be narrowed by, in the words of their list; `tags` and `fields` are those of the workspace. */
export const leadFilters = (
  tags: readonly { id: string; name: string }[],
  fields: readonly CustomFieldView[] = [],
  search: LeadsSearch = {},
): Filter[] => [
  { id: "status", label: "Status", kind: "choice", options: optionsOf(statusLook) },
  { id: "source", label: "Source", kind: "choice", options: optionsOf(sourceWords) },
  { id: "scoreLabel", label: "Score", kind: "choice", options: optionsOf(scoreLook) },
  { id: "tagsAny", label: "Tag", kind: "choice", options: tagOptions(tags, search.tagsAny) },
  { id: "tagsAll", label: "All tags", kind: "choice", options: tagOptions(tags, search.tagsAll) },
  { id: "tagsNone", label: "Without tag", kind: "choice", options: tagOptions(tags, search.tagsNone) },
  { id: "country", label: "Country", kind: "choice", options: countryOptions() },
  { id: "hasEmail", label: "E-mail", kind: "choice", single: true, options: yesNo("known", "not known") },
  { id: "hasPhone", label: "Phone", kind: "choice", single: true, options: yesNo("known", "not known") },
  {
    id: "suppressed",
    label: "Suppression",
    kind: "choice",
    single: true,
    options: yesNo("some channel closed", "all channels open"),
  },
  ...fieldFilters(fields, search.custom ?? []),
  // Only programs save views by these; they are shown so that they can be taken out.
  ...(search.createdFrom ? [{ id: "createdFrom", label: "Added from", kind: "text" as const }] : []),
  ...(search.createdBefore ? [{ id: "createdBefore", label: "Added before", kind: "text" as const }] : []),
];
