import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { API_PREFIX, type Operation, listOperations } from "#platform/http/operations.ts";
import { PROBLEM_TYPE } from "#platform/http/problem-reply.ts";
import { contract } from "#server/contract.ts";
import { fillPath, parametersOf, sampleInput } from "./sample.ts";
import { type World, testWorld } from "./world.ts";

/** What people, programs and attackers send: none of it may be answered with a 500. */
const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.1,
  1e308,
  Number.MAX_SAFE_INTEGER + 1,
  "",
  " ",
  "\0",
  "a\0b",
  "\ud800",
  "👩🏽‍🚀 مرحبا \u202e abc",
  "'; drop table leads; --",
  "{{ firstName | evil }}",
  "x".repeat(100_000),
  [],
  [null],
  {},
  { $gt: "" },
  { constructor: { prototype: { polluted: true } } },
  "2026-13-45T99:99:99Z",
  "__proto__",
];

const odd = fc.constantFrom(...ODD_VALUES);
const operations = listOperations(contract);
let world: World;
beforeAll(async () => {
  world = await testWorld();
});

/** The sample with some of its fields, or fields that the schema knows but did not ask for, made odd. */
function oddInput(operation: Operation): fc.Arbitrary<unknown> {
  const sample = sampleInput(operation);
  const schema = operation.procedure["~orpc"].inputSchema;
  const shape: unknown = schema && "shape" in schema ? schema.shape : {};
  const keys = [...new Set([...Object.keys(sample), ...Object.keys(typeof shape === "object" && shape ? shape : {})])];
  const changed = fc.dictionary(keys.length > 0 ? fc.constantFrom(...keys) : fc.constant("x"), odd, { maxKeys: 3 });
  return fc.oneof(
    odd,
    changed.map((changes) => ({ ...sample, ...changes })),
  );
}

const asQuery = (input: unknown): string => {
  if (typeof input !== "object" || input === null) return `?x=${encodeURIComponent(JSON.stringify(input))}`;
  const pairs = Object.entries(input).map(([key, value]): [string, string] => [
    key,
    typeof value === "string" ? value.toWellFormed() : JSON.stringify(value),
  ]);
  return `?${new URLSearchParams(pairs).toString()}`;
};

test.for(operations.map((operation) => [`${operation.method} ${operation.path}`, operation] as const))(
  "%s answers whatever it is sent with a problem document, never with a 500",
  async ([, operation]) => {
    const parameter = fc.constantFrom(
      "x",
      "lead_01h455vb4pex5vsknk084sn02q",
      "%00",
      "..%2f..%2fetc",
      "💥",
      "a".repeat(400),
    );
    await fc.assert(
      fc.asyncProperty(
        oddInput(operation),
        fc.array(parameter, { minLength: 4, maxLength: 4 }),
        async (input, values) => {
          const names = parametersOf(operation);
          const path = fillPath(operation, (name) => values[names.indexOf(name)] ?? "x");
          const isGet = operation.method === "GET";
          const response = await world.app.server.inject({
            method: operation.method,
            url: API_PREFIX + path + (isGet ? asQuery(input) : ""),
            headers: {
              cookie: await world.cookieOf("ADMIN"),
              ...(isGet ? {} : { "content-type": "application/json" }),
            },
            payload: isGet ? undefined : JSON.stringify(input),
          });
          expect(response.statusCode, response.body).toBeLessThan(500);
          if (response.statusCode >= 400) expect(response.headers["content-type"]).toContain(PROBLEM_TYPE);
        },
      ),
      { numRuns: 25 },
    );
  },
);
