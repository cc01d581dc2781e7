import { expect, test } from "vitest";
import { readUntilFound } from "#web/leads/read-until-found.ts";

/** A list whose pages have these many rows, one after the other; and the cursors that it was asked by. */
function listOf(...sizes: number[]) {
  const asked: (string | undefined)[] = [];
  const ask = async (cursor: string | undefined) => {
    asked.push(cursor);
    const at = Number(cursor ?? 0);
    const next_cursor = at + 1 < sizes.length ? `${at + 1}` : null;
    return { data: Array.from({ length: sizes[at] ?? 0 }, (_, place) => `${at}.${place}`), next_cursor };
  };
  return { ask, asked };
}

test("a search for one page reads on past empty ones until somebody is found, and no further", async () => {
  const { ask, asked } = listOf(0, 0, 2, 5);
  expect(await readUntilFound(ask)).toEqual(["2.0", "2.1"]);
  expect(asked).toEqual([undefined, "1", "2"]);
});

test("a search for one page ends with the list, or after so many pages as it may read", async () => {
  expect(await readUntilFound(listOf(0, 0).ask)).toEqual([]);
  const { ask, asked } = listOf(0, 0, 0, 0, 1);
  expect(await readUntilFound(ask, 3)).toEqual([]);
  expect(asked).toHaveLength(3);
});
