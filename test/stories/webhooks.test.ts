import { expect, test } from "vitest";
import { sandboxWebhookSecret } from "#platform/integrations/load.ts";
import {
  SANDBOX_SIGNATURE_HEADER,
  sandboxReply,
  sandboxWebhookBody,
  signSandboxWebhook,
} from "#providers/sandbox/port.ts";
import { countEvents, enroll, executionsOf, messagesOf, readyWorld, sequenceOf } from "#test/sequences.ts";
import {
  INBOUND_TOKEN,
  type Posted,
  connectSendgrid,
  connectTwilio,
  connectVapi,
  keyPair,
  post,
  sendgridMail,
  sendgridPost,
  twilioStatus,
  twilioText,
  until,
  vapiPost,
} from "#test/vendors.ts";
import type { World } from "#test/world.ts";

type Channel = "SMS" | "EMAIL" | "CALL";

/** A lead in Germany with one touch of the channel sent: our id of it, and whose it is. */
async function sendOne(world: World, channel: Channel) {
  const lead = await world.make.lead({ country: "DE", timeZone: "Europe/Berlin" });
  await enroll(world, await sequenceOf(world, [{ channel, value: 0, unit: "HOURS" }]), lead);
  await world.drain();
  const [message] = await messagesOf(world);
  if (message?.status !== "sent") throw new Error(`The touch is ${message?.status}.`);
  return { messageId: message.id, sid: message.providerRef ?? "", email: lead.email ?? "", phone: lead.phone ?? "" };
}
type Sent = Awaited<ReturnType<typeof sendOne>>;

/** All that a vendor's word could have changed. */
async function stateOf({ ctx }: World) {
  const count = async (table: "inboundEvents" | "suppressions" | "events") =>
    (await ctx.db.selectFrom(table).select("id").where("workspaceId", "=", ctx.workspace).execute()).length;
  return {
    stored: await count("inboundEvents"),
    suppressed: await count("suppressions"),
    events: await count("events"),
    messages: await ctx.db.selectFrom("messages").select(["id", "status"]).orderBy("id").execute(),
    attempts: await ctx.db.selectFrom("contactAttempts").select(["id", "status"]).orderBy("id").execute(),
    enrollments: await ctx.db.selectFrom("sequenceEnrollments").select(["id", "status"]).execute(),
    leads: await ctx.db.selectFrom("leads").select(["id", "status"]).execute(),
  };
}

const report = ({ sid, messageId }: Sent) => ({
  type: "end-of-call-report",
  endedReason: "customer-ended-call",
  durationSeconds: 40,
  artifact: { transcript: "AI: Hello!\nUser: Stop calling me." },
  call: { id: sid, assistant: { metadata: { messageId } } },
});
const complaint = ({ sid, messageId }: Sent) => [
  { event: "spamreport", sg_event_id: "e1", sg_message_id: `${sid}.x`, messageId },
];

function sandboxPost(world: World, { phone }: Sent, forged: boolean): Posted {
  const secret = forged ? "another secret" : sandboxWebhookSecret(world.runtime.config.secretKey, world.workspace);
  const at = world.clock.now();
  const answer = { id: "sbx_1", channel: "SMS", from: phone, to: "+12125550100", text: "STOP", at } as const;
  const payload = sandboxWebhookBody([sandboxReply(answer)]);
  return {
    url: `${world.runtime.config.publicUrl}/webhooks/${world.workspace}/sandbox-sms`,
    headers: {
      "content-type": "application/json",
      [SANDBOX_SIGNATURE_HEADER]: signSandboxWebhook(secret, payload, at),
    },
    payload,
  };
}

type Way = {
  name: string;
  channel: Channel;
  connect: (world: World) => Promise<unknown>;
  genuine: (world: World, sent: Sent) => Posted;
  forged: (world: World, sent: Sent) => Posted;
  /** Whether the proof ends with its time. */
  ages: boolean;
};

const stranger = keyPair();
const WAYS: readonly Way[] = [
  {
    name: "Twilio's status callback",
    channel: "SMS",
    connect: connectTwilio,
    genuine: (world, sent) => twilioStatus(world, { ...sent, status: "delivered" }),
    forged: (world, sent) => twilioStatus(world, { ...sent, status: "delivered" }, "another token"),
    ages: false,
  },
  {
    name: "Twilio's inbound text",
    channel: "SMS",
    connect: connectTwilio,
    genuine: (world, { phone }) => twilioText(world, { sid: "SM77", from: phone, body: "STOP" }),
    forged: (world, { phone }) => twilioText(world, { sid: "SM77", from: phone, body: "STOP" }, "another token"),
    ages: false,
  },
  {
    name: "SendGrid's event",
    channel: "EMAIL",
    connect: connectSendgrid,
    genuine: (world, sent) => sendgridPost(world, complaint(sent)),
    forged: (world, sent) => sendgridPost(world, complaint(sent), stranger),
    ages: true,
  },
  {
    name: "SendGrid's inbound mail",
    channel: "EMAIL",
    connect: connectSendgrid,
    genuine: (world, { email }) => sendgridMail(world, { from: email, subject: "Stop", text: "Stop" }, INBOUND_TOKEN),
    forged: (world, { email }) => sendgridMail(world, { from: email, subject: "Stop", text: "Stop" }, "another token"),
    ages: false,
  },
  {
    name: "Vapi's report of a call",
    channel: "CALL",
    connect: connectVapi,
    genuine: (world, sent) => vapiPost(world, report(sent)),
    forged: (world, sent) => vapiPost(world, report(sent), "another secret of vapi"),
    ages: false,
  },
  {
    name: "the sandbox's reply",
    channel: "SMS",
    connect: async () => undefined,
    genuine: (world, sent) => sandboxPost(world, sent, false),
    forged: (world, sent) => sandboxPost(world, sent, true),
    ages: true,
  },
];

