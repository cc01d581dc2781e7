/** Where the letter that is answered begins: what mail programs put above it, and how they mark its lines. */
const QUOTE_BEGINS = [
  /^>/,
  /^-{2,} ?[\p{L} ]{3,40} ?-{2,}$/u, // -----Original Message-----
  /^_{10,}$/, // Outlook's line
  /^\*?(?:from|von|de|da|van|från|fra|lähettäjä|od|от|发件人|寄件者|差出人)\*?\s?[:：]\s?\S/iu,
];
/** "On Mon, 2 Mar 2026 at 12:00, Maple Studio <hello@maple.example> wrote:", which may be broken over two or three lines. */
const ATTRIBUTION = /^[^\n]{1,300}[:：]$/u;
const ATTRIBUTION_LINES = 3;
/** What follows is no part of what was said: a signature (RFC 3676, section 4.3), and what telephones add. */
const SIGNATURE = [
  /^-- ?$/,
  /^(?:sent|gesendet|envoyé|enviado|inviato|verzonden|skickat|sendt) (?:from|von|depuis|de|desde|da|van|från|fra) /iu,
  /^get outlook for /iu,
];

/**
 * What a person wrote themselves in an answer by mail: without the letter they answer, which their program quotes below, and without a
 * signature. Answers below the quoted lines are kept. Plain text; nothing is guessed of signatures without a mark.
 */
export function ownWords(text: string): string {
  const lines = text
    .slice(0, 20_000)
    .split(/\r?\n/)
    .map((line) => line.trim());
  const end = lines.findIndex((line, place) => isEnd(lines, line, place));
  const above = (end < 0 ? lines : lines.slice(0, end)).join("\n").trim();
  if (above !== "" || end < 0) return above;
  return lines
    .slice(end)
    .filter((line, place, rest) => !line.startsWith(">") && !isAttribution(rest, place))
    .join("\n")
    .trim();
}

const isEnd = (lines: readonly string[], line: string, place: number): boolean =>
  [...QUOTE_BEGINS, ...SIGNATURE].some((mark) => mark.test(line)) || isAttribution(lines, place);

/** Begins with a date or an address, ends in a colon, and names an address or stands above quoted lines. */
function isAttribution(lines: readonly string[], place: number): boolean {
  if (!/[\d@]/.test(lines[place] ?? "")) return false;
  for (let count = 1; count <= ATTRIBUTION_LINES && lines[place + count - 1]; count += 1) {
    const said = lines.slice(place, place + count).join(" ");
    if (!ATTRIBUTION.test(said)) continue;
    return (
      said.includes("@") ||
      lines
        .slice(place + count)
        .find(Boolean)
        ?.startsWith(">") === true
    );
  }
  return false;
}
