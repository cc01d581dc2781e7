import { expect, test } from "vitest";
import { updateSettings } from "#domains/accounts/index.ts";
import { createLead } from "#domains/leads/commands/create-lead.ts";
import { elapsed } from "#platform/clock.ts";
import { forEach } from "#platform/loops.ts";
import {
  countEvents,
  enroll,
  enrollmentsOf,
  executionsOf,
  messagesOf,
  readyWorld,
  sequenceOf,
} from "#test/sequences.ts";
import { until } from "#test/vendors.ts";

const SECOND = 1_000;
/** Fewer than the process has connections: whoever waits for one does so for ten seconds at the most, which a busy machine needs for hundreds. */
const AT_ONCE = 8;

/** Of several measurements the middle one: another test may have held the machine during one of them. */
const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

test("new_lead with the source META enrols a META lead within a second of its intake, and no other", async () => {
  const world = await readyWorld();
  await sequenceOf(world, [{ channel: "EMAIL", value: 1, unit: "DAYS" }], { newLeadsFrom: ["META"] });
  await world.app.start();
  const took: number[] = [];
  for (let place = 0; place < 5; place++) {
    await world.request("POST", "/leads", { body: { email: `other-${place}@example.com`, source: "API" } });
    const begun = elapsed();
    const made = await world.request("POST", "/leads", {
      body: { email: `meta-${place}@example.com`, source: "META" },
    });
    expect(made.status).toBe(201);
    await until(async () => (await enrollmentsOf(world)).length === place + 1);
    took.push(elapsed() - begun);
  }
  expect(median(took)).toBeLessThan(SECOND);
  const enrolled = await world.ctx.db
    .selectFrom("sequenceEnrollments as n")
    .innerJoin("leads as l", "l.id", "n.leadId")
    .select(["l.source", "l.email"])
    .execute();
  expect(enrolled.map(({ source, email }) => `${source} ${email?.slice(0, 4)}`)).toEqual(
    Array.from({ length: 5 }, () => "META meta"),
  );
});

test("a thousand leads created in a burst, one by one and by the hundred, are enrolled a thousand times: each once", async () => {
  const world = await readyWorld();
  await sequenceOf(world, [{ channel: "EMAIL", value: 1, unit: "DAYS" }], { newLeadsFrom: ["META"] });
  await world.app.start();
  const numbers = Array.from({ length: 200 }, (_, place) => place);
  const batches = Array.from({ length: 8 }, (_, batch) =>
    Array.from({ length: 100 }, (_none, place) => ({
      email: `b${batch}-${place}@example.com`,
      source: "META" as const,
    })),
  );
  const others = Array.from({ length: 100 }, (_, place) => ({
    email: `c${place}@example.com`,
    source: "API" as const,
  }));
  const acts = [
    ...[...batches, others].map((rows) => () => world.request("POST", "/leads/upsert", { body: { rows } })),
    ...numbers.map((place) => () => createLead(world.ctx, { email: `a${place}@example.com`, source: "META" })),
  ];
  await forEach(acts, AT_ONCE, async (act) => void (await act()));
  await until(async () => (await enrollmentsOf(world)).length >= 1_000);
  await until(async () => (await world.ctx.db.selectFrom("leads").select("id").execute()).length === 1_100);
  await world.drain();
  const enrolled = await enrollmentsOf(world);
  expect(enrolled).toHaveLength(1_000);
  expect(new Set(enrolled.map(({ leadId }) => leadId)).size).toBe(1_000);
  expect(await executionsOf(world)).toHaveLength(1_000);
  expect(await countEvents(world, "outreach.lead-enrolled")).toBe(1_000);
});

test("a reply at step 2 skips steps 3 and 4 within a second, and each says why", async () => {
  const world = await readyWorld();
  await updateSettings(world.ctx, { capPerChannelPerDay: 5 });
  const sequenceId = await sequenceOf(world, [
    { channel: "EMAIL", value: 0, unit: "HOURS" },
    { channel: "SMS", value: 1, unit: "HOURS" },
    { channel: "CALL", value: 2, unit: "DAYS" },
    { channel: "EMAIL", value: 3, unit: "DAYS" },
  ]);
  const leads = await Promise.all(Array.from({ length: 5 }, () => world.make.lead({ country: "DE" })));
  await enroll(world, sequenceId, ...leads);
  await world.advance(61);
  const texts = await world.sandbox.sms();
  expect(texts).toHaveLength(5);
  await world.app.start();
  const took: number[] = [];
  for (const { id, to } of texts) {
    const lead = leads.find(({ phone }) => phone === to);
    const begun = elapsed();
    await world.request("POST", `/sandbox/deliveries/${id}/reply`, { body: { text: "Sounds good, call me" } });
    await until(async () =>
      (await enrollmentsOf(world)).some(({ leadId, status }) => leadId === lead?.id && status === "CANCELLED"),
    );
    took.push(elapsed() - begun);
  }
  expect(median(took)).toBeLessThan(SECOND);
  for (const { stepOrder, status, result } of await executionsOf(world)) {
    // The sandbox reports deliveries by itself, as the loops of a real process find them.
    expect(stepOrder < 2 ? ["SENT", "DELIVERED"] : ["SKIPPED"]).toContain(status);
    expect(result.reason).toBe(stepOrder < 2 ? undefined : "replied");
  }
});

test("a one-click unsubscribe is a POST without login that answers 200, and within a second the address is suppressed; a GET changes nothing", async () => {
  const world = await readyWorld();
  const lead = await world.make.lead();
  const sequenceId = await sequenceOf(world, [
    { channel: "EMAIL", value: 0, unit: "HOURS" },
    { channel: "EMAIL", value: 2, unit: "DAYS" },
  ]);
  await enroll(world, sequenceId, lead);
  await world.drain();
  const [message] = await messagesOf(world);
  expect(message?.headers).toMatchObject({ "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" });
  const [, link = ""] = /<(http[^>]+)>/.exec(String(message?.headers["List-Unsubscribe"])) ?? [];
  const url = new URL(link).pathname;
  // Programs that look for viruses follow every link of a mail.
  expect((await world.app.server.inject({ method: "GET", url })).statusCode).toBe(200);
  expect(await world.ctx.db.selectFrom("suppressions").select("id").execute()).toEqual([]);
  const begun = elapsed();
  const answer = await world.app.server.inject({
    method: "POST",
    url,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    payload: "List-Unsubscribe=One-Click",
  });
  expect(answer.statusCode).toBe(200);
  const suppressed = await world.ctx.db.selectFrom("suppressions").select(["kind", "value", "reason"]).execute();
  expect(elapsed() - begun).toBeLessThan(SECOND);
  expect(suppressed).toEqual([{ kind: "EMAIL", value: lead.email, reason: "UNSUBSCRIBE" }]);
  expect(await enrollmentsOf(world)).toMatchObject([{ status: "CANCELLED", endReason: "opted out: UNSUBSCRIBE" }]);
  // A mail provider unsubscribes its people from one address, however many they are.
  const limit = world.runtime.config.rateLimits.perAddress;
  for (let more = 0; more <= limit; more += 1)
    expect((await world.app.server.inject({ method: "POST", url })).statusCode).toBe(200);
  await world.advance(60 * 24 * 5);
  expect(await world.sandbox.emails()).toHaveLength(1);
});