test.each(WAYS)(
  "$name with a forged proof gets 401 and changes nothing; the genuine one counts once, and the same body again has no effect",
  async ({ channel, connect, genuine, forged, ages }) => {
    const world = await readyWorld();
    await connect(world);
    const sent = await sendOne(world, channel);
    const before = await stateOf(world);
    expect(await post(world, forged(world, sent))).toBe(401);
    const real = genuine(world, sent);
    const proofs = [
      "x-twilio-signature",
      "x-twilio-email-event-webhook-signature",
      "x-vapi-secret",
      SANDBOX_SIGNATURE_HEADER,
    ];
    const bare = Object.fromEntries(Object.entries(real.headers).filter(([name]) => !proofs.includes(name)));
    expect(await post(world, { ...real, headers: bare, url: real.url.replace(/\?token=.*/, "") })).toBe(401);
    await world.drain();
    expect(await stateOf(world)).toEqual(before);

    expect(await post(world, real)).toBe(200);
    await world.drain();
    const after = await stateOf(world);
    expect(after).not.toEqual(before);
    expect(after.stored).toBe(1);
    expect(await post(world, real)).toBe(200);
    await world.drain();
    expect(await stateOf(world)).toEqual(after);
    if (!ages) return;
    world.clock.advance(11 * 60_000);
    expect(await post(world, real)).toBe(401);
  },
);

test("a delivery that is told before the answer to the send is recorded, and told 46 times, is DELIVERED once with one event", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  vendor.answer(async (one, index) => {
    await answered;
    return vendor.accept(one, index);
  });
  const lead = await world.make.lead({ country: "DE" });
  await enroll(world, await sequenceOf(world, [{ channel: "SMS", value: 0, unit: "HOURS" }]), lead);
  const work = world.drain();
  await until(() => vendor.taken.length === 1);
  const messageId = vendor.taken[0]?.messageId ?? "";
  const told = (status: string) => post(world, twilioStatus(world, { sid: "SM5", messageId, status }));
  const early = await Promise.all(Array.from({ length: 23 }, () => told("delivered")));
  await world.drain();
  expect(await messagesOf(world)).toMatchObject([{ status: "delivered" }]);
  answer();
  await work;
  const late = await Promise.all(Array.from({ length: 23 }, () => told("delivered")));
  await told("sent");
  await world.drain();

  expect(new Set([...early, ...late])).toEqual(new Set([200]));
  expect(await messagesOf(world)).toMatchObject([{ status: "delivered", attemptStatus: "SUCCESS", tries: 1 }]);
  expect(await executionsOf(world)).toMatchObject([{ status: "DELIVERED" }]);
  expect(await countEvents(world, "messaging.message-delivered")).toBe(1);
  expect(await countEvents(world, "outreach.step-delivered")).toBe(1);
  expect(vendor.taken).toHaveLength(1);
});

test("46 events of their own that say the same delivery make it DELIVERED once with one event", async () => {
  const world = await readyWorld();
  await connectSendgrid(world);
  const { messageId, sid } = await sendOne(world, "EMAIL");
  const events = Array.from({ length: 46 }, (_, place) => ({
    event: "delivered",
    sg_event_id: `e${place}`,
    sg_message_id: `${sid}.x`,
    messageId,
  }));
  for (let from = 0; from < events.length; from += 20)
    expect(await post(world, sendgridPost(world, events.slice(from, from + 20)))).toBe(200);
  await world.drain();
  expect(await messagesOf(world)).toMatchObject([{ status: "delivered", attemptStatus: "SUCCESS" }]);
  expect(await countEvents(world, "messaging.message-delivered")).toBe(1);
  expect(await countEvents(world, "outreach.step-delivered")).toBe(1);
});

test.each([
  ["SendGrid", connectSendgrid, (world: World) => sendgridPost(world, { not: "an array" })],
  ["Vapi", connectVapi, (world: World) => vapiPost(world, { no: "type" })],
])(
  "a genuine body of %s that cannot be read is kept and acknowledged, so that it is not sent for ever",
  async (_name, connect, made) => {
    const world = await readyWorld();
    await connect(world);
    expect(await post(world, made(world))).toBe(200);
    expect(await post(world, made(world))).toBe(200);
    expect(await world.ctx.db.selectFrom("inboundEvents").select(["status", "detail"]).execute()).toMatchObject([
      { status: "failed", detail: expect.stringMatching(/this is none/) },
    ]);
  },
);

test("a person's words with signs that no database keeps are taken in with a mark in their place", async () => {
  const world = await readyWorld();
  await connectTwilio(world);
  await connectSendgrid(world);
  const lead = await world.make.lead({ country: "DE" });
  const text = twilioText(world, { sid: "SM1", from: lead.phone ?? "", body: "Yes\0, please" });
  expect(await post(world, text)).toBe(200);
  const event = { event: "delivered", sg_event_id: "e\ud800", sg_message_id: "x", reason: "a\0b\udfff" };
  expect(await post(world, sendgridPost(world, [event]))).toBe(200);
  await world.drain();
  const received = await world.ctx.db
    .selectFrom("messages")
    .select(["text", "leadId"])
    .where("direction", "=", "inbound")
    .execute();
  expect(received).toEqual([{ text: "Yes\uFFFD, please", leadId: lead.id }]);
  expect(await world.ctx.db.selectFrom("inboundEvents").select("id").execute()).toHaveLength(2);
});
