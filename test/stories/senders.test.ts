import { expect, test } from "vitest";
import { mergeLeads } from "#domains/leads/commands/merge-leads.ts";
import { undoMerge } from "#domains/leads/commands/undo-merge.ts";
import { createSender } from "#domains/messaging/commands/create-sender.ts";
import { resumeSender } from "#domains/messaging/commands/move-sender.ts";
import { replyFromSandbox, reportFromSandbox } from "#domains/messaging/commands/play-sandbox.ts";
import { updateSettings } from "#domains/accounts/index.ts";
import { newId } from "#platform/ids.ts";
import { sendOneOff } from "#domains/outreach/commands/send-one-off.ts";
import { oneOffSchema } from "#domains/outreach/contract/one-off.ts";
import { dispatchBatch } from "#domains/outreach/engine/dispatch.ts";
import { ALWAYS } from "#test/due-sms.ts";
import { countEvents, enroll, executionsOf, messagesOf, readyWorld, sequenceOf } from "#test/sequences.ts";
import type { World } from "#test/world.ts";

const DAY = 24 * 60;

/** A world that never closes its window, with e-mail senders of these names. */
async function worldOf(names: readonly string[], change: Partial<Parameters<typeof createSender>[1]> = {}) {
  const world = await readyWorld();
  await updateSettings(world.ctx, { sendWindow: ALWAYS, capPerWeek: 50 });
  const senders = new Map<string, string>();
  for (const name of names)
    senders.set(
      name,
      await createSender(world.ctx, {
        channel: "EMAIL",
        address: `${name}@maple.example`,
        displayName: "",
        integrationId: null,
        takesNew: true,
        perMinute: 100,
        perDay: 100,
        hasRamp: true,
        dkimSelector: null,
        ...change,
      }),
    );
  await world.drain();
  return { world, senders };
}

/** So many leads at once, each with an e-mail address alone. */
async function people({ ctx, workspace }: World, count: number): Promise<{ id: string }[]> {
  return ctx.db
    .insertInto("leads")
    .values(
      Array.from({ length: count }, (_, n) => ({
        id: newId("lead"),
        workspaceId: workspace,
        firstName: "Ada",
        lastName: `Example ${n}`,
        email: `ada-${n}@example.test`,
        country: "US",
        timeZone: "America/New_York",
        timeZoneSource: "country" as const,
      })),
    )
    .returning("id")
    .execute();
}

const sentBy = async (world: World) => {
  const counts = new Map<string, number>();
  for (const { from, status } of await messagesOf(world))
    if (status !== "cancelled" && status !== "queued") counts.set(from, (counts.get(from) ?? 0) + 1);
  return [...counts].toSorted(([a], [b]) => a.localeCompare(b)).map(([, count]) => count);
};

test("three new senders write to 100 leads: 20 each on the first day, the other 40 on the second", async () => {
  const { world } = await worldOf(["ada", "bea", "cleo"]);
  const leads = await people(world, 100);
  await enroll(world, await sequenceOf(world, [{ channel: "EMAIL", value: 0, unit: "HOURS" }]), ...leads);
  await world.drain();
  expect(await sentBy(world)).toEqual([20, 20, 20]);
  const [held] = (await executionsOf(world)).filter(({ status }) => status === "SCHEDULED");
  expect(held?.verdict).toMatchObject({
    result: { kind: "wait", check: "channel_limit", reason: expect.stringContaining("60 today") },
  });
  await world.advance(DAY);
  expect(await sentBy(world)).toEqual([34, 33, 33]);
});

test("a new sender sends 20 on its first day, 22 on its second, 24 on its third, and what is over waits for the next", async () => {
  const { world } = await worldOf(["ada"]);
  const leads = await people(world, 70);
  await enroll(world, await sequenceOf(world, [{ channel: "EMAIL", value: 0, unit: "HOURS" }]), ...leads);
  const days: number[] = [];
  for (let day = 0; day < 4; day += 1) {
    await (day === 0 ? world.drain() : world.advance(DAY));
    days.push(...(await sentBy(world)));
  }
  expect(days).toEqual([20, 42, 66, 70]);
});

test("a lead keeps its sender over all steps, and the texts name it", async () => {
  const { world } = await worldOf(["ada", "bea", "cleo"], { displayName: "Ada of Maple", hasRamp: false });
  const steps = [0, 1, 2].map((value) => ({
    channel: "EMAIL" as const,
    value,
    unit: "DAYS" as const,
    content: "Hello {{ firstName }}, yours, {{ sender.name }} {{ sender.email }}",
  }));
  const leads = await people(world, 7);
  await enroll(world, await sequenceOf(world, steps), ...leads);
  await world.advance(4 * DAY);
  const sent = await messagesOf(world);
  expect(sent).toHaveLength(21);
  for (const lead of leads) {
    const froms = new Set(sent.filter(({ leadId }) => leadId === lead.id).map(({ from }) => from));
    expect(froms.size).toBe(1);
  }
  expect((await sentBy(world)).toSorted((a, b) => a - b)).toEqual([6, 6, 9]);
  for (const { from, text } of sent) expect(text).toContain(`Ada of Maple ${from}`);
});

