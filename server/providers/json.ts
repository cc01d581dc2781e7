export type Json = Record<string, unknown>;

export function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A JSON object from a body, or null. Vendors answer with HTML when they are ill, so this is no exception. */
export function jsonObject(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

/** The object in a field, or an empty one: for reading far into a vendor's message without a check at each step. */
export function recordIn(value: unknown): Json {
  return isRecord(value) ? value : {};
}

/** A string that says something, or null. */
export function textIn(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** An instant in any notation that `Date.parse` reads, or null. */
export function instantIn(value: unknown): Date | null {
  const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : new Date(at);
}
