import { expect, test } from "vitest";
import { testWorld } from "#test/world.ts";
import { type Loop, drainLoops, startLoops } from "./loops.ts";

const loopOf = (name: string, turn: Loop["turn"], everyMs = 5): Loop => ({ name, everyMs, turn });

test("a loop comes back at once while there is more, and rests when there is not", async () => {
  const { runtime } = await testWorld();
  let left = 5;
  let idle = 0;
  const running = startLoops(runtime, [
    loopOf("test.count-down", async () => {
      if (left === 0) idle++;
      return left > 0 && --left > 0;
    }),
  ]);
  await expect.poll(() => idle).toBeGreaterThan(1);
  expect(left).toBe(0);
  await running.stop();
});

test("one fault does not end a loop, and is told", async () => {
  const { runtime } = await testWorld();
  let turns = 0;
  const running = startLoops(runtime, [
    loopOf("test.stumble", async () => {
      turns++;
      if (turns === 1) throw new Error("stumbled");
      return false;
    }),
  ]);
  await expect.poll(() => running.statuses()[0]?.lastError).toBe("stumbled");
  running.wake();
  await expect.poll(() => turns).toBeGreaterThan(1);
  await expect.poll(() => running.statuses()[0]?.lastError).toBeNull();
  await running.stop();
});

test("stopping waits for the turn under way and begins no other", async () => {
  const { runtime } = await testWorld();
  let finish: () => void = () => undefined;
  let begun = 0;
  let ended = 0;
  const running = startLoops(runtime, [
    loopOf("test.take-long", async () => {
      begun++;
      await new Promise<void>((done) => (finish = done));
      ended++;
      return true;
    }),
  ]);
  await expect.poll(() => begun).toBe(1);
  const stopped = running.stop();
  finish();
  await stopped;
  expect({ begun, ended }).toEqual({ begun: 1, ended: 1 });
});

test("draining ends when no loop finds work, also work that another made for it", async () => {
  const { runtime } = await testWorld();
  let made = 0;
  let done = 0;
  await drainLoops(runtime, [
    loopOf("test.consume", async () => done < made && ++done > 0),
    loopOf("test.produce", async () => made < 3 && ++made > 0),
  ]);
  expect({ made, done }).toEqual({ made: 3, done: 3 });
});

test("a loop that never comes to rest is named instead of hanging the test", async () => {
  const { runtime } = await testWorld();
  await expect(drainLoops(runtime, [loopOf("test.spin", async () => true)])).rejects.toThrow(
    "do not come to rest: test.spin",
  );
});