test("a sender whose mail bounces pauses itself, says so, and its threads wait; the others go on, and a person may resume it", async () => {
  const { world, senders } = await worldOf(["ada", "bea"], { hasRamp: false, perDay: 500 });
  const leads = await people(world, 100);
  const steps = [
    { channel: "EMAIL" as const, value: 0, unit: "HOURS" as const },
    { channel: "EMAIL" as const, value: 2, unit: "DAYS" as const },
  ];
  await enroll(world, await sequenceOf(world, steps), ...leads);
  await world.drain();
  expect(await sentBy(world)).toEqual([50, 50]);
  const [delivery] = (await world.sandbox.emails()).filter(({ from }) => from === "ada@maple.example");
  await reportFromSandbox(world.runtime, world.ctx, { deliveryId: delivery?.id ?? "", outcome: "bounced" });
  await world.drain();
  const paused = await world.request("GET", `/senders/${senders.get("ada")}`);
  expect(paused.body).toMatchObject({
    status: "PAUSED",
    paused: { cause: "bounces", reason: "1 of its last 50 messages came back for good" },
    health: { sends: 50, bounces: 1 },
    threads: 50,
  });
  expect(await countEvents(world, "messaging.sender-paused")).toBe(1);
  expect((await world.request("GET", "/messages/overview")).body).toMatchObject({
    pausedSenders: [{ address: "ada@maple.example" }],
  });
  await world.advance(3 * DAY);
  expect(await sentBy(world)).toEqual([50, 100]);
  const waiting = (await executionsOf(world)).filter(({ status }) => status === "SCHEDULED");
  // The one that bounced is left out by its own suppression.
  expect(waiting).toHaveLength(49);
  expect(waiting[0]?.verdict).toMatchObject({
    result: { check: "channel_limit", reason: expect.stringContaining("ada@maple.example is paused") },
  });
  await resumeSender(world.ctx, senders.get("ada") ?? "");
  await world.drain();
  expect(await sentBy(world)).toEqual([99, 100]);
});

test("one budget holds for sequences, messages by hand and automatic answers", async () => {
  // Eleven in the morning of the leads: texts may go.
  const world = await readyWorld({ start: new Date("2026-03-02T16:00:00Z") });
  await updateSettings(world.ctx, { sendWindow: ALWAYS });
  const limits = { perMinute: 100, perDay: 3, hasRamp: false };
  const about = { displayName: "", integrationId: null, takesNew: true, dkimSelector: null };
  await createSender(world.ctx, { channel: "SMS", address: "+12125550177", ...limits, ...about });
  const [first, second, third] = [await world.make.lead(), await world.make.lead(), await world.make.lead()];
  await enroll(world, await sequenceOf(world, [{ channel: "SMS", value: 0, unit: "HOURS" }]), first);
  await world.drain();
  const [text] = await world.sandbox.sms();
  await replyFromSandbox(world.runtime, world.ctx, { deliveryId: text?.id ?? "", text: "HELP" });
  await world.drain();
  const words = oneOffSchema.parse({ channel: "SMS", content: "Hi {{ firstName }}" });
  expect(await sendOneOff(world.ctx, second.id, words)).toMatchObject({ kind: "sent" });
  expect(await sendOneOff(world.ctx, third.id, words)).toMatchObject({
    kind: "waits",
    reason: "the senders of the channel have sent 3 today, as many as a day allows",
    // The next day, when the legal hours begin.
    until: "2026-03-03T13:00:00.000Z",
  });
  expect((await world.sandbox.sms()).map(({ from, to }) => [from, to])).toEqual([
    ["+12125550177", first.phone],
    ["+12125550177", first.phone],
    ["+12125550177", second.phone],
  ]);
});

test("however many dispatchers work at once, a sender's day is not overrun, and no lead changes hands", async () => {
  const { world } = await worldOf(["ada", "bea"], { perDay: 7, hasRamp: false });
  const leads = await people(world, 40);
  await enroll(world, await sequenceOf(world, [{ channel: "EMAIL", value: 0, unit: "HOURS" }]), ...leads);
  await Promise.all(Array.from({ length: 6 }, () => dispatchBatch(world.ctx)));
  await world.drain();
  expect(await sentBy(world)).toEqual([7, 7]);
  const sent = await messagesOf(world);
  expect(new Set(sent.map(({ leadId }) => leadId)).size).toBe(14);
  const kept = await world.ctx.db.selectFrom("leadSenders").select(["leadId", "senderId"]).execute();
  expect(kept.toSorted((a, b) => a.leadId.localeCompare(b.leadId))).toEqual(
    sent
      .map(({ leadId, senderId }) => ({ leadId, senderId }))
      .toSorted((a, b) => String(a.leadId).localeCompare(String(b.leadId))),
  );
});

test("two leads who become one keep the sender of the one that stays, and get their own again when the merge is undone", async () => {
  const { world } = await worldOf(["ada", "bea"], { hasRamp: false });
  const [one, other] = [await world.make.lead({ phone: null }), await world.make.lead({ phone: null })];
  await enroll(world, await sequenceOf(world, [{ channel: "EMAIL", value: 0, unit: "HOURS" }]), one, other);
  await world.drain();
  const senders = async () =>
    new Map(
      (await world.ctx.db.selectFrom("leadSenders").select(["leadId", "senderId"]).execute()).map(
        ({ leadId, senderId }) => [leadId, senderId],
      ),
    );
  const before = await senders();
  expect(before.size).toBe(2);
  const { mergeId } = await mergeLeads(world.ctx, { survivorId: one.id, otherId: other.id });
  expect(await senders()).toEqual(new Map([[one.id, before.get(one.id)]]));
  await undoMerge(world.ctx, mergeId ?? "");
  expect(await senders()).toEqual(before);
});
