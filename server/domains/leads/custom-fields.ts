import { z } from "zod";
import { type DateOrder, readInstant } from "./csv/dates.ts";
import { FIELD_OPERATORS, type FieldOperator, type FieldType, OPERATORS_OF } from "./sets.ts";

/** A workspace's own field. `key` names it in `Lead.meta.custom`, in scripts, filters and files; it never changes. */
export type CustomField = {
  id: string;
  key: string;
  label: string;
  type: FieldType;
  /** Of select and multi-select: what may be chosen, in its order. */
  options: string[];
  position: number;
  archivedAt: Date | null;
};

/** A day is `2026-03-02`, a multi-select a list in the order of the options. */
export const customValueSchema = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);
export type CustomValue = z.infer<typeof customValueSchema>;
export type CustomValues = Record<string, CustomValue>;

/** `Lead.meta.custom` as it stands in the database. */
export function customOf(meta: Record<string, unknown>): CustomValues {
  const read = z.record(z.string(), z.unknown()).safeParse(meta["custom"]);
  if (!read.success) return {};
  return Object.fromEntries(
    Object.entries(read.data).flatMap(([key, value]) => {
      const known = customValueSchema.safeParse(value);
      return known.success ? [[key, known.data]] : [];
    }),
  );
}

export const FIELD_KEY = /^[a-z][a-z0-9_]{0,59}$/;
export const MOST_FIELDS = 200;
export const MOST_OPTIONS = 200;
const LONGEST_TEXT = 2_000;

const hasOptions = ({ type }: Pick<CustomField, "type">) => type === "select" || type === "multi_select";

/** Why a field cannot have these options, or null. */
export function whyNotOptions(type: FieldType, options: readonly string[]): string | null {
  if (!hasOptions({ type })) return options.length > 0 ? "Only fields that are chosen from a list have options." : null;
  if (options.length === 0) return "Name what can be chosen.";
  const folded = new Set(options.map((option) => option.toLowerCase()));
  return folded.size < options.length ? "Two of the options are alike." : null;
}

/** `null`: nothing is said, which clears the field where that is asked for. */
export type ReadValue = { ok: true; value: CustomValue | null } | { ok: false; reason: string };

const said = (value: CustomValue): ReadValue => ({ ok: true, value });
const no = (reason: string): ReadValue => ({ ok: false, reason });

/**
 * A raw value as the field holds it: what a program gives in its own type, or a text as people write it in forms and files. `dateOrder`: how
 * a column of a file writes days and months; without it only `2026-03-02` and what can be read one way.
 */
export function readCustomValue(field: CustomField, raw: unknown, dateOrder?: DateOrder): ReadValue {
  if (raw === null || raw === undefined) return { ok: true, value: null };
  if (field.type === "multi_select") return readMany(field, raw);
  const given = typeof raw === "string" ? raw.trim() : raw;
  if (given === "") return { ok: true, value: null };
  switch (field.type) {
    case "text":
      return typeof given === "string" || typeof given === "number" ? readText(String(given)) : no("This is no text.");
    case "number":
      return readNumber(given);
    case "boolean":
      return readYesNo(given);
    case "date":
      return readDay(given, dateOrder);
    case "url":
      return readUrl(given);
    default: {
      const option = typeof given === "string" ? optionOf(field, given) : undefined;
      return option === undefined ? no(notAnOption(field, given)) : said(option);
    }
  }
}

const optionOf = ({ options }: CustomField, text: string) =>
  options.find((option) => option.toLowerCase() === text.trim().toLowerCase());

const SHOWN_OPTIONS = 5;
const notAnOption = ({ options }: CustomField, given: unknown) =>
  `“${String(given)}” is none of the options (${options.slice(0, SHOWN_OPTIONS).join(", ")}${options.length > SHOWN_OPTIONS ? ", …" : ""}).`;

function readMany(field: CustomField, raw: unknown): ReadValue {
  const whole = typeof raw === "string" ? optionOf(field, raw) : undefined;
  const parts = whole === undefined ? (typeof raw === "string" ? raw.split(/[;,|]/) : raw) : [whole];
  if (!Array.isArray(parts)) return no("This is no list of options.");
  const chosen = new Set<string>();
  for (const part of parts) {
    const text = typeof part === "string" ? part.trim() : "";
    if (text === "" && typeof part === "string") continue;
    const option = optionOf(field, text);
    if (option === undefined) return no(notAnOption(field, part));
    chosen.add(option);
  }
  return { ok: true, value: chosen.size === 0 ? null : field.options.filter((option) => chosen.has(option)) };
}

const readText = (text: string): ReadValue =>
  text.length > LONGEST_TEXT ? no(`The text is longer than ${LONGEST_TEXT} characters.`) : said(text);

