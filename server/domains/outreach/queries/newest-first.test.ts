import { expect, test } from "vitest";
import { z } from "zod";
import { testWorld } from "#test/world.ts";

const page = z.object({ data: z.array(z.object({ name: z.string() })), next_cursor: z.string().nullable() });

test.for([
  ["/scripts", { type: "SMS", content: "Hi" }],
  ["/sequences", { triggerType: "manual" }],
  ["/campaigns", {}],
] as const)("%s are listed newest first, page by page, and found by a part of the name", async ([path, fields]) => {
  const world = await testWorld();
  // Two of one moment: no page repeats or loses one of them.
  for (const name of ["First", "Second", "100% SURE", "Fourth"]) {
    const made = await world.request("POST", path, { body: { name, ...fields } });
    expect(made.status, made.text).toBe(201);
    if (name !== "Second") await world.advance(1);
  }
  const read = async (query: string) => page.parse((await world.request("GET", `${path}?${query}`)).body);
  const names: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const { data, next_cursor } = await read(`limit=1${cursor && `&cursor=${cursor}`}`);
    names.push(...data.map(({ name }) => name));
    cursor = next_cursor;
  }
  expect(names).toHaveLength(4);
  expect([names[0], names.slice(1, 3).toSorted(), names[3]]).toEqual(["Fourth", ["100% SURE", "Second"], "First"]);
  const found = async (part: string) => (await read(`search=${encodeURIComponent(part)}`)).data.map(({ name }) => name);
  expect(await found(" sure ")).toEqual(["100% SURE"]);
  expect(await found("0%")).toEqual(["100% SURE"]);
  expect(await found("F%h")).toEqual([]);
});
