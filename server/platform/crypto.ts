import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";

/** Keys for different uses are derived from the one secret key, so that none can stand in for another. */
function derive(secretKey: Buffer, use: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secretKey, Buffer.alloc(0), `throughline:${use}`, 32));
}

/** AES-256-GCM; `boundTo` (the row's id) is authenticated with it, so a ciphertext cannot be moved to another row. */
export function encrypt(secretKey: Buffer, plain: string, boundTo: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", derive(secretKey, "credentials"), iv).setAAD(Buffer.from(boundTo));
  const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  return ["v1", iv.toString("base64"), cipher.getAuthTag().toString("base64"), body.toString("base64")].join(".");
}

/** Throws when the key, the row or the text is not the one it was made with. */
export function decrypt(secretKey: Buffer, sealed: string, boundTo: string): string {
  const [version, iv, tag, body] = sealed.split(".");
  if (version !== "v1" || !iv || !tag || body === undefined) throw new Error("Not a sealed credential");
  const decipher = createDecipheriv("aes-256-gcm", derive(secretKey, "credentials"), Buffer.from(iv, "base64"));
  decipher.setAAD(Buffer.from(boundTo)).setAuthTag(Buffer.from(tag, "base64"));
  return Buffer.concat([decipher.update(Buffer.from(body, "base64")), decipher.final()]).toString("utf8");
}

const signingKeys = new WeakMap<Buffer, Map<string, KeyObject>>();

/** Kept: every message carries a link that is signed, and deriving its key took three times as long as all else that renders an SMS. */
function signingKey(secretKey: Buffer, use: string): KeyObject {
  const known = signingKeys.get(secretKey) ?? new Map<string, KeyObject>();
  signingKeys.set(secretKey, known);
  const key = known.get(use) ?? createSecretKey(derive(secretKey, use));
  known.set(use, key);
  return key;
}

/** A signature over text for links and webhooks of our own, URL-safe. */
export function sign(secretKey: Buffer, use: string, text: string): string {
  return createHmac("sha256", signingKey(secretKey, use)).update(text).digest("base64url");
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Text for links of our own that only we can read and nobody can change: AES-256-GCM, URL-safe; `boundTo` is authenticated with it. */
export function sealText(secretKey: Buffer, use: string, text: string, boundTo: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", signingKey(secretKey, `seal:${use}`), iv).setAAD(Buffer.from(boundTo));
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64url");
}

/** What `sealText` sealed; null for anything else. */
export function openText(secretKey: Buffer, use: string, sealed: string, boundTo: string): string | null {
  const bytes = Buffer.from(sealed, "base64url");
  const [iv, tag] = [bytes.subarray(0, IV_BYTES), bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)];
  if (tag.length < TAG_BYTES) return null;
  try {
    const decipher = createDecipheriv("aes-256-gcm", signingKey(secretKey, `seal:${use}`), iv);
    decipher.setAAD(Buffer.from(boundTo)).setAuthTag(tag);
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString("utf8");
  } catch {
    return null;
  }
}

/** Compared in constant time, whatever the lengths: both are hashed first. */
export function isSameText(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** Is `signature` ours? Compared in constant time. */
export const isSigned = (secretKey: Buffer, use: string, text: string, signature: string): boolean =>
  isSameText(signature, sign(secretKey, use, text));

/** A secret of our own for one use, such as the sandbox vendors' webhook secret of a workspace. */
export const deriveSecret = (secretKey: Buffer, use: string) => derive(secretKey, use).toString("base64url");
