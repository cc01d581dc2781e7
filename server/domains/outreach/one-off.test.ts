import { expect, test } from "vitest";
import { updateSettings } from "#domains/accounts/index.ts";
import { suppress } from "#domains/leads/index.ts";
import { createScript } from "./commands/create-script.ts";
import { sendOneOff } from "./commands/send-one-off.ts";
import { oneOffFaults, oneOffSchema } from "./contract/one-off.ts";
import { sendingWorld } from "./test-sequences.ts";

// The world begins at seven in the morning of the leads: their hours open at nine.
const text = (more: object = {}) => oneOffSchema.parse({ channel: "SMS", content: "Hi {{ firstName }}", ...more });
const letter = (more: object = {}) =>
  oneOffSchema.parse({ channel: "EMAIL", subject: "Hi", content: "Hello {{ firstName }}", ...more });
const overrule = (...checks: string[]) => ({ override: { checks, reason: "They asked me to write now" } });

test("a message by hand outside the lead's hours says when it may go, and writes nothing; left to the queue it goes out then", async () => {
  const world = await sendingWorld();
  const lead = await world.make.lead();
  expect(await sendOneOff(world.ctx, lead.id, text())).toMatchObject({
    kind: "waits",
    messageId: null,
    until: "2026-03-02T14:00:00.000Z",
  });
  expect(await world.ctx.db.selectFrom("messages").select("id").execute()).toEqual([]);
  const queued = await sendOneOff(world.ctx, lead.id, text({ whenAllowed: true }));
  expect(queued).toMatchObject({ kind: "queued", messageId: expect.any(String) });
  await world.advance(119);
  expect(await world.sandbox.sms()).toEqual([]);
  await world.advance(2);
  expect(await world.sandbox.sms()).toMatchObject([{ text: "Hi Ada", to: lead.phone, messageId: queued.messageId }]);
});

test("a person with the permission overrules the hours and the caps with a reason, which is kept; nobody without it does", async () => {
  const world = await sendingWorld();
  await updateSettings(world.ctx, { capPerChannelPerDay: 1 });
  const lead = await world.make.lead();
  const sent = await sendOneOff(world.ctx, lead.id, letter(overrule("window")));
  expect(sent).toMatchObject({ kind: "sent" });
  expect(sent.checks.find(({ check }) => check === "window")?.detail).toContain("They asked me to write now");
  expect(await sendOneOff(world.ctx, lead.id, letter(overrule("window")))).toMatchObject({
    kind: "waits",
    reason: expect.stringContaining("1 per channel a day"),
  });
  expect(await sendOneOff(world.ctx, lead.id, letter(overrule("window", "caps")))).toMatchObject({ kind: "sent" });
  expect(await world.sandbox.emails()).toHaveLength(2);
  const wish = { channel: "EMAIL", subject: "Hi", content: "Hello", ...overrule("window") };
  const refused = await world.request("POST", `/api/v1/leads/${lead.id}/messages`, { body: wish, as: "MEMBER" });
  expect(refused.status).toBe(403);
});

test("neither a suppression nor the legal hours of a channel can be overruled", async () => {
  const world = await sendingWorld();
  const [closed, early] = [await world.make.lead(), await world.make.lead({ country: "US" })];
  await suppress(world.ctx, { kind: "PHONE", value: closed.phone ?? "", reason: "MANUAL" });
  const all = overrule("status", "conditions", "caps", "window");
  expect(await sendOneOff(world.ctx, closed.id, text(all))).toMatchObject({
    kind: "refused",
    reason: expect.stringContaining("suppressed"),
  });
  // Seven in the morning: texts to the United States begin at eight.
  expect(await sendOneOff(world.ctx, early.id, text(all))).toMatchObject({
    kind: "waits",
    until: "2026-03-02T13:00:00.000Z",
  });
  expect(oneOffSchema.safeParse({ ...text(), ...overrule("suppression") }).success).toBe(false);
  expect(await world.sandbox.sent()).toEqual([]);
});

test("an override stays with a message that waits in the queue", async () => {
  const world = await sendingWorld();
  await updateSettings(world.ctx, { capPerChannelPerDay: 1 });
  const lead = await world.make.lead();
  await sendOneOff(world.ctx, lead.id, letter(overrule("window")));
  const second = letter({ ...overrule("caps"), whenAllowed: true });
  expect(await sendOneOff(world.ctx, lead.id, second)).toMatchObject({ kind: "queued" });
  await world.advance(121);
  expect(await world.sandbox.emails()).toHaveLength(2);
});

test("a script is sent as it stands, under its version, and one that lacks a value is not", async () => {
  const world = await sendingWorld();
  const lead = await world.make.lead({ company: undefined });
  const script = { name: "Letter", type: "EMAIL" as const, subject: "Hello", content: "To {{ company }}" };
  const scriptId = await createScript(world.ctx, script);
  await world.advance(180);
  const wish = oneOffSchema.parse({ channel: "EMAIL", scriptId });
  expect(await sendOneOff(world.ctx, lead.id, wish)).toMatchObject({
    kind: "failed",
    reason: expect.stringContaining("company"),
  });
  const named = await world.make.lead({ company: "Maple" });
  const sent = await sendOneOff(world.ctx, named.id, wish);
  expect(sent).toMatchObject({ kind: "sent" });
  const row = await world.ctx.db
    .selectFrom("messages")
    .select(["purpose", "scriptId", "scriptVersionId", "headers"])
    .where("id", "=", sent.messageId ?? "")
    .executeTakeFirstOrThrow();
  expect(row).toMatchObject({ purpose: "one_off", scriptId, scriptVersionId: expect.any(String) });
  expect(Object.keys(row.headers)).toContain("List-Unsubscribe-Post");
});

test("a call needs a script, an e-mail a subject, and words of one's own do not go with a script", () => {
  const faults = (wish: object) => oneOffFaults(oneOffSchema.parse(wish)).map(({ pointer }) => pointer);
  expect(faults({ channel: "CALL", content: "Hi" })).toEqual(["/scriptId"]);
  expect(faults({ channel: "EMAIL" })).toEqual(["/subject", "/content"]);
  expect(faults({ channel: "SMS", content: "Hi", scriptId: "scr_1" })).toEqual(["/content"]);
  expect(faults({ channel: "CALL", scriptId: "scr_1" })).toEqual([]);
});
