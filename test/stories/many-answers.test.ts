import fc from "fast-check";
import { expect, test } from "vitest";
import { newId } from "#platform/ids.ts";
import { processInboundEvents } from "#domains/messaging/commands/process-inbound.ts";
import { storeFacts } from "#domains/messaging/queries/inbound.ts";
import { sandboxReceipt, sandboxReply } from "#providers/sandbox/port.ts";
import type { WebhookFact } from "#providers/webhook.ts";
import { enroll, readyWorld, sequenceOf } from "#test/sequences.ts";
import type { World } from "#test/world.ts";

const LEADS = 12;
/** The last of them. */
const BOUNCING = 3;
const WORDS = ["Tell me more", "Not now", "STOP", "START", "HELP"] as const;
type Said = { lead: number; words: (typeof WORDS)[number] | "bounces" };

/** Who is left where, once people have said this: all of it in one batch, or each in its own. */
async function afterwards(said: readonly Said[], isTogether: boolean) {
  const world: World = await readyWorld();
  const sequenceId = await sequenceOf(world, [
    { channel: "SMS", value: 0, unit: "HOURS" },
    { channel: "SMS", value: 1, unit: "DAYS" },
    { channel: "EMAIL", value: 1, unit: "DAYS" },
  ]);
  const leads: { id: string; phone: string | null }[] = [];
  for (let place = 0; place < LEADS; place++) leads.push(await world.make.lead({}));
  await enroll(world, sequenceId, ...leads);
  await world.drain();
  const { db } = world.ctx;
  const sent = await db.selectFrom("messages").select(["id", "leadId"]).orderBy("id").execute();
  const facts = said.map(({ lead, words }, place): WebhookFact => {
    const from = leads[lead];
    if (words !== "bounces")
      return sandboxReply({
        id: `in_${place}`,
        channel: "SMS",
        from: from?.phone ?? "",
        to: "+15005550006",
        text: words,
        at: null,
      });
    const messageId = sent.find(({ leadId }) => leadId === from?.id)?.id ?? "";
    return sandboxReceipt({ messageId, status: "bounced", hard: true, at: null });
  });
  for (const batch of isTogether ? [facts] : facts.map((fact) => [fact])) {
    await storeFacts(
      world.ctx,
      "sandbox-sms",
      batch.map((fact) => ({ id: newId("inb"), externalId: fact.externalId, fact })),
    );
    await processInboundEvents(world.ctx);
  }
  const placeOf = new Map(leads.map(({ id }, place) => [id, place]));
  const byPlace = (rows: readonly { leadId: string | null }[]) =>
    rows.map(({ leadId, ...row }) => JSON.stringify({ place: placeOf.get(leadId ?? ""), ...row })).toSorted();
  const numbers = new Map(leads.map(({ phone }, place) => [phone, place]));
  return {
    enrollments: byPlace(
      await db.selectFrom("sequenceEnrollments").select(["leadId", "status", "endReason"]).execute(),
    ),
    steps: byPlace(
      await db.selectFrom("sequenceStepExecutions").select(["leadId", "stepOrder", "status", "repliedAt"]).execute(),
    ),
    messages: byPlace(
      await db.selectFrom("messages").select(["leadId", "purpose", "status", "text", "awaitsReply"]).execute(),
    ),
    closed: (await db.selectFrom("suppressions").select(["value", "reason", "scope", "liftedAt"]).execute())
      .map(({ value, ...row }) => JSON.stringify({ place: numbers.get(value), ...row }))
      .toSorted(),
    events: byPlace(await db.selectFrom("events").select(["leadId", "type"]).execute()),
  };
}

test("what many people say in one moment comes to the same as if it had come one by one", async () => {
  // What people wrote is read before what became of messages, so no one does both here.
  const writes = fc.record({ lead: fc.nat(LEADS - BOUNCING - 1), words: fc.constantFrom(...WORDS) });
  const bounces = fc.record({
    lead: fc.integer({ min: LEADS - BOUNCING, max: LEADS - 1 }),
    words: fc.constant("bounces" as const),
  });
  const said = fc.array(fc.oneof({ weight: 5, arbitrary: writes }, { weight: 1, arbitrary: bounces }), {
    minLength: 8,
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(said, async (all) => {
      expect(await afterwards(all, true)).toEqual(await afterwards(all, false));
    }),
    { numRuns: 2, endOnFailure: true },
  );
});
