import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** How far a signed timestamp may lie from now, either way, before the request counts as a replay. */
export const SIGNATURE_MAX_AGE_SECONDS = 600;

/** Compares secrets in constant time, whatever their lengths: both are hashed first. */
export function secretsEqual(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(value: string): Buffer {
  return createHash("sha256").update(value).digest();
}

export function hmacSha256Hex(secret: string, ...parts: (string | Buffer)[]): string {
  const hmac = createHmac("sha256", secret);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}

/** True when a Unix timestamp in seconds, as text, is within the allowed age. */
export function isFresh(unixSeconds: string | undefined, now: Date): boolean {
  if (unixSeconds === undefined || !/^\d{1,12}$/.test(unixSeconds)) return false;
  return Math.abs(now.getTime() / 1000 - Number(unixSeconds)) <= SIGNATURE_MAX_AGE_SECONDS;
}
