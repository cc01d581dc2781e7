import type { CustomFieldView } from "#domains/leads/contract.ts";
import { Field } from "#web/ui/field.tsx";
import { Input } from "#web/ui/input.tsx";
import { Select } from "#web/ui/select.tsx";

const NONE = "-";

/** What was typed as the server takes it: it reads texts by the field's type; nothing clears. */
export const readValue = ({ type }: CustomFieldView, text: string): string | string[] | null => {
  const given = text.trim();
  if (given === "" || given === NONE) return null;
  return type === "multi_select" ? given.split(",").flatMap((part) => part.trim() || []) : given;
};

export type BulkValueProps = {
  fields: readonly CustomFieldView[];
  fieldKey: string;
  value: string;
  onField: (key: string) => void;
  onValue: (value: string) => void;
};

/** Which of the workspace's own fields, and what it is to hold. */
export function BulkValue({ fields, fieldKey, value, onField, onValue }: BulkValueProps) {
  const field = fields.find(({ key }) => key === fieldKey);
  const options =
    field?.type === "boolean"
      ? [
          { value: "true", label: "Yes" },
          { value: "false", label: "No" },
        ]
      : field?.type === "select"
        ? field.options.map((option) => ({ value: option, label: option }))
        : undefined;
  return (
    <>
      <Field label="Field" hint={fields.length === 0 ? "Make one under Settings → Lead fields." : undefined}>
        {(control) => (
          <Select
            {...control}
            value={fieldKey}
            onChange={onField}
            options={fields.map(({ key, label }) => ({ value: key, label }))}
          />
        )}
      </Field>
      {field ? (
        <Field
          label="New value"
          hint={field.type === "multi_select" ? `Separated by commas: ${field.options.join(", ")}` : "Empty clears it."}
        >
          {(control) =>
            options ? (
              <Select
                {...control}
                value={value || NONE}
                onChange={onValue}
                options={[{ value: NONE, label: "Not set" }, ...options]}
              />
            ) : (
              <Input
                {...control}
                type={field.type === "date" ? "date" : "text"}
                value={value}
                onChange={onValue}
                maxLength={2_000}
                autoComplete="off"
              />
            )
          }
        </Field>
      ) : null}
    </>
  );
}
