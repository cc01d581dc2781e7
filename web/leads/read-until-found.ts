import type { Page } from "#web/ui/table/source.ts";

/** So many pages are looked through while nobody is found, each of twice as many leads as the one before: some hundred thousand together. */
const MOST_PAGES = 6;

/**
 * The first rows of a list that may answer with an empty page and go on: of a name that many older leads have, nobody may be among the newest that
 * one request looks at. Ends as soon as anybody is found.
 */
export async function readUntilFound<Row>(
  ask: (cursor: string | undefined) => Promise<Page<Row>>,
  most = MOST_PAGES,
): Promise<readonly Row[]> {
  let page = await ask(undefined);
  for (let read = 1; page.data.length === 0 && page.next_cursor !== null && read < most; read += 1)
    page = await ask(page.next_cursor);
  return page.data;
}
