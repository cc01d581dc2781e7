import type { RejectReason } from "../outcome.ts";

/**
 * Twilio's error codes that say more than their HTTP status (https://www.twilio.com/docs/api/errors). `hard`: the
 * number itself is at fault and must never be tried again.
 */
export const TWILIO_REJECTIONS: Readonly<Record<number, { reason: RejectReason; hard: boolean }>> = {
  20003: { reason: "auth", hard: false }, // authentication
  20005: { reason: "auth", hard: false }, // account not active
  21211: { reason: "invalid_address", hard: true }, // "To" is not a valid phone number
  21217: { reason: "invalid_address", hard: true }, // does not appear to be valid
  21614: { reason: "invalid_address", hard: true }, // not a mobile number
  21610: { reason: "suppressed_at_vendor", hard: true }, // the recipient answered STOP to this sender
  21214: { reason: "invalid_address", hard: false }, // cannot be reached
  21612: { reason: "invalid_address", hard: false }, // no route between this From and this To
  21212: { reason: "unverified_sender", hard: false }, // "From" is not valid
  21603: { reason: "unverified_sender", hard: false }, // "From" is missing
  21606: { reason: "unverified_sender", hard: false }, // "From" cannot send text messages
  21659: { reason: "unverified_sender", hard: false }, // "From" is not a number of Twilio's
  21660: { reason: "unverified_sender", hard: false }, // "From" belongs to another account
  21703: { reason: "unverified_sender", hard: false }, // the messaging service has no sender
  30034: { reason: "unverified_sender", hard: false }, // US number without an A2P 10DLC registration
  21602: { reason: "content_refused", hard: false }, // no body
  21617: { reason: "content_refused", hard: false }, // body over 1,600 characters
  21619: { reason: "content_refused", hard: false }, // neither body nor media
};

/** 4xx answers that pass by themselves: 20429 and 14107 rate limits, 21611 the sender's queue is full, 63038 the daily limit. */
export const TWILIO_RETRYABLE: ReadonlySet<number> = new Set([14107, 20429, 21611, 63038]);

/**
 * Delivery errors (status callbacks) that condemn the number: 30005 unknown destination, 30006 landline or unreachable
 * carrier. 30003 (switched off), 30004 (blocked), 30007 (filtered) and 30008 (unknown) may pass.
 */
const HARD_DELIVERY_ERRORS: ReadonlySet<number> = new Set([30005, 30006]);

/** True when an error code of a status callback means that the number must never be tried again. */
export function isHardDeliveryError(code: number): boolean {
  return HARD_DELIVERY_ERRORS.has(code) || TWILIO_REJECTIONS[code]?.hard === true;
}
