/**
 * The search of a URL as an object of texts and lists of texts: `?status=NEW&status=LOST&q=ana`. Plain enough to be read,
 * written and sent by people; each page's schema turns the texts into what it needs.
 */
export function parseSearch(search: string): Record<string, string | string[]> {
  const found: Record<string, string | string[]> = {};
  const params = new URLSearchParams(search);
  for (const key of new Set(params.keys())) {
    const values = params.getAll(key);
    found[key] = values.length === 1 ? (values[0] ?? "") : values;
  }
  return found;
}

/** The way back. What is undefined, null, empty or an empty list does not appear. */
export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined && item !== null && item !== "") params.append(key, String(item));
    }
  }
  const text = params.toString();
  return text ? `?${text}` : "";
}

/** Reads one value of a search. What it cannot read is undefined: an old link opens the page all the same. */
export type Param<Value> = (raw: unknown) => Value | undefined;

/** One text: a search box, a sort, the open row. */
export const text: Param<string> = (raw) => (typeof raw === "string" && raw !== "" ? raw : undefined);

/** A list of texts: a filter's chosen values. */
export const list: Param<string[]> = (raw) => {
  const values = [raw].flat().filter((value): value is string => typeof value === "string" && value !== "");
  return values.length > 0 ? values : undefined;
};

/** One of a closed set: a tab, a period. */
export function choice<const Value extends string>(values: readonly Value[]): Param<Value> {
  return (raw) => values.find((value) => value === raw);
}

type Params = Readonly<Record<string, Param<unknown>>>;

/** What a search reader gives. */
export type Search<Reader extends (raw: Record<string, unknown>) => object> = ReturnType<Reader>;

/** The reader of a page's search, for `validateSearch`: `searchOf({ ...listParams, status: list, tab: choice(TABS) })`. */
export function searchOf<P extends Params>(params: P) {
  type Values = { [Key in keyof P]?: ReturnType<P[Key]> };
  return (raw: Record<string, unknown>): Values => {
    const values: Values = {};
    for (const key in params) {
      const value = params[key]?.(raw[key]);
      if (value !== undefined) Object.assign(values, { [key]: value });
    }
    return values;
  };
}

/** What every list keeps in its URL: the search text, the sort and the row in the side panel. */
export const listParams = { q: text, sort: text, row: text };

/** Which part of a list's URL decides its rows: the open row does not. For `loaderDeps` and query inputs. */
export function withoutRow<Values extends { row?: string }>(search: Values): Omit<Values, "row"> {
  const { row: _row, ...wanted } = search;
  return wanted;
}

/** Those of a closed set that the URL names. */
export function choices<const Value extends string>(values: readonly Value[]): Param<Value[]> {
  return (raw) => {
    const named = list(raw);
    const known = values.filter((value) => named?.includes(value));
    return known.length > 0 ? known : undefined;
  };
}
