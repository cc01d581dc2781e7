import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fieldOf, ProblemError, problemOf, readProblem, sortFaults, UNREACHABLE, type Problem } from "./problem.ts";

const problem: Problem = {
  type: "/problems/invalid-request",
  code: "invalid-request",
  status: 422,
  title: "The request has faults",
  request_id: "req_1",
};

describe("what was thrown becomes a problem", () => {
  test("the API's own problem stays as it is", () => {
    expect(problemOf(new ProblemError(problem))).toBe(problem);
  });

  test("no answer at all says that nothing was saved", () => {
    const found = problemOf(new TypeError("Failed to fetch"));
    expect(found.code).toBe(UNREACHABLE);
    expect(found.detail).toContain("Nothing was saved");
  });

  test("a bug of the page keeps its message and has no status of the server", () => {
    expect(problemOf(new RangeError("out of range"))).toMatchObject({ status: 0, detail: "out of range" });
  });

  test("an answer that is no problem document still tells its status and request", async () => {
    const answer = new Response("<h1>Bad gateway</h1>", { status: 502, headers: { "x-request-id": "req_2" } });
    expect(await readProblem(answer)).toMatchObject({
      status: 502,
      title: "The server could not answer",
      request_id: "req_2",
    });
    expect(await readProblem(Response.json(problem, { status: 422 }))).toEqual(problem);
  });
});

describe("faults find their fields", () => {
  test("a pointer becomes the path of a form field", () => {
    expect(fieldOf("/steps/0/body")).toBe("steps.0.body");
    expect(fieldOf("#/a~1b/c~0d")).toBe("a/b.c~d");
    expect(fieldOf("")).toBe("");
    expect(fieldOf("/100%")).toBe("100%");
  });

  test("a fault inside a value lands on the field that shows the value", () => {
    const errors = [
      { pointer: "/sendWindow/end", detail: "Too early." },
      { pointer: "/name", detail: "Too short." },
      { pointer: "/name", detail: "Taken." },
      { pointer: "/names", detail: "Unknown." },
      { pointer: "", detail: "Contradictory." },
    ];
    const { byField, rest } = sortFaults({ ...problem, errors }, ["name", "sendWindow"]);
    expect([...byField]).toEqual([
      ["sendWindow", "Too early."],
      ["name", "Too short. Taken."],
    ]);
    expect(rest).toEqual(["names: Unknown.", "Contradictory."]);
  });

  test("a fault of a value that is sent inside of an object finds the field that shows it, one in a list does not", () => {
    const errors = [
      { pointer: "/settings/redirectUrl", detail: "No address." },
      { pointer: "/settings/origins/1", detail: "No page." },
      { pointer: "/settings/fields/0/name", detail: "Unknown." },
    ];
    const { byField, rest } = sortFaults({ ...problem, errors }, ["name", "redirectUrl", "origins"]);
    expect([...byField]).toEqual([
      ["redirectUrl", "No address."],
      ["origins", "No page."],
    ]);
    expect(rest).toEqual(["settings.fields.0.name: Unknown."]);
  });

  test("no fault disappears, whichever fields the form shows", () => {
    const name = fc.constantFrom("a", "b", "c", "d");
    const fault = fc.record({
      pointer: fc.array(name, { maxLength: 3 }).map((path) => path.map((part) => `/${part}`).join("")),
      detail: fc.uuid(),
    });
    fc.assert(
      fc.property(fc.array(fault), fc.uniqueArray(name), (errors, fields) => {
        const { byField, rest } = sortFaults({ ...problem, errors }, fields);
        const shown = [...byField.values(), ...rest].join("\n");
        for (const { detail } of errors) expect(shown).toContain(detail);
        for (const field of byField.keys()) expect(fields).toContain(field);
      }),
    );
  });
});
