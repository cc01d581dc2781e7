import type { z } from "zod";
import { isProviderName, PROVIDERS, type ProviderDefinition, type ProviderType } from "#providers/registry.ts";
import type { Config } from "../config.ts";
import { decrypt, encrypt } from "../crypto.ts";
import { Invalid } from "../problems.ts";
import { whyNotCall } from "../ssrf.ts";
import type { IntegrationRow } from "./queries.ts";

/** Everything that a vendor's adapter is made of, secrets included. It never leaves the process. */
export type Credentials = Record<string, unknown>;

/** What is stored of them. */
export type Sealed = Pick<IntegrationRow, "config" | "secrets">;

/** A vendor of any type, told apart by `type`. */
export type Vendor = { [Type in ProviderType]: ProviderDefinition<Type> }[ProviderType];

/** The vendor of that name, if people may connect it. They need not connect a sandbox: it serves where nothing else does. */
export function findVendor(name: string): Vendor | null {
  const vendor = findDefinition(name);
  return vendor?.sandbox ? null : vendor;
}

/** The vendor of that name, a sandbox included. */
export function findDefinition(name: string): Vendor | null {
  return isProviderName(name) ? PROVIDERS[name] : null;
}

/** Takes the fields that were given over those that were there; null takes a field away. */
export function merge(before: Credentials, given: Credentials): Credentials {
  const merged = { ...before, ...given };
  return Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== null && value !== undefined && value !== ""),
  );
}

/** The URLs among them, by the names of their fields. */
export const urlsIn = (credentials: Credentials): [name: string, url: string][] =>
  Object.entries(credentials).flatMap(([name, value]) =>
    /url$/i.test(name) && typeof value === "string" ? [[name, value]] : [],
  );

/** Validates as the vendor's schema says and refuses URLs that the server must not call. Throws Invalid with a pointer per field. */
export async function checkCredentials(config: Config, definition: Vendor, given: Credentials): Promise<Credentials> {
  const parsed = definition.credentials.safeParse(given);
  if (!parsed.success) throw Invalid(undefined, parsed.error.issues.map(toFault));
  const faults: { pointer: string; detail: string }[] = [];
  for (const [name, url] of urlsIn(parsed.data)) {
    const refusal = await whyNotCall(config, url);
    if (refusal) faults.push({ pointer: `/credentials/${name}`, detail: refusal });
  }
  if (faults.length > 0) throw Invalid(undefined, faults);
  return parsed.data;
}

const toFault = (issue: z.core.$ZodIssue) => {
  const path = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : issue.path;
  return { pointer: ["/credentials", ...path.map(String)].join("/"), detail: issue.message };
};

/** Splits credentials into what may be shown and what is sealed for the row of that id. */
export function seal(config: Config, definition: Vendor, id: string, credentials: Credentials): Sealed {
  const entries = Object.entries(credentials);
  const isSecret = ([name]: [string, unknown]) => definition.secretFields.includes(name);
  const secrets = Object.fromEntries(entries.filter(isSecret));
  return {
    config: Object.fromEntries(entries.filter((entry) => !isSecret(entry))),
    secrets: Object.keys(secrets).length > 0 ? encrypt(config.secretKey, JSON.stringify(secrets), id) : null,
  };
}

/** Puts them together again. Null: the secrets were sealed with another key, or for another row. */
export function unseal(config: Config, row: Pick<IntegrationRow, "id" | "config" | "secrets">): Credentials | null {
  if (row.secrets === null) return { ...row.config };
  try {
    const secrets: unknown = JSON.parse(decrypt(config.secretKey, row.secrets, row.id));
    return typeof secrets === "object" && secrets !== null ? { ...row.config, ...secrets } : null;
  } catch {
    return null;
  }
}

/** Takes every secret out of a vendor's words, in case it repeats what it was sent. */
export function withoutSecrets(definition: Vendor, credentials: Credentials, text: string): string {
  let clean = text.replaceAll(/\b(basic|bearer)\s+[\w.~+/=-]+/gi, "$1 [secret]");
  for (const name of definition.secretFields) {
    const value = credentials[name];
    if (typeof value === "string" && value.length >= 4) clean = clean.replaceAll(value, "[secret]");
  }
  return clean;
}
