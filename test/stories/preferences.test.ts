import { expect, test } from "vitest";
import { suppress } from "#domains/leads/index.ts";
import {
  countEvents,
  enroll,
  enrollmentsOf,
  executionsOf,
  messagesOf,
  readyWorld,
  sequenceOf,
} from "#test/sequences.ts";
import type { World } from "#test/world.ts";

const MORNING = new Date("2026-03-02T15:00:00Z");

async function written(channel: "EMAIL" | "SMS" = "EMAIL") {
  const world = await readyWorld({ start: MORNING });
  const lead = await world.make.lead();
  const content = channel === "SMS" ? "Hi, no more? {{ unsubscribeUrl }}" : undefined;
  const steps = [
    { channel, value: 0, unit: "HOURS" as const, content },
    { channel: "SMS" as const, value: 2, unit: "DAYS" as const },
    { channel: "EMAIL" as const, value: 4, unit: "DAYS" as const },
  ];
  await enroll(world, await sequenceOf(world, steps), lead);
  await world.drain();
  const [message] = await messagesOf(world);
  const path = /\/u\/([\w.~-]+)/.exec(message?.text ?? "")?.[1] ?? "";
  return { world, lead, token: path };
}

const page = (world: World, token: string) => world.app.server.inject({ method: "GET", url: `/u/${token}` });

const choose = (world: World, token: string, ...channels: string[]) =>
  world.app.server.inject({
    method: "POST",
    url: `/u/${token}/preferences`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    payload: channels.map((channel) => `channel=${channel}`).join("&"),
  });

const active = ({ ctx }: World) =>
  ctx.db
    .selectFrom("suppressions")
    .select(["kind", "scope", "reason"])
    .where("liftedAt", "is", null)
    .orderBy("kind")
    .orderBy("scope")
    .execute();

const ticked = (html: string) => [...html.matchAll(/value="(\w+)" checked/g)].map(([, channel = ""]) => channel);

test("a person turns off one channel and keeps the others: that channel is skipped, the rest of the sequence goes on", async () => {
  const { world, token } = await written();
  const before = await page(world, token);
  expect(before).toMatchObject({ statusCode: 200, headers: { "cache-control": "no-store" } });
  expect(ticked(before.body).toSorted()).toEqual(["CALL", "EMAIL", "SMS"]);
  expect(before.body).toContain("Maple Studio");
  const reply = await choose(world, token, "EMAIL", "CALL");
  expect(reply).toMatchObject({ statusCode: 303, headers: { location: `/u/${token}?saved` } });
  expect(await active(world)).toEqual([{ kind: "PHONE", scope: "SMS", reason: "UNSUBSCRIBE" }]);
  expect(ticked((await page(world, token)).body).toSorted()).toEqual(["CALL", "EMAIL"]);
  await world.advance(60 * 24 * 10);
  expect((await messagesOf(world)).map(({ channel }) => channel)).toEqual(["EMAIL", "EMAIL"]);
  expect((await executionsOf(world)).map(({ status }) => status)).toEqual(["SENT", "SKIPPED", "SENT"]);
});

test("who wants nothing any more leaves every sequence at once", async () => {
  const { world, token } = await written();
  // What the page's own button posts: no channel at all.
  expect((await page(world, token)).body).toContain(
    `action="/u/${token}/preferences"><button type="submit">Unsubscribe`,
  );
  await choose(world, token);
  expect(await enrollmentsOf(world)).toMatchObject([{ status: "CANCELLED" }]);
  expect(await active(world)).toEqual([
    { kind: "EMAIL", scope: "ALL", reason: "UNSUBSCRIBE" },
    { kind: "PHONE", scope: "ALL", reason: "UNSUBSCRIBE" },
  ]);
});

test("who unsubscribed by their link may take it back on its page, with an event; what another cause closed stays closed", async () => {
  const { world, lead, token } = await written();
  await world.app.server.inject({ method: "POST", url: `/u/${token}`, payload: "List-Unsubscribe=One-Click" });
  expect(ticked((await page(world, token)).body).toSorted()).toEqual(["CALL", "SMS"]);
  await choose(world, token, "EMAIL", "SMS", "CALL");
  expect(await active(world)).toEqual([]);
  expect(await countEvents(world, "leads.suppression-lifted")).toBe(1);

  await suppress(world.ctx, { kind: "EMAIL", value: lead.email ?? "", reason: "COMPLAINT" });
  await suppress(world.ctx, {
    kind: "EMAIL",
    value: lead.email ?? "",
    reason: "UNSUBSCRIBE",
    evidence: "unsubscribed at the vendor",
  });
  expect((await page(world, token)).body).toMatch(/value="EMAIL" disabled/);
  await choose(world, token, "EMAIL", "SMS", "CALL");
  expect((await active(world)).map(({ reason }) => reason).toSorted()).toEqual(["COMPLAINT", "UNSUBSCRIBE"]);
});

test("the holder of a mail's link closes the lead's phone, and cannot open it again", async () => {
  const { world, token } = await written();
  await choose(world, token, "EMAIL");
  await choose(world, token, "EMAIL", "SMS", "CALL");
  expect((await active(world)).map(({ scope }) => scope)).toEqual(["CALL", "SMS"]);
});

test("the link of a text chooses among texts and calls, and takes its own no back", async () => {
  const { world, token } = await written("SMS");
  await choose(world, token, "EMAIL", "SMS");
  expect(await active(world)).toEqual([{ kind: "PHONE", scope: "CALL", reason: "UNSUBSCRIBE" }]);
  await choose(world, token, "EMAIL", "SMS", "CALL");
  expect(await active(world)).toEqual([]);
});

test("the link of a preview or a test opts nobody out and says so, and any other text is no link of ours", async () => {
  const { world, token } = await written();
  expect((await page(world, "preview")).body).toContain("This was a test");
  expect((await choose(world, "preview")).statusCode).toBe(404);
  expect((await page(world, `${token}x`)).statusCode).toBe(404);
  expect((await choose(world, `${token}x`, "EMAIL")).statusCode).toBe(404);
  expect(await active(world)).toEqual([]);
});
