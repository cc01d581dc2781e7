import { createHash, randomBytes, randomFillSync } from "node:crypto";
import { systemClock } from "./clock.ts";

/** What kinds of rows there are, by the prefix of their ids. */
export const ID_PREFIXES = [
  "user",
  "sess",
  "acct",
  "vrfy",
  "ws",
  "mbr",
  "inv",
  "key",
  "rl",
  "evt",
  "inb",
  "int",
  "sbx",
  "req",
  "lead",
  "iden",
  "tag",
  "sup",
  "prop",
  "mrg",
  "ers",
  "cons",
  "isrc",
  "sbm",
  "imp",
  "irow",
  "imap",
  "cfld",
  "view",
  "bact",
  "msg",
  "tal",
  "att",
  "eng",
  "snd",
  "camp",
  "cl",
  "basg",
  "scr",
  "scrv",
  "seq",
  "step",
  "ver",
  "enr",
  "bulk",
  "exe",
  "sim",
  "conv",
  "crule",
  "ab",
] as const;
export type IdPrefix = (typeof ID_PREFIXES)[number];

/** What ids are made of: a time (Unix milliseconds) and random bytes. */
export type IdSource = { ms(): number; fill(bytes: Buffer): void };

const RANDOM: IdSource = { ms: () => systemClock.now().getTime(), fill: (bytes) => void randomFillSync(bytes) };
let source = RANDOM;

/**
 * Has all ids of this process made of something else, until the returned function is called: a simulation's scratch database must come out the
 * same again, down to the order of its rows. Ids made so can be guessed, and may never name rows of a real workspace. Throws when ids are made
 * of something else already.
 */
export function makeIdsOf(other: IdSource): () => void {
  if (source !== RANDOM) throw new Error("The ids of this process are made of something else already.");
  const change = (to: IdSource) => {
    source = to;
    used = POOL_BYTES;
    lastMs = -1;
  };
  change(other);
  return () => change(RANDOM);
}

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const POOL_BYTES = 10 * 1024;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;
let lastMs = -1;
let sequence = 0;

/**
 * Twelve bits that count the ids of one millisecond (RFC 9562, section 6.2, method 1), from a random start in their lower half: rows made
 * one after the other sort one after the other. After 2,048 in a millisecond only the random rest tells them apart.
 */
function nextSequence(ms: number, start: number): number {
  sequence = ms === lastMs ? Math.min(sequence + 1, 0x0fff) : start & 0x07ff;
  lastMs = ms;
  return sequence;
}

/**
 * A new id such as `lead_01h455vb4pex5vsknk084sn02q`: TypeID, a UUIDv7 in Crockford base 32, so ids of one kind sort by their making.
 * Random bytes are drawn from the system in blocks: the send path makes several thousand ids a second.
 */
export function newId(prefix: IdPrefix): string {
  if (used + 10 > POOL_BYTES) {
    source.fill(pool);
    used = 0;
  }
  const at = used;
  used += 10;
  const ms = source.ms();
  // 128 bits as 26 characters of 5 bits, the first holding only 3: 48 bits of time, version 7, 12 that count, variant, 62 random ones.
  const high = (BigInt(ms) << 16n) | 0x7000n | BigInt(nextSequence(ms, pool.readUInt16BE(at)));
  const low = 0x8000_0000_0000_0000n | (pool.readBigUInt64BE(at + 2) & 0x3fff_ffff_ffff_ffffn);
  return `${prefix}_${base32(high, low)}`;
}

function base32(high: bigint, low: bigint): string {
  const top = Number(high >> 32n);
  const second = Number(high & 0xffff_ffffn);
  const third = Number(low >> 32n);
  const last = Number(low & 0xffff_ffffn);
  let text = "";
  for (let i = 25; i >= 0; i--) {
    const shift = i * 5;
    text += ALPHABET[bitsAt(shift, top, second, third, last)];
  }
  return text;
}

/** Five bits of a 128-bit number given as four 32-bit words, counted from the lowest bit. */
function bitsAt(shift: number, top: number, second: number, third: number, last: number): number {
  const words = [last, third, second, top];
  const word = shift >>> 5;
  const offset = shift & 31;
  const lowPart = (words[word] ?? 0) >>> offset;
  const highPart = offset > 27 ? ((words[word + 1] ?? 0) << (32 - offset)) >>> 0 : 0;
  return (lowPart | highPart) & 31;
}

/** Does this text look like an id of that kind? Used at the edge, so that a malformed id answers 404 and never reaches SQL. */
export function isId(prefix: IdPrefix, text: string): boolean {
  return text.startsWith(`${prefix}_`) && /^[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(text.slice(prefix.length + 1));
}

/** An unguessable token of `bytes` random bytes, URL-safe. */
export const newToken = (bytes = 32) => randomBytes(bytes).toString("base64url");

/** SHA-256 as hex: for keys that must be recognised but not kept. */
export const sha256 = (text: string | Buffer) => createHash("sha256").update(text).digest("hex");
