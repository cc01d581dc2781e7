export const DELIMITERS = [",", ";", "\t", "|"] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** Records looked at: more would not change an answer that a hundred agree on. */
const RECORDS = 100;

/**
 * The delimiter of a CSV text, by the one that splits the header into several cells and the following records into as many.
 * Delimiters within quotation marks do not count. A text of one column has none, for which a comma stands.
 * @param head the beginning of the file; its last record may be cut off unless `complete`
 */
export function detectDelimiter(head: string, complete: boolean): Delimiter {
  let best: { delimiter: Delimiter; score: number } = { delimiter: ",", score: 0 };
  for (const delimiter of DELIMITERS) {
    const [header = 0, ...rows] = cellCounts(head, delimiter, complete);
    if (header < 2) continue;
    const agreeing = rows.filter((count) => count === header).length;
    const agreement = rows.length === 0 ? 1 : agreeing / rows.length;
    // Among equals the one that yields more columns: "Name, first;E-mail;Phone" is split at its semicolons.
    const score = agreement + header / 10_000;
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

/** The number of cells in each record that is not blank. */
function cellCounts(text: string, delimiter: Delimiter, complete: boolean): number[] {
  const counts: number[] = [];
  let cells = 1;
  let cellStart = 0;
  let recordStart = 0;
  let quoted = false;
  for (let index = 0; index < text.length && counts.length < RECORDS; index++) {
    const sign = text[index];
    if (quoted) {
      if (sign !== '"') continue;
      if (text[index + 1] === '"') index++;
      else quoted = false;
    } else if (sign === '"' && index === cellStart) quoted = true;
    else if (sign === delimiter) {
      cells++;
      cellStart = index + 1;
    } else if (sign === "\n" || sign === "\r") {
      if (index > recordStart) counts.push(cells);
      cells = 1;
      cellStart = recordStart = index + 1;
    }
  }
  if (complete && recordStart < text.length && counts.length < RECORDS && !quoted) counts.push(cells);
  return counts;
}
