import { domainToUnicode } from "node:url";
import { nationalNumber } from "../address.ts";
import type { PersonSought } from "./hooks.ts";

/**
 * How an address may be written in a text in lower case. Digits of a phone number are looked for in a text of which all else was taken out.
 */
export function writingsOf(addresses: PersonSought["addresses"]): { texts: string[]; digits: string[] } {
  const texts: string[] = [];
  const digits: string[] = [];
  for (const { kind, value } of addresses) {
    if (kind === "PHONE") digits.push(nationalNumber(value));
    else texts.push(value.toLowerCase());
    if (kind === "EMAIL") {
      const at = value.lastIndexOf("@");
      texts.push(`${value.slice(0, at)}@${domainToUnicode(value.slice(at + 1))}`);
    }
  }
  return { texts: [...new Set(texts)], digits: [...new Set(digits)] };
}

/**
 * What is written as an e-mail address, within a text in lower case or JSON; a handle (@ann) or an hour (@5pm) is not. It says the same to JavaScript
 * and to PostgreSQL.
 */
export const WRITTEN_EMAIL = String.raw`[^\s"@,;|<>():]@[^\s"@,;|<>():]+\.[^\s"@,;|<>():.]{2,}`;
