/** A list whose pages took a long search, each of twice as many rows as the one before: to read it again whenever anything happens would never end. */
const LONG_SEARCH_PAGES = 4;

/** Whether the answer of a query was found by a long search. It is shown as it was found until the person asks again or changes something. */
export function tookLongSearch({ state: { data } }: { state: { data: unknown } }): boolean {
  if (typeof data !== "object" || data === null || !("pages" in data) || !Array.isArray(data.pages)) return false;
  const short = data.pages.filter(
    (page: unknown) =>
      typeof page === "object" &&
      page !== null &&
      "looked" in page &&
      typeof page.looked === "number" &&
      page.looked > 0,
  );
  return short.length >= LONG_SEARCH_PAGES;
}
