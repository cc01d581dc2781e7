import { countryOptions } from "#web/leads/country-options.ts";
import { optionsOf, sourceWords, statusLook } from "#web/leads/words.ts";
import type { Filter } from "#web/ui/filter-chips.tsx";

const yesNo = (yes: string, no: string) => [
  { value: "true", label: yes },
  { value: "false", label: no },
];

/** What leads can be narrowed by, in the words of their list; `tags` are those of the workspace. */
export const leadFilters = (tags: readonly { id: string; name: string }[]): Filter[] => [
  { id: "status", label: "Status", kind: "choice", options: optionsOf(statusLook) },
  { id: "source", label: "Source", kind: "choice", options: optionsOf(sourceWords) },
  { id: "tagsAny", label: "Tag", kind: "choice", options: tags.map(({ id, name }) => ({ value: id, label: name })) },
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
];
