import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "#web/api.ts";
import { leadQuery } from "#web/leads/lead-query.ts";
import { readUntilFound } from "#web/leads/read-until-found.ts";
import { leadName } from "#web/leads/words.ts";
import { useSettled } from "#web/ui/use-settled.ts";
import { Combobox } from "#web/ui/combobox.tsx";
import type { Option } from "#web/ui/select.tsx";

type Known = Parameters<typeof leadName>[0] & { id: string };

/** A lead as a choice: the name, and an address that tells two of one name apart. */
export function leadOption(lead: Known): Option {
  return { value: lead.id, label: leadName(lead), hint: lead.email ?? lead.phone ?? undefined };
}

/** The leads that match what is typed, asked of the server. */
export function useLeadSearch() {
  const [typed, setTyped] = useState("");
  const search = useSettled(typed.trim(), 200);
  const input = { search: search || undefined, limit: 20 };
  const { data, isFetching } = useQuery({
    queryKey: [...api.leads.list.key({ input }), "until found"],
    queryFn: ({ signal }) => readUntilFound((cursor) => api.leads.list.call({ ...input, cursor }, { signal })),
    placeholderData: keepPreviousData,
  });
  return { options: data?.map(leadOption) ?? [], onSearch: setTyped, loading: isFetching };
}

export type LeadChoiceProps = {
  label: string;
  /** The chosen lead's id. */
  value: string | undefined;
  onChange: (leadId: string) => void;
  /** The id of a lead that cannot be chosen. */
  except?: string;
};

/** One lead of the workspace, found by name or address. */
export function LeadChoice({ label, value, onChange, except }: LeadChoiceProps) {
  const { options: found, ...search } = useLeadSearch();
  const options = found.filter((option) => option.value !== except);
  const chosen = useQuery({ ...leadQuery(value ?? ""), enabled: value !== undefined }).data;
  const isListed = chosen === undefined || options.some((option) => option.value === chosen.id);
  return (
    <Combobox
      {...search}
      label={label}
      value={value ?? ""}
      onChange={onChange}
      options={isListed ? options : [leadOption(chosen), ...options]}
      placeholder="Find a lead…"
      emptyText="No lead matches"
    />
  );
}
