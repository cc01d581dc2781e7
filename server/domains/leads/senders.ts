import { normaliseEmail, normalisePhone } from "./address.ts";

/**
 * Who wrote, as identities are kept: the address of a `From` header such as `Ana <ana@example.com>`, or a number as E.164. What
 * cannot be read (a short code, an alphanumeric sender) stays as it came, in lower case: it is nobody's identity, but it can be
 * answered and suppressed.
 */
export function normaliseSender(channel: "EMAIL" | "SMS" | "CALL", from: string): string {
  const text = from.trim();
  const result =
    channel === "EMAIL" ? normaliseEmail(/<([^<>]*)>[^<>]*$/.exec(text)?.[1] ?? text) : normalisePhone(text);
  return result.ok ? result.value : text.toLowerCase();
}
