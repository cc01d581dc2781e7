import { isSigned, sign } from "#platform/crypto.ts";
import { newToken } from "#platform/ids.ts";

const USE = "intake-form";
const DAY_MS = 86_400_000;

/** Goes out with the hosted page and comes back with the answers: when it was given out, and which page of many it was. Nobody can make one. */
export function makeStamp(secretKey: Buffer, sourceId: string, now: Date): string {
  const told = `${now.getTime()}.${newToken(9)}`;
  return `${told}.${sign(secretKey, USE, `${sourceId}.${told}`)}`;
}

/** How long ago the page was given out, and what tells it from others; null for a stamp that is not ours or is older than a day. */
export function readStamp(
  secretKey: Buffer,
  sourceId: string,
  stamp: string,
  now: Date,
): { ageMs: number; nonce: string } | null {
  const [at, nonce, proof] = stamp.split(".");
  if (!at || !nonce || !proof || !isSigned(secretKey, USE, `${sourceId}.${at}.${nonce}`, proof)) return null;
  const ageMs = now.getTime() - Number(at);
  return ageMs >= 0 && ageMs <= DAY_MS ? { ageMs, nonce } : null;
}
