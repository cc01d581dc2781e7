import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "#web/api.ts";
import { useSettled } from "#web/ui/use-settled.ts";
import { problemOf } from "#web/problem.ts";
import { LinkButton } from "#web/ui/button.tsx";
import { Combobox } from "#web/ui/combobox.tsx";
import { Field } from "#web/ui/field.tsx";
import { InlineError } from "#web/ui/states.tsx";
import type { Option } from "#web/ui/select.tsx";

export type SequenceChoiceProps = {
  value: Option | undefined;
  onChange: (sequence: Option | undefined) => void;
};

/** One active sequence, found by name; says so where none is active. */
export function SequenceChoice({ value, onChange }: SequenceChoiceProps) {
  const [typed, setTyped] = useState("");
  const search = useSettled(typed.trim(), 200);
  const { data, error, isFetching, refetch } = useQuery({
    ...api.outreach.sequences.list.queryOptions({
      input: { status: "ACTIVE", search: search || undefined, limit: 50 },
    }),
    placeholderData: keepPreviousData,
  });
  const found: Option[] =
    data?.data.map(({ id, name, description }) => ({ value: id, label: name, hint: description ?? undefined })) ?? [];
  const isListed = value === undefined || found.some((option) => option.value === value.value);
  const options = isListed ? found : [value, ...found];
  if (error) return <InlineError problem={problemOf(error)} onRetry={() => void refetch()} />;
  if (data && found.length === 0 && search === "" && !value) {
    return (
      <div className="grid gap-2 text-sm">
        <p>No sequence is active. Start one, then enrol.</p>
        <LinkButton size="sm" to="/sequences" className="justify-self-start">
          Open sequences
        </LinkButton>
      </div>
    );
  }
  return (
    <Field label="Sequence" hint="Only active sequences take leads.">
      {(control) => (
        <Combobox
          {...control}
          value={value?.value ?? ""}
          onChange={(id) => onChange(options.find((option) => option.value === id))}
          options={options}
          onSearch={setTyped}
          loading={isFetching}
          placeholder="Choose a sequence…"
          emptyText="No active sequence matches"
        />
      )}
    </Field>
  );
}
