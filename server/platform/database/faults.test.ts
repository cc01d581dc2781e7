import { expect, test } from "vitest";
import { isCollision, isDatabaseAway, isGivenUp } from "./faults.ts";

const withCode = (code: string) => Object.assign(new Error("said by the database"), { code });

test("a database that is away is told from a value or a rule that it refused", () => {
  for (const code of ["08006", "53300", "57P01", "25006", "ECONNREFUSED", "ECONNRESET"])
    expect(isDatabaseAway(withCode(code)), code).toBe(true);
  expect(isDatabaseAway(new Error("Connection terminated unexpectedly"))).toBe(true);
  expect(isDatabaseAway(new Error("timeout exceeded when trying to connect"))).toBe(true);
  for (const error of [withCode("22P02"), withCode("23505"), withCode("40P01"), new Error("x"), null, "08006"])
    expect(isDatabaseAway(error)).toBe(false);
});

test("a deadlock and a failed serialization are collisions, a broken rule is not", () => {
  expect(["40001", "40P01", "23505"].map((code) => isCollision(withCode(code)))).toEqual([true, true, false]);
});

test("a statement that the server gave up is told from a server that goes", () => {
  const codes = ["57014", "55P03", "25P03", "25P04", "57P01", "57P02", "57P03", "08006", "53300", "ECONNREFUSED"];
  expect(codes.map((code) => isGivenUp(withCode(code)))).toEqual(codes.map((_code, place) => place < 4));
});
