import { expect, test } from "vitest";
import { executionsOf, enroll, messagesOf, readyWorld, sequenceOf } from "#test/sequences.ts";
import { connectSendgrid, connectTwilio } from "#test/vendors.ts";

const GREETING = 'Hi {{ firstName | default: "there" }} {{ lastName }}';

test("a name full of signs reaches the phone exact and the mail escaped, with its default where the first name is blank", async () => {
  const world = await readyWorld();
  const [twilio, sendgrid] = [await connectTwilio(world), await connectSendgrid(world)];
  const lead = await world.make.lead({ firstName: "", lastName: "O'$& <b>", country: "DE" });
  const sequenceId = await sequenceOf(world, [
    { channel: "SMS", value: 0, unit: "HOURS", content: GREETING },
    { channel: "EMAIL", value: 0, unit: "HOURS", content: GREETING },
  ]);
  await world.ctx.db.updateTable("scripts").set({ subject: "Hello" }).execute();
  await enroll(world, sequenceId, lead);
  await world.advance(5);
  expect(new URLSearchParams(twilio.taken[0]?.body).get("Body")).toBe("Hi there O'$& <b>");
  const mail: { content: { type: string; value: string }[] } = JSON.parse(sendgrid.taken[0]?.body ?? "{}");
  const partOf = (type: string) => mail.content.find((part) => part.type === type)?.value;
  expect(partOf("text/html")).toContain("Hi there O&#39;$&amp; &lt;b&gt;");
  expect(partOf("text/plain")).toMatch(/^Hi there O'\$& <b>\n/);
});

test("a script with an unknown variable keeps its sequence from being activated, and the refusal names script and variable", async () => {
  const world = await readyWorld();
  const sequenceId = await sequenceOf(world, [
    { channel: "SMS", value: 0, unit: "HOURS", content: "Hi {{ fristName }}" },
  ]);
  await world.ctx.db.updateTable("retentionSequences").set({ status: "DRAFT" }).execute();
  expect(await world.request("POST", `/sequences/${sequenceId}/activate`)).toMatchObject({
    status: 422,
    body: {
      code: "sequence-not-ready",
      errors: [{ detail: 'Script "SMS 0": unknown variable fristName in the text: did you mean firstName?' }],
    },
  });
});

test("a lead without the value that a script needs is named by its preview, and its touch is held before any vendor is called", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  const content = "Hi {{ firstName }}, how is {{ company }}?";
  const sequenceId = await sequenceOf(world, [
    { channel: "SMS", value: 0, unit: "HOURS", content },
    { channel: "SMS", value: 2, unit: "DAYS" },
  ]);
  const [whole, lacking] = [
    await world.make.lead({ country: "DE", company: "Kestrel" }),
    await world.make.lead({ country: "DE" }),
  ];
  const script = await world.ctx.db
    .selectFrom("scripts")
    .select("id")
    .where("content", "=", content)
    .executeTakeFirstOrThrow();
  const preview = async (leadId: string) =>
    (await world.request("POST", `/scripts/${script.id}/preview`, { body: { leadId } })).body;
  expect(await preview(whole.id)).toMatchObject({ missing: [], message: { text: "Hi Ada, how is Kestrel?" } });
  expect(await preview(lacking.id)).toMatchObject({ missing: ["company"], message: null });

  await enroll(world, sequenceId, whole, lacking);
  await world.advance(5);
  expect(vendor.taken.map(({ to }) => to)).toEqual([whole.phone]);
  const [held] = (await executionsOf(world)).filter(
    ({ leadId, stepOrder }) => leadId === lacking.id && stepOrder === 0,
  );
  expect(held).toMatchObject({
    status: "FAILED",
    contactAttemptId: null,
    result: { reason: "missing variable: company" },
  });
  expect(await messagesOf(world)).toHaveLength(1);
});

test("a text of 161 GSM-7 characters is sent as two segments, and one emoji makes it count as UCS-2: three", async () => {
  const world = await readyWorld();
  const lead = await world.make.lead({ country: "DE" });
  const sequenceId = await sequenceOf(world, [
    { channel: "SMS", value: 0, unit: "HOURS", content: "a".repeat(160) },
    { channel: "SMS", value: 2, unit: "DAYS", content: "a".repeat(161) },
    { channel: "SMS", value: 2, unit: "DAYS", content: `${"a".repeat(160)}👋` },
  ]);
  await enroll(world, sequenceId, lead);
  await world.advance(60 * 24 * 5);
  expect((await messagesOf(world)).map(({ segments }) => segments)).toEqual([1, 2, 3]);
});
