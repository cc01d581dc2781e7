import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newId } from "#platform/ids.ts";
import { temporaryDir } from "#test/processes.ts";
import { enroll, messagesOf, readyWorld, sequenceOf } from "#test/sequences.ts";
import type { World } from "#test/world.ts";
import { createRecorder, recorderOf } from "./recorder.ts";
import { spool, spoolDir } from "./spool.ts";

/** A world with a message that was sent and four clicks on it, and where such are put on the disk. */
async function place() {
  const DATA_DIR = await temporaryDir();
  const world = await readyWorld({ env: { DATA_DIR } });
  const sequence = await sequenceOf(world, [{ channel: "EMAIL", value: 0, unit: "HOURS" }]);
  await enroll(world, sequence, await world.make.lead());
  await world.drain();
  const [message] = await messagesOf(world);
  const clickAt = (url: string) => ({
    workspaceId: world.workspace,
    engagement: {
      id: newId("eng"),
      messageId: message?.id ?? "",
      kind: "CLICK" as const,
      at: world.clock.now(),
      url,
      source: "tracking",
      botReason: null,
      userAgent: null,
    },
  });
  const clicks = [
    clickAt("https://one.example/"),
    clickAt("https://two.example/"),
    clickAt("https://three.example/"),
    clickAt("https://four.example/"),
  ] as const;
  return { world, dir: spoolDir(DATA_DIR), clicks };
}

/** Where the clicks of the workspace led, in the order in which they came. */
const seen = async ({ ctx }: World) =>
  (await ctx.db.selectFrom("engagements").select("url").orderBy("id").execute()).map(({ url }) => url);

const away = () => Object.assign(new Error("terminating connection"), { code: "57P01" });

test("what is on the disk and what has just come are written once each, whoever takes it up", async () => {
  const { world, dir, clicks } = await place();
  const [one, two, three, four] = clicks;
  await spool(dir, [one, two]);
  await spool(dir, [two, three]);
  await writeFile(join(dir, "eng_torn.jsonl"), "{\n");
  await writeFile(join(dir, "eng_begun.jsonl.part"), JSON.stringify(four));
  const recorder = recorderOf(world.runtime);
  await Promise.all([recorder.add(four), recorder.takeUp(), recorder.takeUp()]);
  await recorder.written();
  expect(await seen(world)).toEqual(clicks.map(({ engagement }) => engagement.url));
  expect(await readdir(dir)).toEqual(["eng_begun.jsonl.part"]);
});

test("a click that memory has no room for any more while it is put on the disk stays there, and the next start writes it", async () => {
  const { world, dir, clicks } = await place();
  const [one, two, three, four] = clicks;
  const real = { ...world.runtime };
  const recorder = createRecorder(world.runtime, { mostWaiting: 3 });
  let filling: NodeJS.Immediate | null = null;
  Object.assign(world.runtime, {
    contextFor: () => {
      // By then the first three are on their way to the disk, which takes several turns.
      filling ??= setImmediate(() => void recorder.add(four));
      throw away();
    },
  });
  for (const click of [one, two, three]) void recorder.add(click);
  await recorder.written();
  Object.assign(world.runtime, real);
  await recorder.written();
  const all = clicks.map(({ engagement }) => engagement.url);
  expect(await seen(world)).toEqual(all.slice(1));

  const next = createRecorder(world.runtime);
  await next.takeUp();
  expect(await seen(world)).toEqual(all);
  expect(await readdir(dir)).toEqual([]);
});

test("a click that cannot be written down keeps none of the others from it, and a batch that broke off is written once", async () => {
  const { world, clicks } = await place();
  const [one, two, three, four] = clicks;
  const recorder = recorderOf(world.runtime);
  // Of two workspaces the second one's write breaks off: the first one's is there already.
  const real = { ...world.runtime };
  let breaks = 1;
  Object.assign(world.runtime, {
    contextFor: (...asked: Parameters<typeof real.contextFor>) => {
      if (asked[0] === "ws_other" && breaks-- > 0) throw away();
      return real.contextFor(...asked);
    },
  });
  // Taken by itself at once; the next three wait for it and are one batch.
  void recorder.add(one);
  void recorder.add(two);
  void recorder.add({ ...three, workspaceId: "ws_other" });
  void recorder.add({ ...three, engagement: { ...three.engagement, url: "https://never.example/\0" } });
  await recorder.written();
  await recorder.written();
  await recorder.add(four);
  expect(await seen(world)).toEqual([one, two, four].map(({ engagement }) => engagement.url));
});
