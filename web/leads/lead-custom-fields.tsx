import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { CustomFieldView, LeadDetail } from "#domains/leads/contract.ts";
import { customFieldsQuery, valueText, valueWords } from "#web/leads/custom-field-words.ts";
import { Button } from "#web/ui/button.tsx";
import { Combobox } from "#web/ui/combobox.tsx";
import { FieldError } from "#web/ui/field.tsx";
import { problemOf } from "#web/problem.ts";
import { Property, PropertyList } from "#web/ui/property-list.tsx";

export type LeadCustomFieldsProps = {
  lead: LeadDetail;
  /** Absent: they cannot be edited. Throws the API's error. */
  onSave: ((custom: Record<string, unknown>) => Promise<unknown>) | undefined;
};

const NONE = { value: "-", label: "Not set" };

/** The workspace's own fields of one lead, each edited in place. */
export function LeadCustomFields({ lead, onSave }: LeadCustomFieldsProps) {
  const fields = useQuery(customFieldsQuery).data?.data ?? [];
  if (fields.length === 0) return null;
  return (
    <div className="grid gap-1">
      <h2 className="text-sm font-semibold">Your fields</h2>
      <PropertyList label="Your fields">
        {fields.map((field) => (
          <OneField key={field.id} field={field} value={lead.custom[field.key]} onSave={onSave} />
        ))}
      </PropertyList>
    </div>
  );
}

type Value = LeadDetail["custom"][string];
type OneFieldProps = { field: CustomFieldView; value: Value | undefined; onSave: LeadCustomFieldsProps["onSave"] };

function OneField({ field, value, onSave }: OneFieldProps) {
  const { key, label, type } = field;
  const save = onSave && ((text: string) => onSave({ [key]: text === "" || text === NONE.value ? null : text }));
  const words = value === undefined ? undefined : valueWords(field, value);
  if (type === "multi_select")
    return <Several field={field} chosen={Array.isArray(value) ? value : []} onSave={onSave} />;
  if (type === "select" || type === "boolean") {
    const own = typeof value === "string" && !field.options.includes(value) ? [value] : [];
    const options =
      type === "boolean"
        ? [NONE, { value: "true", label: "Yes" }, { value: "false", label: "No" }]
        : [NONE, ...[...field.options, ...own].map((option) => ({ value: option, label: option }))];
    return (
      <Property
        label={label}
        value={value === undefined ? (save ? NONE.value : "") : String(value)}
        options={options}
        onSave={save}
      >
        {words}
      </Property>
    );
  }
  const kind = type === "date" || type === "url" ? type : "text";
  return (
    <Property label={label} kind={kind} value={valueText(value)} onSave={save}>
      {words}
    </Property>
  );
}

type SeveralProps = { field: CustomFieldView; chosen: readonly string[]; onSave: LeadCustomFieldsProps["onSave"] };

/** Several options are chosen first and saved together. */
function Several({ field, chosen, onSave }: SeveralProps) {
  const [draft, setDraft] = useState<readonly string[]>();
  const [fault, setFault] = useState<string>();
  if (!onSave || draft === undefined)
    return (
      <div className="grid min-h-8 grid-cols-[6.5rem_minmax(0,1fr)] items-start gap-2 text-sm">
        <dt className="truncate py-1 leading-6 text-ink-muted pointer-coarse:py-2">{field.label}</dt>
        <dd className="min-w-0">
          {onSave ? (
            <button
              type="button"
              onClick={() => setDraft(chosen)}
              className="-mx-2 block w-[calc(100%+1rem)] truncate rounded-md px-2 py-1 text-left leading-6 hover:bg-hover pointer-coarse:min-h-11 pointer-coarse:py-2"
            >
              {chosen.length > 0 ? chosen.join(", ") : <span className="text-ink-subtle">not set</span>}
              <span className="sr-only">, edit {field.label}</span>
            </button>
          ) : (
            <span className="block truncate py-1 leading-6">{chosen.join(", ") || "not set"}</span>
          )}
        </dd>
      </div>
    );
  const save = () =>
    onSave({ [field.key]: draft.length > 0 ? draft : null })
      .then(() => setDraft(undefined))
      .catch((error: unknown) => setFault(problemOf(error).errors?.[0]?.detail ?? problemOf(error).title));
  return (
    <div className="grid min-h-8 grid-cols-[6.5rem_minmax(0,1fr)] items-start gap-2 text-sm">
      <dt className="truncate py-1 leading-6 text-ink-muted">{field.label}</dt>
      <dd className="grid min-w-0 gap-2">
        <Combobox
          label={field.label}
          multiple
          value={draft}
          onChange={setDraft}
          options={field.options.map((option) => ({ value: option, label: option }))}
        />
        {fault ? <FieldError>{fault}</FieldError> : null}
        <div className="flex gap-2">
          <Button size="sm" variant="primary" onClick={() => void save()}>
            Save
          </Button>
          <Button size="sm" variant="ghost" onClick={() => setDraft(undefined)}>
            Cancel
          </Button>
        </div>
      </dd>
    </div>
  );
}
