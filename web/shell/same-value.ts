/** A value without what makes no difference to a person: the order of keys, and the many ways of saying "nothing". */
function plain(value: unknown): unknown {
  if (value === null || value === undefined || value === "") return null;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object") return value;
  const entries = Object.entries(value)
    .map(([key, part]) => [key, plain(part)] as const)
    .filter(([, part]) => part !== null)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}

/** Two values that say the same. */
export const isSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(plain(one)) === JSON.stringify(plain(other));

const NOTHING = "Empty";

/** A value in words, for whoever compares two of them: texts as they are, records one line a part. */
export function tellValue(value: unknown): string {
  const told = plain(value);
  if (told === null) return NOTHING;
  if (typeof told !== "object") return tellOne(told);
  return linesOf(told, "").join("\n") || NOTHING;
}

const tellOne = (value: unknown): string => (typeof value === "boolean" ? (value ? "Yes" : "No") : String(value));

function linesOf(value: unknown, name: string): string[] {
  if (Array.isArray(value) && value.every((part) => typeof part !== "object"))
    return [`${name ? `${name}: ` : ""}${value.map(tellOne).join(", ")}`];
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([key, part]) =>
      linesOf(part, [name, wordsOf(key)].filter(Boolean).join(", ")),
    );
  return [`${name}: ${tellOne(value)}`];
}

/** `sendWindow` → `Send window`; places of a list count from one. */
function wordsOf(key: string): string {
  if (/^\d+$/.test(key)) return String(Number(key) + 1);
  const words = key.replaceAll(
    /([a-z])([A-Z])/g,
    (_all, before: string, next: string) => `${before} ${next.toLowerCase()}`,
  );
  return words.charAt(0).toUpperCase() + words.slice(1);
}
