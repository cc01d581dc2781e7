import type { SavedFilterView } from "#domains/leads/contract.ts";
import { VIEW_SORTS } from "#domains/leads/sets.ts";
import { api } from "#web/api.ts";
import { leadFilterOf, type LeadsSearch, searchOfFilter, type WantedLeads } from "#web/leads/search.ts";

export const savedFiltersQuery = api.leads.savedFilters.list.queryOptions();

/** A saved filter as the URL of the list has it. */
export const searchOfView = ({ id, filter, sort }: Pick<SavedFilterView, "id" | "filter" | "sort">): LeadsSearch => ({
  ...searchOfFilter(filter),
  ...(sort ? { sort } : {}),
  view: id,
});

const sorted = (value: unknown): unknown => (Array.isArray(value) ? value.map(String).toSorted() : value);
const textOf = (search: LeadsSearch) =>
  JSON.stringify(
    Object.entries(search)
      .filter(([key, value]) => value !== undefined && key !== "row" && key !== "view")
      .map(([key, value]) => [key, sorted(value)])
      .toSorted(([one], [other]) => (String(one) < String(other) ? -1 : 1)),
  );

/** Whether the list shows something else than the view that it was opened from. */
export const differsFrom = (view: SavedFilterView, search: LeadsSearch) =>
  textOf(searchOfView(view)) !== textOf(search);

/** What is saved of the list as it stands. */
export const lookOf = (wanted: WantedLeads, columns: readonly string[]) => ({
  filter: leadFilterOf(wanted),
  sort: VIEW_SORTS.find((one) => one === wanted.sort) ?? null,
  columns: [...columns],
});
