import { expect, test } from "vitest";
import { updateSettings } from "#domains/accounts/index.ts";
import { dispatchBatch } from "#domains/outreach/engine/dispatch.ts";
import { newId } from "#platform/ids.ts";
import { CONNECTIONS } from "#providers/http.ts";
import { enroll, enrollmentsOf, executionsOf, messagesOf, readyWorld, sequenceOf } from "#test/sequences.ts";
import { INBOUND_TOKEN, connectSendgrid, connectTwilio, post, sendgridMail, twilioText, until } from "#test/vendors.ts";
import type { World } from "#test/world.ts";

const DAILY_MAILS = [
  { channel: "EMAIL", value: 0, unit: "HOURS" },
  { channel: "EMAIL", value: 2, unit: "DAYS" },
] as const;

const activeSuppressions = async (world: World) =>
  world.ctx.db
    .selectFrom("suppressions")
    .select(["kind", "value", "reason"])
    .where("liftedAt", "is", null)
    .orderBy("value")
    .execute();

const mail = async (world: World, asked: { from: string; subject: string; text: string; headers?: string }) => {
  const posted = sendgridMail(world, asked, INBOUND_TOKEN);
  const payload = posted.payload.replace(
    "To: hello@maple.example\n",
    `To: hello@maple.example\n${asked.headers ?? ""}`,
  );
  expect(await post(world, { ...posted, payload })).toBe(200);
};

test("a touch that waits for its next try is not sent to an address that was closed meanwhile, though its lead has another by now", async () => {
  const world = await readyWorld();
  const vendor = await connectSendgrid(world);
  vendor.answer(() => ({ status: 500 }));
  const lead = await world.make.lead({ email: "old@example.com" });
  await enroll(world, await sequenceOf(world, [DAILY_MAILS[0]]), lead);
  await world.drain();
  expect(await messagesOf(world)).toMatchObject([{ status: "queued", tries: 1, to: "old@example.com" }]);
  vendor.answer(vendor.accept);
  const changed = await world.request("PATCH", `/leads/${lead.id}`, { body: { email: "new@example.com" } });
  expect(changed.status).toBe(200);
  const closed = await world.request("POST", "/suppressions", { body: { kind: "EMAIL", address: "old@example.com" } });
  expect(closed.status).toBeLessThan(300);
  await world.advance(60 * 24);
  expect(vendor.taken.map(({ to }) => to)).toEqual(["old@example.com"]);
});

test("STOP that answers our mail from another address closes the address that we wrote to as well", async () => {
  const world = await readyWorld();
  const vendor = await connectSendgrid(world);
  const lead = await world.make.lead({ email: "ana@work.example" });
  await enroll(world, await sequenceOf(world, DAILY_MAILS), lead);
  await world.drain();
  const [sent] = await messagesOf(world);
  await mail(world, {
    from: "ana@private.example",
    subject: "Re: Hi Ada",
    text: "STOP",
    headers: `In-Reply-To: <${sent?.id}@maple.example>\n`,
  });
  await world.advance(60 * 24 * 4);
  expect(vendor.taken).toHaveLength(1);
  expect(await activeSuppressions(world)).toMatchObject([
    { value: "ana@private.example", reason: "STOP_REPLY" },
    { value: "ana@work.example", reason: "STOP_REPLY" },
  ]);
  expect(await enrollmentsOf(world)).toMatchObject([{ status: "CANCELLED" }]);
});

test("STOP above the quoted mail that it answers is a STOP", async () => {
  const world = await readyWorld();
  await connectSendgrid(world);
  const lead = await world.make.lead({ email: "ana@work.example" });
  await enroll(world, await sequenceOf(world, DAILY_MAILS), lead);
  await world.drain();
  await mail(world, {
    from: "ana@work.example",
    subject: "Re: Hi Ada",
    text: "Stop\n\nOn Mon, Mar 2, 2026 at 12:00 PM Maple Studio <hello@maple.example> wrote:\n\n> Hello Ada, it is us.\n> \n> Unsubscribe\n",
  });
  await world.drain();
  expect(await activeSuppressions(world)).toMatchObject([{ value: "ana@work.example", reason: "STOP_REPLY" }]);
});

test("a mail program that unsubscribes for its person, and says that a machine wrote it, is heeded", async () => {
  const world = await readyWorld();
  await connectSendgrid(world);
  await world.make.lead({ email: "ana@work.example" });
  await mail(world, {
    from: "ana@work.example",
    subject: "unsubscribe",
    text: "This message was automatically generated.",
    headers: "Auto-Submitted: auto-generated\n",
  });
  await world.drain();
  expect(await activeSuppressions(world)).toMatchObject([{ value: "ana@work.example" }]);
});

