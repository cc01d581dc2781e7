/** Why a vendor refused a message for good. Only the message or the account can change, so no retry helps. */
export const REJECT_REASONS = [
  "invalid_address",
  "unverified_sender",
  "suppressed_at_vendor",
  "content_refused",
  "auth",
  "other",
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

/**
 * What became of one hand-over to a vendor. Every `send` answers with one of these four and never throws.
 *
 * - `accepted`: the vendor has it. `costMicros` is in millionths of the vendor's currency unit.
 * - `rejected`: the vendor will not take it. `suppress` means that this address must never be tried again.
 * - `failed`: the vendor certainly did not take it, so it may be retried, not before `retryAfterSeconds`.
 * - `unknown`: it was handed over and no answer came. It may have been delivered, so it is never resent blind.
 */
export type SendOutcome =
  | { kind: "accepted"; providerRef: string; costMicros?: number }
  | { kind: "rejected"; reason: RejectReason; detail: string; suppress: boolean }
  | { kind: "failed"; detail: string; retryAfterSeconds?: number }
  | { kind: "unknown"; detail: string };

/** The answer to "test connection": `detail` is a sentence for the person who pressed the button. */
export type ConnectionTest = { kind: "ok"; detail: string } | { kind: "failed"; detail: string };

export function rejected(reason: RejectReason, detail: string, suppress = false): SendOutcome {
  return { kind: "rejected", reason, detail, suppress };
}

/**
 * Seconds to wait according to a Retry-After header (RFC 9110 §10.2.3): a number of seconds or an HTTP date.
 * Undefined when the header is absent or unreadable; a date in the past is 0.
 */
export function retryAfterSeconds(header: string | string[] | undefined, now: () => Date): number | undefined {
  const value = (Array.isArray(header) ? header[0] : header)?.trim();
  if (!value) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now().getTime()) / 1000));
}

/** Clips vendor text for storage: an error page in HTML is of no use to anybody. */
export function clip(text: string, length = 300): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
