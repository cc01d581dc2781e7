import { useState } from "react";
import type { ImportView } from "#domains/leads/contract.ts";
import { OVERWRITABLE_FIELDS } from "#domains/leads/rules.ts";
import { countryName, countryOptions } from "#web/leads/country-options.ts";
import { ImportConsent } from "#web/leads/import-consent.tsx";
import { fieldName, optionsOf, sourceWords } from "#web/leads/words.ts";
import { Card } from "#web/ui/card.tsx";
import { RadioGroup } from "#web/ui/choices.tsx";
import { Combobox } from "#web/ui/combobox.tsx";
import { Field } from "#web/ui/field.tsx";
import { Input } from "#web/ui/input.tsx";
import { Select } from "#web/ui/select.tsx";

type Options = ImportView["options"];

export type ImportOptionsProps = {
  options: Options;
  workspaceCountry: string | undefined;
  onChange: (options: Options) => void;
};

/** What holds for all rows of the file. */
export function ImportOptions({ options, workspaceCountry, onChange }: ImportOptionsProps) {
  const set = (change: Partial<Options>) => onChange({ ...options, ...change });
  const usual = workspaceCountry ? `${countryName(workspaceCountry)} (the workspace's)` : "The workspace's country";
  return (
    <Card title="All rows" description="What the file itself does not say.">
      <div className="grid gap-4">
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <Field label="Country of phone numbers" hint="For numbers without a prefix in rows that name no country.">
            {(control) => (
              <Combobox
                {...control}
                value={options.country ?? ""}
                placeholder={usual}
                onChange={(country) => set({ country: country || undefined })}
                options={[{ value: "", label: usual }, ...countryOptions()]}
              />
            )}
          </Field>
          <Field label="Tags for every lead" hint="Separated by commas." optional>
            {(control) => <TagsInput {...control} tags={options.tags ?? []} onTags={(tags) => set({ tags })} />}
          </Field>
          <Field label="Source" hint="IDs of another system are told apart by it.">
            {(control) => (
              <Select
                {...control}
                value={options.source}
                onChange={(source) => set({ source })}
                options={optionsOf(sourceWords)}
              />
            )}
          </Field>
          <Field label="Your word for the source" hint="The name of the file unless you say otherwise." optional>
            {(control) => (
              <Input
                {...control}
                value={options.sourceLabel ?? ""}
                onChange={(label) => set({ sourceLabel: label || undefined })}
                maxLength={200}
              />
            )}
          </Field>
        </div>
        <ImportConsent consent={options.consent} onChange={(consent) => set({ consent })} />
        <RadioGroup
          label="Leads that are there already"
          value={options.policy}
          onChange={(policy) => set({ policy, overwriteFields: undefined })}
          options={[
            { value: "fill", label: "Fill only what is missing", hint: "What you have is never replaced." },
            { value: "overwrite", label: "Replace with what the file says", hint: "Empty cells replace nothing." },
          ]}
        />
        {options.policy === "overwrite" ? (
          <Field label="Fields to replace" hint="All that the file gives, unless you name some." optional>
            {(control) => (
              <Combobox
                {...control}
                multiple
                value={options.overwriteFields ?? []}
                placeholder="All fields of the file"
                onChange={(chosen) => {
                  const fields = OVERWRITABLE_FIELDS.filter((field) => chosen.includes(field));
                  set({ overwriteFields: fields.length > 0 ? fields : undefined });
                }}
                options={OVERWRITABLE_FIELDS.map((value) => ({ value, label: fieldName(value) }))}
              />
            )}
          </Field>
        ) : null}
      </div>
    </Card>
  );
}

type TagsInputProps = { id: string; tags: readonly string[]; onTags: (tags: string[] | undefined) => void };

function TagsInput({ tags, onTags, ...control }: TagsInputProps) {
  // Words are kept as typed: a comma that has just been written is not the end of it.
  const [text, setText] = useState(tags.join(", "));
  const change = (next: string) => {
    setText(next);
    const names = next.split(",").flatMap((name) => name.trim().slice(0, 60) || []);
    onTags(names.length > 0 ? names.slice(0, 20) : undefined);
  };
  return <Input {...control} value={text} onChange={change} autoComplete="off" />;
}
