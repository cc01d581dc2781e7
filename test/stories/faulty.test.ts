import { sql } from "kysely";
import { expect, test } from "vitest";
import { z } from "zod";
import { dispatchBatch } from "#domains/outreach/engine/dispatch.ts";
import { renderMessage } from "#domains/outreach/render/render-message.ts";
import { forEach } from "#platform/loops.ts";
import { enroll, enrollmentsOf, executionsOf, messagesOf, readyWorld, sequenceOf } from "#test/sequences.ts";

const AT_ONCE = { channel: "EMAIL", value: 0, unit: "HOURS" } as const;
/** Too deep for the readers of HTML and Markdown: they call themselves for each level. */
const TOO_DEEP = "<div>".repeat(30_000);

test("a script whose text brings its reader down fails the touches that it makes, and no others of their batch", async () => {
  const world = await readyWorld();
  const [ada, leo] = [await world.make.lead(), await world.make.lead()];
  const faulty = await sequenceOf(world, [{ ...AT_ONCE, content: TOO_DEEP }]);
  const sound = await sequenceOf(world, [AT_ONCE]);
  await enroll(world, faulty, ada);
  await enroll(world, sound, leo);
  await dispatchBatch(world.ctx);
  expect(await messagesOf(world)).toMatchObject([{ leadId: leo.id, status: "sent" }]);
  const failed = (await executionsOf(world)).find(({ leadId }) => leadId === ada.id);
  expect(failed).toMatchObject({ status: "FAILED", result: { reason: expect.stringMatching(/too deep/) } });
});

test("a script whose text brings its reader down is previewed with its fault, and keeps a sequence from being activated", async () => {
  const world = await readyWorld();
  const made = await world.request("POST", "/scripts", {
    body: { name: "Deep", type: "EMAIL", subject: "Hi", content: TOO_DEEP, format: "html" },
  });
  expect(made.status).toBe(201);
  const shown = z.object({ id: z.string() });
  const { id } = shown.parse(made.body);
  const lead = await world.make.lead();
  const draft = { type: "EMAIL", subject: "Hi", content: TOO_DEEP, format: "html", leadId: lead.id };
  const preview = await world.request("POST", "/scripts/preview", { body: draft });
  expect([preview.status, preview.text]).toEqual([200, expect.stringMatching(/too deep/)]);
  const sequence = await world.request("POST", "/sequences", { body: { name: "Deep", triggerType: "manual" } });
  const { id: sequenceId } = shown.parse(sequence.body);
  const steps = [{ channel: "EMAIL", scriptId: id, delayValue: 0, delayUnit: "HOURS" }];
  expect((await world.request("PUT", `/sequences/${sequenceId}/steps`, { body: { steps } })).status).toBe(200);
  const refused = await world.request("POST", `/sequences/${sequenceId}/activate`, { body: {} });
  expect(refused.status).toBe(422);
  expect(refused.text).toMatch(/too deep/);
});

test("an execution that cannot be judged is set aside with its reason, and the others of its batch go out", async () => {
  const world = await readyWorld();
  const [ada, leo] = [await world.make.lead(), await world.make.lead()];
  const faulty = await sequenceOf(world, [AT_ONCE]);
  const sound = await sequenceOf(world, [AT_ONCE]);
  await enroll(world, faulty, ada);
  await enroll(world, sound, leo);
  await sql`update retention_sequences set settings = '{"ofALaterVersion": true}' where id = ${faulty}`.execute(
    world.ctx.db,
  );
  await dispatchBatch(world.ctx);
  expect(await messagesOf(world)).toMatchObject([{ leadId: leo.id, status: "sent" }]);
  expect((await executionsOf(world)).find(({ leadId }) => leadId === ada.id)).toMatchObject({ status: "FAILED" });
  expect((await enrollmentsOf(world)).find(({ leadId }) => leadId === ada.id)).toMatchObject({ status: "CANCELLED" });
});

test("a hundred thousand blanks in what a stranger typed into a form do not hold up the process", () => {
  const blanks = `a${" ".repeat(100_000)}b`;
  const place = {
    sender: { name: "Maple", email: "hello@maple.example" },
    workspace: { name: "Maple", postalAddress: "1 Main Street" },
    campaign: null,
    links: { unsubscribeUrl: "https://maple.example/u/1" },
  };
  const script = { type: "EMAIL", subject: "Hi", content: "{{ custom.words }}", format: "markdown" } as const;
  const outcome = renderMessage({
    script,
    lead: { firstName: "A", lastName: "", custom: { words: blanks } },
    ...place,
  });
  expect(outcome).toMatchObject({ ok: true });
}, 3_000);

test("a workspace whose work fails or hangs keeps no other from its turn", async () => {
  const { promise: hung, resolve } = Promise.withResolvers<void>();
  const done: string[] = [];
  const turn = forEach(["hangs", "fails", "first", "last"], 2, async (id) => {
    if (id === "hangs") await hung;
    if (id === "fails") throw new Error("it fails");
    done.push(id);
    if (id === "last") resolve();
    return id === "first";
  });
  await expect(turn).rejects.toThrow("it fails");
  expect(done).toEqual(["first", "last", "hangs"]);
});
