import type { CustomFieldView } from "#domains/leads/contract.ts";
import type { FieldOperator, FieldType } from "#domains/leads/sets.ts";
import { api } from "#web/api.ts";

/** The workspace's own fields that are not archived, in their order. */
export const customFieldsQuery = api.leads.customFields.list.queryOptions({ input: { archived: false } });

export const fieldTypeWords: Record<FieldType, { label: string; hint: string }> = {
  text: { label: "Text", hint: "Words, as they are" },
  number: { label: "Number", hint: "An amount or a count" },
  boolean: { label: "Yes or no", hint: "A fact that holds or does not" },
  date: { label: "Date", hint: "A calendar day" },
  select: { label: "One of a list", hint: "One option at a time" },
  multi_select: { label: "Several of a list", hint: "Any number of options" },
  url: { label: "Web address", hint: "A link to a page" },
};

export const operatorWords: Record<FieldOperator, string> = {
  is: "is",
  not: "is not",
  has: "contains",
  before: "is before",
  after: "is after",
  below: "is below",
  above: "is above",
  set: "is known",
  unset: "is not known",
};

type Value = string | number | boolean | readonly string[] | undefined;

/** A value as a person reads it. */
export function valueWords({ type }: Pick<CustomFieldView, "type">, value: Value): string {
  if (value === undefined) return "";
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (type === "number" && typeof value === "number")
    return new Intl.NumberFormat("en", { maximumFractionDigits: 10 }).format(value);
  return typeof value === "object" ? value.join(", ") : String(value);
}

/** A value as a text that the server reads again. */
export const valueText = (value: Value): string =>
  value === undefined ? "" : typeof value === "object" ? value.join("; ") : String(value);
