import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Candidate, chooseSender } from "./choose-sender.ts";

const candidate = (id: string, rest: Partial<Candidate> = {}): Candidate => ({
  id,
  takesNew: true,
  isHeld: false,
  dayLimit: 20,
  dayLeft: 20,
  minuteLeft: 20,
  lastUsedAt: 0,
  ...rest,
});

/** Sends one after the other, as a batch does: each choice takes a place. */
function sendAll(pool: Candidate[], threads: readonly (string | null)[]) {
  const sent = new Map<string, number>();
  const choices = threads.map((sticky, at) => {
    const choice = chooseSender(pool, sticky);
    const chosen = choice.kind === "sender" ? pool.find(({ id }) => id === choice.id) : undefined;
    if (chosen) {
      chosen.dayLeft -= 1;
      chosen.minuteLeft -= 1;
      chosen.lastUsedAt = at;
      sent.set(chosen.id, (sent.get(chosen.id) ?? 0) + 1);
    }
    return choice;
  });
  return { sent, choices };
}

const IDS = ["snd_a", "snd_b", "snd_c", "snd_d"];
const pools = fc
  .array(
    fc.record({
      takesNew: fc.boolean(),
      isHeld: fc.boolean(),
      dayLimit: fc.integer({ min: 1, max: 30 }),
      used: fc.integer({ min: 0, max: 35 }),
      minuteLeft: fc.integer({ min: -2, max: 10 }),
    }),
    { minLength: 1, maxLength: IDS.length },
  )
  .map((all) =>
    all.map(({ used, ...rest }, place) => candidate(IDS[place] ?? "", { ...rest, dayLeft: rest.dayLimit - used })),
  );
const threads = fc.array(fc.option(fc.constantFrom(...IDS)), { maxLength: 80 });

describe("the choice of a sender", () => {
  test("no sender ever gets more than it has left of its day and of its minute, and one that is paused gets nothing", () => {
    fc.assert(
      fc.property(pools, threads, (pool, wanted) => {
        const before = pool.map((one) => ({ ...one }));
        const { sent } = sendAll(pool, wanted);
        for (const { id, dayLeft, minuteLeft, isHeld } of before)
          expect(sent.get(id) ?? 0).toBeLessThanOrEqual(isHeld ? 0 : Math.max(0, Math.min(dayLeft, minuteLeft)));
      }),
    );
  });

  test("a thread goes on from its own sender or waits for it, whatever the others have left", () => {
    fc.assert(
      fc.property(pools, threads, (pool, wanted) => {
        const known = new Set(pool.map(({ id }) => id));
        const { choices } = sendAll(pool, wanted);
        for (const [place, sticky] of wanted.entries())
          if (sticky !== null && known.has(sticky)) expect(choices[place]).toMatchObject({ id: sticky });
      }),
    );
  });

  test("new threads go to all in turn: senders of the same limit stay within one of each other", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 90 }), (count, wanted) => {
        const pool = IDS.slice(0, count).map((id) => candidate(id, { dayLimit: 25, dayLeft: 25, minuteLeft: 100 }));
        const { sent } = sendAll(
          pool,
          Array.from({ length: wanted }, () => null),
        );
        const counts = pool.map(({ id }) => sent.get(id) ?? 0);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        expect(counts.reduce((sum, one) => sum + one, 0)).toBe(Math.min(wanted, count * 25));
      }),
    );
  });

  test("senders of different limits share by their limits", () => {
    const pool = [candidate("snd_a", { dayLimit: 100, dayLeft: 100, minuteLeft: 200 }), candidate("snd_b")];
    expect([
      ...sendAll(
        pool,
        Array.from({ length: 60 }, () => null),
      ).sent,
    ]).toEqual([
      ["snd_a", 50],
      ["snd_b", 10],
    ]);
  });

  test("says what is lacking: an open sender, a place today, a place in this minute, the thread's own sender", () => {
    const spent = candidate("snd_a", { dayLeft: 0 });
    expect(chooseSender([], null)).toEqual({ kind: "none", lack: "closed", id: null });
    expect(chooseSender([candidate("snd_a", { takesNew: false })], null)).toMatchObject({ lack: "closed" });
    expect(chooseSender([spent], null)).toMatchObject({ lack: "day", id: null });
    expect(chooseSender([spent, candidate("snd_b", { minuteLeft: 0 })], null)).toMatchObject({ lack: "minute" });
    expect(chooseSender([spent, candidate("snd_b")], "snd_a")).toEqual({ kind: "none", lack: "day", id: "snd_a" });
    expect(chooseSender([candidate("snd_a", { isHeld: true }), candidate("snd_b")], "snd_a")).toEqual({
      kind: "none",
      lack: "held",
      id: "snd_a",
    });
    // One that takes no new threads goes on with its own; one that is gone leaves its threads to the others.
    expect(chooseSender([candidate("snd_a", { takesNew: false })], "snd_a")).toEqual({ kind: "sender", id: "snd_a" });
    expect(chooseSender([candidate("snd_b")], "snd_a")).toEqual({ kind: "sender", id: "snd_b" });
  });
});
