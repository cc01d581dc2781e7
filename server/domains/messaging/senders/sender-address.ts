import type { Channel } from "../channels.ts";

const EMAIL = /^[^\s@<>"]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}$/;
const E164 = /^\+[1-9]\d{6,14}$/;
/** What US and Canadian carriers give out beside numbers. */
const SHORT_CODE = /^\d{5,6}$/;
/** A vendor's own name of a number or of a pool of numbers, as Twilio's MG… and Vapi's ids. */
const VENDOR_ID = /^(?=.*\d)[a-z0-9][a-z0-9-]{15,63}$/i;

/** Why an address in its normal form is none that a channel can send from; null when it is one. */
export function whyNotSenderAddress(channel: Channel, address: string): string | null {
  if (channel === "EMAIL") return EMAIL.test(address) ? null : "This is no e-mail address";
  if (E164.test(address)) return null;
  if (channel === "SMS")
    return SHORT_CODE.test(address) ? null : "Write the number with its country code, as +1 212 555 0123";
  return VENDOR_ID.test(address)
    ? null
    : "Write the number with its country code, or the id that the vendor gives to it";
}