/** `1234.5`, `1,234.5` and `1.234,5`; a lone comma before one or two digits is a decimal one. */
function readNumber(given: unknown): ReadValue {
  if (typeof given === "number") return Number.isFinite(given) ? said(given + 0) : no("This is no number.");
  const text = typeof given === "string" ? given.replace(/[\s'’_]/g, "") : "";
  const plain = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(text)
    ? text.replaceAll(",", "")
    : /^[+-]?\d{1,3}(?:\.\d{3})+,\d+$/.test(text) || /^[+-]?\d+,\d{1,2}$/.test(text)
      ? text.replaceAll(".", "").replace(",", ".")
      : text;
  // Minus nothing is nothing.
  const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i.test(plain) ? Number(plain) + 0 : NaN;
  return Number.isFinite(number) ? said(number) : no(`“${String(given)}” is no number.`);
}

const YES = new Set("true yes y 1 x on ja oui si sí sim vero wahr".split(" "));
const NO = new Set("false no n 0 off nein non não nee falso falsch".split(" "));

function readYesNo(given: unknown): ReadValue {
  const word = String(given).toLowerCase();
  if (YES.has(word)) return said(true);
  return NO.has(word) ? said(false) : no(`“${String(given)}” is neither yes nor no.`);
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const isDay = (text: string) => {
  const at = new Date(`${text}T00:00:00Z`);
  return DAY.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
};

function readDay(given: unknown, order: DateOrder | undefined): ReadValue {
  const text = String(given);
  if (isDay(text)) return said(text);
  const days = new Set((order ? [order] : (["dmy", "mdy"] as const)).map((one) => dayOf(text, one)));
  const [day] = days;
  return days.size === 1 && day !== undefined && !DAY.test(text)
    ? said(day)
    : no(`“${text}” is no date: write it as 2026-03-02.`);
}

const dayOf = (text: string, order: DateOrder) => readInstant(text, order, "UTC")?.toISOString().slice(0, 10);

function readUrl(given: unknown): ReadValue {
  const text = String(given);
  const url = URL.parse(/^https?:\/\//i.test(text) ? text : `https://${text}`);
  const isUsable = url !== null && /\.[a-z0-9-]{2,}$/i.test(url.hostname) && !/\s/.test(text);
  return isUsable && url.href.length <= LONGEST_TEXT ? said(url.href) : no(`“${text}” is no web address.`);
}

/** A value as one text, for files and for words on a page; a list is parted as `readCustomValue` reads it. */
export const customText = (value: CustomValue | undefined): string =>
  Array.isArray(value) ? value.join("; ") : value === undefined ? "" : String(value);

export type CustomFault = { field: string; value: string; reason: string };

/** Values by key as a program or a form gives them. Null clears; a key that is no field of the workspace, or archived, is a fault. */
export function readCustomValues(
  fields: readonly CustomField[],
  given: Readonly<Record<string, unknown>>,
): { values: Record<string, CustomValue | null>; faults: CustomFault[] } {
  const values: Record<string, CustomValue | null> = {};
  const faults: CustomFault[] = [];
  for (const [key, raw] of Object.entries(given)) {
    const field = fields.find((one) => one.key === key && one.archivedAt === null);
    const read = field ? readCustomValue(field, raw) : no("There is no such field.");
    if (read.ok) values[key] = read.value;
    else
      faults.push({
        field: `custom.${key}`,
        value: typeof raw === "string" ? raw : JSON.stringify(raw),
        reason: read.reason,
      });
  }
  return { values, faults };
}

/** Those that say something: a blank never overwrites. */
export const givenValues = (values: Readonly<Record<string, CustomValue | null>>): CustomValues =>
  Object.fromEntries(Object.entries(values).flatMap(([key, value]) => (value === null ? [] : [[key, value]])));

/** One condition of a filter on a field. */
export type FieldCondition = { key: string; operator: FieldOperator; value: string };

const CONDITION = new RegExp(`^([a-z][a-z0-9_]{0,59}):(${FIELD_OPERATORS.join("|")})(?::([^]{1,200}))?$`);

/** `plan:is:gold`, `renews_on:before:2026-03-02`, `budget:set`. Undefined: this is no condition. */
export function readCondition(text: string): FieldCondition | undefined {
  const [, key, word, value = ""] = CONDITION.exec(text) ?? [];
  const operator = FIELD_OPERATORS.find((one) => one === word);
  if (!key || !operator) return undefined;
  const takesNone = operator === "set" || operator === "unset";
  if (takesNone !== (value === "")) return undefined;
  if ((operator === "before" || operator === "after") && !isDay(value)) return undefined;
  if ((operator === "above" || operator === "below") && !Number.isFinite(Number(value))) return undefined;
  return { key, operator, value };
}

export const conditionText = ({ key, operator, value }: FieldCondition) =>
  value === "" ? `${key}:${operator}` : `${key}:${operator}:${value}`;

/** Why a condition finds nobody, or null: its field is gone, or of a type that cannot be asked so. */
export function whyNotCondition(field: CustomField | undefined, { operator }: FieldCondition): string | null {
  if (!field || field.archivedAt !== null) return "The field is gone.";
  return OPERATORS_OF[field.type].includes(operator) ? null : `“${field.label}” cannot be asked so.`;
}
