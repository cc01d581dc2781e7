/**
 * SMS segments as carriers count them: 3GPP TS 23.038 (the GSM 7-bit default alphabet and its extension table) and
 * TS 23.040 (concatenation: six bytes of every part go to its header).
 */

const BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
  "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/** Written as an escape and a second septet, so each costs two. */
const EXTENSION = "\f^{}\\[~]|€";

const SEPTETS: ReadonlyMap<string, number> = new Map([
  ...Array.from(BASIC, (character) => [character, 1] as const),
  ...Array.from(EXTENSION, (character) => [character, 2] as const),
]);

const LIMITS = { "GSM-7": { single: 160, part: 153 }, "UCS-2": { single: 70, part: 67 } } as const;

export type SegmentCount = {
  encoding: "GSM-7" | "UCS-2";
  /** Septets (GSM-7) or 16-bit units (UCS-2) the text takes, without padding. */
  units: number;
  /** Parts that are sent and paid for; 0 for an empty text. */
  segments: number;
  /** Units one part holds, given how many there are. */
  perSegment: number;
  /** Units still free in the last part. */
  remaining: number;
  /** The characters that force UCS-2, each once, in order of appearance. */
  offenders: string[];
};

/** Counts the parts an SMS is sent in. A character of two units (an extension character, a surrogate pair) is never split. */
export function countSegments(text: string): SegmentCount {
  const characters = Array.from(text);
  const offenders = [...new Set(characters.filter((character) => !SEPTETS.has(character)))];
  const encoding = offenders.length > 0 ? "UCS-2" : "GSM-7";
  const { single, part } = LIMITS[encoding];
  const sizes = characters.map((character) =>
    encoding === "GSM-7" ? (SEPTETS.get(character) ?? 1) : character.length,
  );
  const units = sizes.reduce((sum, size) => sum + size, 0);
  if (units <= single) {
    return { encoding, units, segments: units > 0 ? 1 : 0, perSegment: single, remaining: single - units, offenders };
  }

  let segments = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > part) {
      segments += 1;
      used = 0;
    }
    used += size;
  }
  return { encoding, units, segments, perSegment: part, remaining: part - used, offenders };
}
