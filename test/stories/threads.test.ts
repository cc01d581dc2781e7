import { SMTPServer } from "smtp-server";
import { expect, onTestFinished, test } from "vitest";
import { connectIntegration } from "#platform/integrations/commands/connect.ts";
import { portOf } from "#providers/test-stub.ts";
import { enroll, executionsOf, messagesOf, readyWorld, sequenceOf } from "#test/sequences.ts";
import { INBOUND_TOKEN, connectSendgrid, connectTwilio, post, sendgridMail } from "#test/vendors.ts";
import type { World } from "#test/world.ts";

const THREE_MAILS = [0, 1, 1].map((value) => ({ channel: "EMAIL", value, unit: "DAYS" }) as const);

const mailsOf = async (world: World) => (await messagesOf(world)).filter(({ channel }) => channel === "EMAIL");

/** A mail server on this machine that keeps what it was given. */
async function mailServer() {
  const received: string[] = [];
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    onData(stream, _session, done) {
      let text = "";
      stream.setEncoding("utf8");
      stream.on("data", (part: string) => (text += part));
      stream.on("end", () => {
        received.push(text);
        done();
      });
    },
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  // Not waited for: the vendor still holds its connections, and closes them with the world.
  onTestFinished(() => server.close(() => undefined));
  return { port: portOf(server.server), received };
}

/** A header of a raw mail, its folded lines joined. */
const headerOf = (mail: string, name: string) =>
  new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)`, "im").exec(mail)?.[1]?.replaceAll(/\r\n[ \t]+/g, " ");

test("a follow-up answers the mails before it: In-Reply-To names the last, References all of the thread, on the wire as well", async () => {
  const world = await readyWorld();
  const { port, received } = await mailServer();
  const credentials = { host: "127.0.0.1", port, fromEmail: "hello@maple.example" };
  await connectIntegration(world.runtime, world.ctx, { provider: "smtp", credentials });
  await enroll(world, await sequenceOf(world, THREE_MAILS), await world.make.lead());
  await world.advance(3 * 24 * 60);
  expect(received).toHaveLength(3);
  const ids = received.map((mail) => headerOf(mail, "Message-ID"));
  expect(ids).toEqual((await mailsOf(world)).map(({ id }) => `<${id}@maple.example>`));
  expect(received.map((mail) => headerOf(mail, "In-Reply-To"))).toEqual([undefined, ids[0], ids[1]]);
  expect(received.map((mail) => headerOf(mail, "References"))).toEqual([undefined, ids[0], `${ids[0]} ${ids[1]}`]);
});

test("in the sandbox too, and neither another enrollment's mails nor one that was refused are part of the thread", async () => {
  const world = await readyWorld();
  const [lead, other] = [await world.make.lead(), await world.make.lead({ email: "bounce@example.com" })];
  const sequence = await sequenceOf(world, THREE_MAILS);
  await enroll(world, sequence, lead, other);
  await world.advance(1.5 * 24 * 60);
  const mails = (await mailsOf(world)).filter(({ leadId }) => leadId === lead.id);
  expect(mails).toHaveLength(2);
  expect(mails[1]?.headers).toMatchObject({ "In-Reply-To": mails[0]?.headers["Message-ID"] });
  const refused = (await mailsOf(world)).filter(({ leadId }) => leadId === other.id);
  expect(refused.every(({ headers }) => headers["In-Reply-To"] === undefined)).toBe(true);
});

test("a mail to the unsubscribe address closes the address that we wrote to, whoever it comes from and in no thread", async () => {
  const world = await readyWorld();
  const vendor = await connectSendgrid(world);
  const lead = await world.make.lead({ email: "ada@example.com" });
  await enroll(world, await sequenceOf(world, THREE_MAILS), lead);
  await world.drain();
  expect(vendor.taken).toHaveLength(1);
  const [mail] = await mailsOf(world);
  const mailto = /<mailto:[^?]+\?subject=([^>]+)>/.exec(String(mail?.headers["List-Unsubscribe"]))?.[1] ?? "";
  const subject = decodeURIComponent(mailto);
  expect(subject).toMatch(/^unsubscribe ws_/);
  const alias = { from: "someone.else@alias.example", subject, text: "" };
  expect(await post(world, sendgridMail(world, alias, INBOUND_TOKEN))).toBe(200);
  await world.drain();
  const closed = await world.ctx.db.selectFrom("suppressions").select(["value", "liftedAt"]).orderBy("value").execute();
  expect(closed).toContainEqual({ value: "ada@example.com", liftedAt: null });
  expect((await executionsOf(world)).at(-1)).toMatchObject({ status: "SKIPPED" });

  // A token that somebody made up says nothing.
  const forged = {
    ...alias,
    from: "mallory@example.com",
    // Four letters: of the last one alone some bits mean nothing.
    subject: subject.replace(/.{4}$/, (last) => (last === "AAAA" ? "BBBB" : "AAAA")),
  };
  expect(await post(world, sendgridMail(world, { ...forged, text: "Hello" }, INBOUND_TOKEN))).toBe(200);
  await world.drain();
  expect(await world.ctx.db.selectFrom("suppressions").select("value").execute()).not.toContainEqual({
    value: "mallory@example.com",
  });
});

test("of a batch of outcomes one whose sequence has settings that cannot be read fails alone: the others are recorded and go on", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  const step = [
    { channel: "SMS", value: 0, unit: "HOURS" },
    { channel: "SMS", value: 2, unit: "DAYS" },
  ] as const;
  const [good, bad] = [await sequenceOf(world, step), await sequenceOf(world, step)];
  const phones = ["+4915112345678", "+4915112345679"];
  const [one, two] = await Promise.all(phones.map((phone) => world.make.lead({ phone, country: "DE" })));
  if (!one || !two) throw new Error("no leads");
  await enroll(world, good, one);
  await enroll(world, bad, two);
  vendor.answer(async (taken, index) => {
    const broken = JSON.stringify({ sendWindow: "always" });
    await world.app.ownerPool.query("update retention_sequences set settings = $1 where id = $2", [broken, bad]);
    return vendor.accept(taken, index);
  });
  await world.drain();
  expect((await messagesOf(world)).map(({ status }) => status)).toEqual(["sent", "sent"]);
  const steps = await executionsOf(world);
  expect(steps.filter(({ leadId }) => leadId === one.id).map(({ status }) => status)).toEqual(["SENT", "SCHEDULED"]);
  expect(steps.filter(({ leadId }) => leadId === two.id).map(({ status }) => status)).toEqual(["SENT", "SKIPPED"]);
});
