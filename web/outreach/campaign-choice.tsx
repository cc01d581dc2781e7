import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "#web/api.ts";
import { Combobox } from "#web/ui/combobox.tsx";
import { Field } from "#web/ui/field.tsx";
import type { Option } from "#web/ui/select.tsx";
import { useSettled } from "#web/ui/use-settled.ts";

const NONE = "-";

export type CampaignChoiceProps = {
  /** The id; null: none. */
  value: string | null;
  onChange: (campaign: { id: string; name: string } | null) => void;
  label: string;
  hint?: string;
  /** None may be chosen, in these words. */
  noneLabel?: string;
};

/** One campaign that still takes leads in, found by name. */
export function CampaignChoice({ value, onChange, label, hint, noneLabel }: CampaignChoiceProps) {
  const [typed, setTyped] = useState("");
  const search = useSettled(typed.trim(), 200);
  const { data, isFetching } = useQuery({
    ...api.outreach.campaigns.list.queryOptions({ input: { search: search || undefined, limit: 50 } }),
    placeholderData: keepPreviousData,
  });
  const found = (data?.data ?? []).filter(({ status }) => status !== "COMPLETED");
  const isMissing = value !== null && !found.some(({ id }) => id === value);
  const chosen = useQuery({
    ...api.outreach.campaigns.get.queryOptions({ input: { campaignId: value ?? "" } }),
    enabled: isMissing && data !== undefined,
  }).data;
  const named = chosen && isMissing ? [chosen, ...found] : found;
  const options: Option[] = [
    ...(noneLabel && search === "" ? [{ value: NONE, label: noneLabel }] : []),
    ...named.map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <Field label={label} hint={hint} optional={noneLabel !== undefined}>
      {(control) => (
        <Combobox
          {...control}
          value={value ?? (noneLabel ? NONE : "")}
          options={options}
          onChange={(id) => onChange(named.find((campaign) => campaign.id === id) ?? null)}
          onSearch={setTyped}
          loading={isFetching}
          placeholder="Choose a campaign…"
          emptyText="No campaign that takes leads in matches"
        />
      )}
    </Field>
  );
}
