import { z } from "zod";
import { type LeadFields } from "../lead-fields.ts";
import type { IntakeKind } from "../sets.ts";
import { fieldOfQuestion } from "./read-answers.ts";
import { FORM_FIELDS, type IntakeTarget, isReserved, RESERVED, type SourceSettings } from "./source-settings.ts";

/** What came, by name; a name that came several times has several values. */
export type Given = Record<string, string[]>;

export const givenSchema: z.ZodType<Given> = z.record(z.string(), z.array(z.string()));
/** What is kept of a submission by a form or a program. */
export const formPayloadSchema = z.object({ given: givenSchema, hasConsented: z.boolean() });

export const MAX_NAMES = 100;
export const MAX_NAME = 200;
export const MAX_VALUE = 5_000;

/** Why so much is not taken; null when it is. */
export function whyNotGiven(given: Given): { pointer: string; detail: string } | null {
  const names = Object.keys(given);
  if (names.length > MAX_NAMES) return { pointer: "", detail: `At most ${MAX_NAMES} fields` };
  for (const [name, values] of Object.entries(given)) {
    if (name.length > MAX_NAME) return { pointer: "", detail: `A field's name has at most ${MAX_NAME} characters` };
    if (values.join("").length > MAX_VALUE) return { pointer: `/${name}`, detail: `At most ${MAX_VALUE} characters` };
  }
  return null;
}

/** A JSON body as what a form would have given: lists are several values, what is nested deeper is kept as JSON. */
export function givenOf(body: unknown): Given | null {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return null;
  const given: Given = {};
  for (const [name, value] of Object.entries(body)) {
    const values = [value].flat().flatMap((one: unknown) => textOf(one) ?? []);
    if (values.length > 0) given[name] = values;
  }
  return given;
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value;
  return JSON.stringify(value);
}

/** A form's fields in the order in which they came. */
export function givenOfForm(pairs: Iterable<readonly [string, string]>): Given {
  const given = new Map<string, string[]>();
  for (const [name, value] of pairs) given.set(name, [...(given.get(name) ?? []), value]);
  return Object.fromEntries(given);
}

export const firstOf = (given: Given, name: string): string => (given[name]?.[0] ?? "").trim();

const YES = new Set(["on", "true", "yes", "1", "y", "ja", "oui", "si", "sí", "sim"]);
export const hasConsented = (given: Given) => YES.has(firstOf(given, RESERVED.consent).toLowerCase());

/** People do not see the trap. */
export const isMachine = (given: Given) => firstOf(given, RESERVED.trap) !== "";

const FORM_NAMES = new Map<string, IntakeTarget>(FORM_FIELDS.map((field) => [field, field]));

/** What a name means: as the source says, else our own name of a field, else a usual name of one in several languages, else an answer. */
export function targetOf(name: string, { mapping }: Pick<SourceSettings, "mapping">, kind: IntakeKind): IntakeTarget {
  const said = Object.hasOwn(mapping, name) ? mapping[name] : undefined;
  // The other system's ID is what a program knows people by; a stranger at a form could take somebody else's.
  if (said === "externalId" && kind === "form") return "answer";
  if (said) return said;
  if (kind === "api" && (name === "externalId" || name === "external_id")) return "externalId";
  return FORM_NAMES.get(name) ?? fieldOfQuestion(name) ?? "answer";
}

/**
 * What came as a lead's fields, with the tags of the source. What is no field goes to `meta.answers` under its own name. Neither status, source nor
 * anything else by which a stranger could change how a lead is treated is taken.
 */
export function readForm(given: Given, settings: SourceSettings, kind: IntakeKind): LeadFields {
  const fields: LeadFields = {};
  const emails: string[] = [];
  const phones: string[] = [];
  const answers: Record<string, string> = {};
  for (const [name, values] of Object.entries(given)) {
    const value = values.join(", ").trim();
    if (value === "" || isReserved(name)) continue;
    const target = targetOf(name, settings, kind);
    if (target === "ignore") continue;
    if (target === "answer") answers[name] = value;
    else if (target === "email") emails.push(value);
    else if (target === "phone") phones.push(value);
    else fields[target] ??= value;
  }
  const [email, ...moreEmails] = emails;
  const [phone, ...morePhones] = phones;
  return {
    ...fields,
    email,
    emails: moreEmails,
    phone,
    phones: morePhones,
    tags: settings.tags,
    meta: Object.keys(answers).length > 0 ? { answers } : {},
  };
}
