import { useQuery } from "@tanstack/react-query";
import { api } from "#web/api.ts";
import { customFieldsQuery } from "#web/leads/custom-field-words.ts";
import { fieldValues, withConditions } from "#web/leads/field-filters.ts";
import { leadFilters } from "#web/leads/lead-filters.ts";
import { leadsSearch, type LeadsSearch } from "#web/leads/search.ts";
import { FilterChips } from "#web/ui/filter-chips.tsx";
import { SearchBox } from "#web/ui/search-box.tsx";

export type NarrowLeadsProps = { search: LeadsSearch; onChange: (search: LeadsSearch) => void };

/** Search and filters of the leads' list, own fields among them, where a dialog asks for whom something is meant. */
export function NarrowLeads({ search, onChange }: NarrowLeadsProps) {
  const tags = useQuery(api.leads.tags.list.queryOptions()).data?.data ?? [];
  const fields = useQuery(customFieldsQuery).data?.data ?? [];
  const conditions = search.custom ?? [];
  const change = (next: Readonly<Record<string, unknown>>) => onChange(leadsSearch({ ...search, ...next }));
  return (
    <div className="flex flex-wrap items-center gap-2">
      <SearchBox label="Search leads" value={search.q ?? ""} onChange={(q) => change({ q })} />
      <FilterChips
        filters={leadFilters(tags, fields, search)}
        values={{ ...search, ...fieldValues(conditions) }}
        onChange={(next) => change(withConditions(next, conditions))}
      />
    </div>
  );
}
