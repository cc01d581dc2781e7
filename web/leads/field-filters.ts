import type { CustomFieldView } from "#domains/leads/contract.ts";
import { type FieldOperator, type FieldType, OPERATORS_OF } from "#domains/leads/sets.ts";
import { operatorWords } from "#web/leads/custom-field-words.ts";
import type { Filter } from "#web/ui/filter-chips.tsx";

const PREFIX = "custom.";

const isChosen = (type: FieldType) => type === "select" || type === "multi_select" || type === "boolean";

function inputOf(type: FieldType, operator: FieldOperator): "text" | "number" | "date" | undefined {
  if (operator === "set" || operator === "unset") return undefined;
  return type === "number" || type === "date" ? type : "text";
}

/** The filters by own fields; conditions of the URL on fields that are gone stand as such, to be taken out. */
export function fieldFilters(fields: readonly CustomFieldView[], conditions: readonly string[]): Filter[] {
  const known = fields.map((field): Filter => {
    const { key, label, type, options } = field;
    const operators = OPERATORS_OF[type];
    if (!isChosen(type))
      return {
        id: PREFIX + key,
        label,
        kind: "condition",
        operators: operators.map((value) => ({ value, label: operatorWords[value], input: inputOf(type, value) })),
      };
    const values =
      type === "boolean"
        ? [
            { value: "is:true", label: "yes" },
            { value: "is:false", label: "no" },
          ]
        : options.map((option) => ({ value: `is:${option}`, label: option }));
    return {
      id: PREFIX + key,
      label,
      kind: "choice",
      options: [...values, { value: "set", label: "known" }, { value: "unset", label: "not known" }],
    };
  });
  const keys = new Set(fields.map(({ key }) => key));
  const gone = [...new Set(conditions.map(keyOf))].filter((key) => !keys.has(key));
  return [
    ...known,
    ...gone.map((key): Filter => ({
      id: PREFIX + key,
      label: `${key} (a field that is gone)`,
      kind: "condition",
      operators: [],
    })),
  ];
}

const keyOf = (condition: string) => condition.slice(0, Math.max(0, condition.indexOf(":")));

/** `custom=plan:is:Gold` of the URL as the values of the filters: `custom.plan` is `is:Gold`. */
export function fieldValues(conditions: readonly string[]): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const condition of conditions) {
    const key = keyOf(condition);
    (values[PREFIX + key] ??= []).push(condition.slice(key.length + 1));
  }
  return values;
}

/** What the chips changed, with the conditions on own fields put back into `custom`. */
export function withConditions(
  change: Readonly<Record<string, unknown>>,
  conditions: readonly string[],
): Record<string, unknown> {
  const next: Record<string, unknown> = {};
  let custom = [...conditions];
  for (const [id, value] of Object.entries(change)) {
    if (!id.startsWith(PREFIX)) next[id] = value;
    else {
      const key = id.slice(PREFIX.length);
      const tails = Array.isArray(value) ? value.map(String) : [];
      custom = [...custom.filter((one) => keyOf(one) !== key), ...tails.map((tail) => `${key}:${tail}`)];
      next["custom"] = custom.length > 0 ? custom : undefined;
    }
  }
  return next;
}
