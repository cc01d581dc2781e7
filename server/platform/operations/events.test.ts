import { expect, test } from "vitest";
import { z } from "zod";
import { testWorld } from "#test/world.ts";
import { inTransaction } from "../context.ts";
import { defineEvent, emit, emitMany, subscribe } from "../events.ts";
import { defineJob, handleJob } from "../jobs.ts";

const noted = defineEvent("test.note-taken", z.object({ text: z.string() }));
const shelved = defineEvent("test.note-shelved", z.object({ text: z.string() }));
const heard: string[] = [];
const hear = defineJob("test.hear-note", z.object({ text: z.string() }));
handleJob(hear, async (_ctx, { text }) => void heard.push(text));
subscribe(noted, hear, ({ text }) => text !== "unimportant");

const pageSchema = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      actor: z.object({ kind: z.string(), id: z.string().nullable() }),
      payload: z.record(z.string(), z.unknown()),
    }),
  ),
  next_cursor: z.string().nullable(),
});

test("events are read newest first, page by page, each once", async () => {
  const world = await testWorld();
  // A thousand at one instant: only their ids keep them in order.
  await inTransaction(world.ctx, (tx) =>
    emitMany(
      tx,
      shelved,
      Array.from({ length: 25 }, (_none, at) => ({ payload: { text: String(at) } })),
    ),
  );
  const seen: unknown[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const reply = await world.request("GET", `/events?type=test.note-shelved&limit=10${cursor && `&cursor=${cursor}`}`);
    const page = pageSchema.parse(reply.body);
    seen.push(...page.data.map((event) => event.payload["text"]));
    cursor = page.next_cursor;
  }
  expect(seen).toEqual(Array.from({ length: 25 }, (_none, at) => String(24 - at)));
});

test("the log is narrowed by type, lead and subject", async () => {
  const world = await testWorld();
  await emit(world.ctx, noted, { text: "a" }, { leadId: "lead_1", subjectId: "note_1" });
  await emit(world.ctx, shelved, { text: "b" }, { leadId: "lead_2" });
  const texts = async (query: string) =>
    pageSchema.parse((await world.request("GET", `/events?${query}`)).body).data.map((event) => event.payload["text"]);
  expect(await texts("leadId=lead_1")).toEqual(["a"]);
  expect(await texts("subjectId=note_1")).toEqual(["a"]);
  expect(await texts("type=test.note-shelved,test.note-taken")).toEqual(["b", "a"]);
});

test("an event names who did it, and queues the jobs of those who want it", async () => {
  const world = await testWorld();
  await emit(world.ctx, noted, { text: "heard" });
  await emit(world.ctx, noted, { text: "unimportant" });
  await world.drain();
  expect(heard).toContain("heard");
  expect(heard).not.toContain("unimportant");
  const { data } = pageSchema.parse((await world.request("GET", "/events?type=test.note-taken")).body);
  expect(data[0]?.actor).toEqual({ kind: "user", id: world.owner.id });
});

test("the log cannot be rewritten by anything that serves requests", async () => {
  const world = await testWorld();
  await emit(world.ctx, noted, { text: "a" });
  await expect(world.ctx.db.deleteFrom("events").execute()).rejects.toThrow("permission denied");
  await expect(world.ctx.db.updateTable("events").set({ type: "x" }).execute()).rejects.toThrow("permission denied");
});

test("a filter that names no type is no filter", async () => {
  const world = await testWorld();
  for (const type of ["", ",", ",,"])
    expect(await world.request("GET", `/events?type=${type}`)).toMatchObject({ status: 200 });
});
