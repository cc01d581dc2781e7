/** A run of text that both have, that only the earlier has, or that only the later has. */
export type DiffPart = { kind: "same" | "removed" | "added"; text: string };

/** Beyond this many differing words two texts are others altogether: one is shown as removed and the other as added. */
const MOST_EDITS = 600;

/** Words, runs of blanks, and single marks: `Hi {{ firstName }},` is told apart down to its comma. */
const TOKENS = /[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu;

const tokensOf = (text: string): string[] => text.match(TOKENS) ?? [];

type Edit = { kind: DiffPart["kind"]; token: string };

/**
 * What changed between two texts, word by word: the shortest script of edits (E. Myers, "An O(ND) Difference Algorithm and Its Variations",
 * 1986, the greedy form), runs of one kind put together. The texts of `same` and `removed` are the earlier text, those of `same` and `added`
 * the later.
 */
export function diffWords(before: string, after: string): DiffPart[] {
  const [a, b] = [tokensOf(before), tokensOf(after)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const middle = editsBetween(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const same = (tokens: readonly string[]) => tokens.map((token) => ({ kind: "same" as const, token }));
  return joined([...same(a.slice(0, start)), ...middle, ...same(a.slice(a.length - end))]);
}

function joined(edits: readonly Edit[]): DiffPart[] {
  const parts: DiffPart[] = [];
  let removed = "";
  let added = "";
  const flush = () => {
    if (removed !== "") parts.push({ kind: "removed", text: removed });
    if (added !== "") parts.push({ kind: "added", text: added });
    removed = added = "";
  };
  for (const { kind, token } of edits) {
    if (kind === "removed") removed += token;
    else if (kind === "added") added += token;
    else {
      flush();
      const last = parts.at(-1);
      if (last?.kind === "same") last.text += token;
      else parts.push({ kind: "same", text: token });
    }
  }
  flush();
  return parts;
}

function editsBetween(a: readonly string[], b: readonly string[]): Edit[] {
  const whole = [
    ...a.map((token) => ({ kind: "removed" as const, token })),
    ...b.map((token) => ({ kind: "added" as const, token })),
  ];
  if (a.length === 0 || b.length === 0) return whole;
  const most = Math.min(a.length + b.length, MOST_EDITS);
  /** How far along `a` each diagonal has come, after each number of edits. */
  const trace: Map<number, number>[] = [];
  let reached = new Map<number, number>([[1, 0]]);
  for (let edits = 0; edits <= most; edits += 1) {
    trace.push(reached);
    const next = new Map(reached);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const isDown = goesDown(reached, diagonal, edits);
      let x = isDown ? (reached.get(diagonal + 1) ?? 0) : (reached.get(diagonal - 1) ?? 0) + 1;
      let y = x - diagonal;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x += 1;
        y += 1;
      }
      next.set(diagonal, x);
      if (x >= a.length && y >= b.length) return walkBack(trace, a, b);
    }
    reached = next;
  }
  return whole;
}

/** Whether the furthest way onto a diagonal is from the one above: an insertion. */
const goesDown = (reached: ReadonlyMap<number, number>, diagonal: number, edits: number) =>
  diagonal === -edits || (diagonal !== edits && (reached.get(diagonal - 1) ?? -1) < (reached.get(diagonal + 1) ?? -1));

function walkBack(trace: readonly ReadonlyMap<number, number>[], a: readonly string[], b: readonly string[]): Edit[] {
  const found: Edit[] = [];
  let [x, y] = [a.length, b.length];
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const reached = trace[edits] ?? new Map<number, number>();
    const diagonal = x - y;
    const isDown = goesDown(reached, diagonal, edits);
    const from = isDown ? diagonal + 1 : diagonal - 1;
    const fromX = edits === 0 ? 0 : (reached.get(from) ?? 0);
    const fromY = edits === 0 ? 0 : fromX - from;
    const [stopX, stopY] = isDown ? [fromX, fromY + 1] : [fromX + 1, fromY];
    while (edits === 0 ? x > 0 && y > 0 : x > stopX && y > stopY) {
      found.push({ kind: "same", token: a[x - 1] ?? "" });
      x -= 1;
      y -= 1;
    }
    if (edits === 0) break;
    found.push(isDown ? { kind: "added", token: b[y - 1] ?? "" } : { kind: "removed", token: a[x - 1] ?? "" });
    [x, y] = [fromX, fromY];
  }
  return found.toReversed();
}