test("the unsubscribe link of a mail to a lead who was deleted since still closes the address", async () => {
  const world = await readyWorld();
  const vendor = await connectSendgrid(world);
  const lead = await world.make.lead({ email: "ana@work.example" });
  const sequenceId = await sequenceOf(world, DAILY_MAILS);
  await enroll(world, sequenceId, lead);
  await world.drain();
  const opened = (url: string) => world.app.server.inject({ method: "GET", url });
  const link = /https?:\/\/[^\s"<>]+(\/u\/[^\s"<>\\)]+)/.exec(vendor.taken[0]?.body ?? "")?.[1] ?? "";
  expect((await opened(link)).statusCode).toBe(200);
  expect((await opened(link.replace(world.workspace, `${world.workspace.slice(0, -1)}0`))).statusCode).toBe(404);
  expect((await world.request("DELETE", `/leads/${lead.id}`)).status).toBe(200);
  const answer = await world.app.server.inject({
    method: "POST",
    url: link,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    payload: "List-Unsubscribe=One-Click",
  });
  expect(answer.statusCode).toBe(200);
  expect(await activeSuppressions(world)).toMatchObject([{ value: "ana@work.example", reason: "UNSUBSCRIBE" }]);
});

/** A hundred and forty people whose texts are claimed, while the vendor, who takes 128 at once, has answered none of them. */
async function claimed() {
  const world = await readyWorld();
  await updateSettings(world.ctx, { smsPerMinute: 1_000 });
  const vendor = await connectTwilio(world);
  const { promise: answered, resolve: answerAll } = Promise.withResolvers<void>();
  vendor.answer(async (one, index) => {
    await answered;
    return vendor.accept(one, index);
  });
  const rows = Array.from({ length: CONNECTIONS + 12 }, (_, place) => ({
    phone: `+4915112345${String(place).padStart(3, "0")}`,
    email: `p${place}@example.com`,
    firstName: "Ada",
    country: "DE",
  }));
  expect((await world.request("POST", "/leads/upsert", { body: { rows } })).status).toBe(200);
  const sequenceId = await sequenceOf(world, [
    { channel: "SMS", value: 0, unit: "HOURS" },
    { channel: "EMAIL", value: 2, unit: "DAYS" },
  ]);
  await enroll(world, sequenceId, ...(await world.ctx.db.selectFrom("leads").select("id").execute()));
  const work = dispatchBatch(world.ctx);
  await until(() => vendor.taken.length === CONNECTIONS);
  const waiting = (await messagesOf(world)).filter(({ status }) => status === "queued");
  expect(waiting).toHaveLength(12);
  const goOn = async () => {
    answerAll();
    await work;
  };
  return { world, vendor, sequenceId, waiting, goOn };
}

test("an address that a person closes between claim and hand-over gets nothing, though another channel is left", async () => {
  const { world, vendor, waiting, goOn } = await claimed();
  const [closed] = waiting;
  const body = { kind: "PHONE", address: closed?.to };
  expect((await world.request("POST", "/suppressions", { body })).status).toBe(201);
  await goOn();
  await world.advance(5);
  expect(vendor.taken.filter(({ to }) => to === closed?.to)).toEqual([]);
  expect(vendor.taken).toHaveLength(CONNECTIONS + 11);
  const own = (await executionsOf(world)).filter(({ leadId }) => leadId === closed?.leadId);
  expect(own).toMatchObject([{ status: "SKIPPED" }, { status: "SKIPPED" }]);
});

test("a pause between claim and hand-over holds what no vendor has yet, and the resume lets it go once", async () => {
  const { world, vendor, sequenceId, goOn } = await claimed();
  expect((await world.request("POST", `/sequences/${sequenceId}/pause`, { body: {} })).status).toBeLessThan(300);
  await goOn();
  await world.advance(60 * 3);
  expect(vendor.taken).toHaveLength(CONNECTIONS);
  expect((await world.request("POST", `/sequences/${sequenceId}/resume`, { body: {} })).status).toBeLessThan(300);
  await world.advance(60);
  expect(new Set(vendor.taken.map(({ to }) => to)).size).toBe(CONNECTIONS + 12);
  expect(vendor.taken).toHaveLength(CONNECTIONS + 12);
});

test("a mail that says START, which anybody can write in anybody's name, opens no address", async () => {
  const world = await readyWorld();
  await connectSendgrid(world);
  await world.make.lead({ email: "ana@work.example" });
  await mail(world, { from: "ana@work.example", subject: "Hi", text: "STOP" });
  await mail(world, { from: "ana@work.example", subject: "Start", text: "start" });
  await world.drain();
  expect(await activeSuppressions(world)).toMatchObject([{ value: "ana@work.example", reason: "STOP_REPLY" }]);
});

test("who has become a customer gets the confirmation of their STOP too", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  const lead = await world.make.lead({ phone: "+4915112345678", country: "DE" });
  expect((await world.request("PATCH", `/leads/${lead.id}`, { body: { status: "CONVERTED" } })).status).toBe(200);
  expect(await post(world, twilioText(world, { sid: newId("inb"), from: "+4915112345678", body: "STOP" }))).toBe(200);
  await world.drain();
  expect(vendor.taken).toHaveLength(1);
});
