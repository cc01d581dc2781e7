import * as fc from "fast-check";
import { expect, test } from "vitest";
import { coalesce } from "./coalesce.ts";

/** Work that ends when it is told to, and counts. */
function handWork() {
  const runs: { key: string; end: (error?: Error) => void }[] = [];
  const work = (key: string) =>
    new Promise<void>((done, failed) => {
      runs.push({ key, end: (error) => (error ? failed(error) : done()) });
    });
  const errors: unknown[] = [];
  return { runs, errors, ask: coalesce(work, (error) => errors.push(error)) };
}

/** Lets everything happen that waits for nothing but promises. */
const settle = () => new Promise<void>((done) => setImmediate(done));

test("many who ask at once share two runs: the one under way and one after it, for which nobody waits", async () => {
  const { runs, ask } = handWork();
  const first = ask("ws");
  await Promise.all(Array.from({ length: 50 }, () => ask("ws")));
  expect(runs).toHaveLength(1);
  runs[0]?.end();
  await first;
  await settle();
  expect(runs).toHaveLength(2);
  runs[1]?.end();
  await settle();
  expect(runs).toHaveLength(2);
});

test("one key does not wait for another", async () => {
  const { runs, ask } = handWork();
  void ask("one");
  void ask("other");
  await settle();
  expect(runs.map(({ key }) => key)).toEqual(["one", "other"]);
});

test("a failure is told to whoever waits, else to the one who keeps the log; the next run comes all the same", async () => {
  const { runs, errors, ask } = handWork();
  const first = ask("ws");
  await ask("ws");
  runs[0]?.end(new Error("the database is away"));
  await expect(first).rejects.toThrow("the database is away");
  await settle();
  runs[1]?.end(new Error("still away"));
  await settle();
  expect(errors).toEqual([new Error("still away")]);
  const third = ask("ws");
  runs[2]?.end();
  await expect(third).resolves.toBeUndefined();
});

test("after every question a run begins, whatever happens in between", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom("ask", "end"), { maxLength: 60 }), async (steps) => {
      const { runs, ask } = handWork();
      let ended = 0;
      let begunAtLastQuestion = 0;
      for (const step of steps) {
        if (step === "ask") {
          begunAtLastQuestion = runs.length;
          void ask("ws");
        } else if (ended < runs.length) runs[ended++]?.end();
        await settle();
      }
      while (ended < runs.length) {
        runs[ended++]?.end();
        await settle();
      }
      if (steps.includes("ask")) expect(runs.length).toBeGreaterThan(begunAtLastQuestion);
      expect(runs.length).toBeLessThanOrEqual(steps.length);
    }),
    { numRuns: 50 },
  );
});
