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
  return { runs, work };
}

/** Lets everything happen that waits for nothing but promises. */
const settle = () => new Promise<void>((done) => setImmediate(done));

test("many who ask at once share two runs: the one under way and one after it", async () => {
  const { runs, work } = handWork();
  const ask = coalesce(work);
  const answers = Promise.all(Array.from({ length: 50 }, () => ask("ws")));
  await settle();
  expect(runs).toHaveLength(1);
  runs[0]?.end();
  await settle();
  expect(runs).toHaveLength(2);
  runs[1]?.end();
  await answers;
  await settle();
  expect(runs).toHaveLength(2);
});

test("one key does not wait for another", async () => {
  const { runs, work } = handWork();
  const ask = coalesce(work);
  void ask("one");
  void ask("other");
  await settle();
  expect(runs.map(({ key }) => key)).toEqual(["one", "other"]);
});

test("a run that fails fails those who share it, and the next one still runs", async () => {
  const { runs, work } = handWork();
  const ask = coalesce(work);
  const first = ask("ws");
  const second = ask("ws");
  runs[0]?.end(new Error("the database is away"));
  await expect(first).rejects.toThrow("the database is away");
  await settle();
  runs[1]?.end();
  await expect(second).resolves.toBeUndefined();
});

test("whoever is answered was answered by a run that began after the question", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom("ask", "end"), { maxLength: 60 }), async (steps) => {
      const { runs, work } = handWork();
      const ask = coalesce(work);
      let ended = 0;
      const early: number[] = [];
      const asked: Promise<void>[] = [];
      const check = (begunBefore: number) => () => {
        if (ended <= begunBefore) early.push(begunBefore);
      };
      for (const step of steps) {
        const begun = runs.length;
        if (step === "ask") asked.push(ask("ws").then(check(begun)));
        else if (ended < runs.length) runs[ended++]?.end();
        await settle();
      }
      while (ended < runs.length) {
        runs[ended++]?.end();
        await settle();
      }
      await Promise.all(asked);
      expect(early).toEqual([]);
    }),
    { numRuns: 50 },
  );
});
