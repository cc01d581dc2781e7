import { z } from "zod";
import type { Integration, Vendor } from "#platform/integrations/contract.ts";

type Fields = Vendor["fields"];
type Known = Pick<Integration, "config" | "secretsSet">;
/** What the form holds: words for texts and numbers, yes or no for the rest. */
export type TypedCredentials = Record<string, string | boolean>;

/** What the form begins with: what was typed before, else the vendor's defaults. Secrets are never known here. */
export function startValues(fields: Fields, known?: Known): TypedCredentials {
  return Object.fromEntries(
    fields.map(({ name, kind, isSecret, default: preset }) => {
      const value = isSecret ? undefined : (known?.config[name] ?? (known ? undefined : preset));
      if (kind === "boolean") return [name, value === true];
      return [name, typeof value === "string" || typeof value === "number" ? String(value) : ""];
    }),
  );
}

/** Finds what is missing before the server is asked; what a value must look like is the vendor's to say. */
export function credentialsSchema(fields: Fields, known?: Known) {
  return z.record(z.string(), z.union([z.string(), z.boolean()])).superRefine((typed, context) => {
    for (const { name, kind, isSecret, isRequired } of fields) {
      const value = typed[name];
      const words = typeof value === "string" ? value.trim() : "";
      const isKept = isSecret && known?.secretsSet.includes(name) === true;
      if (kind !== "boolean" && isRequired && !words && !isKept) {
        context.addIssue({ code: "custom", path: [name], message: "This is needed" });
      } else if (kind === "number" && words && !Number.isFinite(Number(words))) {
        context.addIssue({ code: "custom", path: [name], message: "Write a number" });
      }
    }
  });
}

/**
 * What is sent. A secret left empty is left out, so that the stored one stays; another field that was emptied is taken away
 * with null.
 */
export function credentialsOf(fields: Fields, typed: TypedCredentials, known?: Known) {
  const sent: Record<string, string | number | boolean | null> = {};
  for (const { name, kind, isSecret } of fields) {
    const value = typed[name];
    const words = typeof value === "string" ? value.trim() : "";
    if (kind === "boolean") sent[name] = value === true;
    else if (words) sent[name] = kind === "number" ? Number(words) : words;
    else if (known && !isSecret && known.config[name] !== undefined) sent[name] = null;
  }
  return sent;
}
