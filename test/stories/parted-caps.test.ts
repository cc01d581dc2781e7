import fc from "fast-check";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { mergeLeads } from "#domains/leads/commands/merge-leads.ts";
import { undoMerge } from "#domains/leads/commands/undo-merge.ts";
import { deleteLead } from "#domains/leads/commands/delete-lead.ts";
import { enrollLeads } from "#domains/outreach/commands/enroll-leads.ts";
import { listLastContacts, wasInContactAfter } from "#domains/messaging/index.ts";
import { localDay } from "#domains/messaging/zone.ts";
import { enroll, readyWorld, sequenceOf } from "#test/sequences.ts";
import type { World } from "#test/world.ts";

const HOUR = 60;
const ZONE = "Europe/Berlin";

/** One who has a mailbox alone, and one who has a telephone alone, of one zone: while they are one, each is written to at their own. */
async function twoPeople(world: World, place = 0) {
  const byMail = await world.make.lead({ country: "DE", phone: null });
  const byPhone = await world.make.lead({ country: "DE", email: null, phone: `+493023125${100 + place}` });
  return { byMail, byPhone };
}
type Pair = Awaited<ReturnType<typeof twoPeople>>;

const sentTo = async (world: World, address: string | null) =>
  (await world.sandbox.sent()).filter(({ to }) => to === address);

/** The one with the telephone has a text to come in three hours, is merged into the other, and gets one of another sequence at once. */
async function textedWhileOne(world: World): Promise<Pair & { mergeId: string }> {
  const pair = await twoPeople(world);
  await enroll(world, await sequenceOf(world, [{ channel: "SMS", value: 3, unit: "HOURS" }]), pair.byPhone);
  const { mergeId } = await mergeLeads(world.ctx, { survivorId: pair.byMail.id, otherId: pair.byPhone.id });
  await enroll(world, await sequenceOf(world, [{ channel: "SMS", value: 0, unit: "HOURS" }]), pair.byMail);
  await world.advance(5);
  expect(await sentTo(world, pair.byPhone.phone)).toHaveLength(1);
  return { ...pair, mergeId: mergeId ?? "" };
}

test("what somebody got while their lead was one with another counts toward their caps when it is two again", async () => {
  const world = await readyWorld();
  const { byPhone, mergeId } = await textedWhileOne(world);
  await undoMerge(world.ctx, mergeId);
  await world.advance(5 * HOUR);
  expect(await sentTo(world, byPhone.phone)).toHaveLength(1);
  await world.advance(24 * HOUR);
  expect(await sentTo(world, byPhone.phone)).toHaveLength(2);
});

test("what somebody got while their lead was one with another was in contact with them, also for who asks how long they have been left alone", async () => {
  const world = await readyWorld();
  const { byMail, byPhone, mergeId } = await textedWhileOne(world);
  await world.advance(12 * 24 * HOUR);
  await undoMerge(world.ctx, mergeId);
  const contacts = await listLastContacts(world.ctx, [byMail.id, byPhone.id]);
  const at = contacts.get(byMail.id)?.contactAt;
  expect(at).toBeInstanceOf(Date);
  expect(contacts.get(byPhone.id)?.contactAt).toEqual(at);
  const { rows } = await sql<{ lately: boolean; since: boolean }>`
    select ${wasInContactAfter(world.ctx, sql`${byPhone.id}`, new Date((at?.getTime() ?? 0) - 1))} as lately,
      ${wasInContactAfter(world.ctx, sql`${byPhone.id}`, at ?? new Date(0))} as since`.execute(world.ctx.db);
  expect(rows).toEqual([{ lately: true, since: false }]);
});

test("so it does when they are merged into a third and parted from it, and it goes with whoever is deleted", async () => {
  const world = await readyWorld();
  const { byMail, byPhone, mergeId } = await textedWhileOne(world);
  await undoMerge(world.ctx, mergeId);
  const third = await world.make.lead({ country: "DE", phone: null });
  const again = await mergeLeads(world.ctx, { survivorId: third.id, otherId: byPhone.id });
  await world.advance(5 * HOUR);
  expect(await sentTo(world, byPhone.phone)).toHaveLength(1);
  await undoMerge(world.ctx, again.mergeId ?? "");
  const shared = () => world.ctx.db.selectFrom("sharedTouches").select("leadId").execute();
  expect(await shared()).toEqual([{ leadId: byPhone.id }]);
  await deleteLead(world.ctx, byMail.id);
  expect(await shared()).toEqual([]);
});

const PAIRS = 8;
const ROUNDS = 6;
const deed = fc.record({
  does: fc.constantFrom("enrol" as const, "enrol" as const, "merge or undo" as const, "wait" as const),
  who: fc.constantFrom("byMail" as const, "byPhone" as const),
  where: fc.constantFrom(0, 1, 2),
});
const lives = fc.record({
  hours: fc.array(fc.constantFrom(1, 4, 30), { minLength: ROUNDS, maxLength: ROUNDS }),
  deeds: fc.array(fc.array(deed, { minLength: ROUNDS, maxLength: ROUNDS }), { minLength: PAIRS, maxLength: PAIRS }),
});

test("whatever the order of enrolments, merges, undoes and hours: nobody gets more at their address than the caps allow", async () => {
  let most = 0;
  await fc.assert(
    fc.asyncProperty(lives, async ({ hours, deeds }) => {
      const world = await readyWorld();
      const { ctx } = world;
      const making = [0, 2, 7].map((value) =>
        sequenceOf(world, [
          { channel: "SMS", value, unit: "HOURS" },
          { channel: "EMAIL", value: 1, unit: "HOURS" },
          { channel: "SMS", value: 20, unit: "HOURS" },
          { channel: "EMAIL", value: 3, unit: "HOURS" },
        ]),
      );
      const sequences = await Promise.all(making);
      const pairs: (Pair & { merged: { mergeId: string; survivorId: string } | null })[] = [];
      for (let place = 0; place < PAIRS; place++) pairs.push({ ...(await twoPeople(world, place)), merged: null });
      for (const [round, passing] of hours.entries()) {
        for (const [place, pair] of pairs.entries()) {
          const next = deeds[place]?.[round];
          if (!next || next.does === "wait") continue;
          const [one, other] = next.who === "byMail" ? [pair.byMail, pair.byPhone] : [pair.byPhone, pair.byMail];
          if (next.does === "enrol") {
            const leadIds = [pair.merged?.survivorId ?? one.id];
            await enrollLeads(ctx, { sequenceId: sequences[next.where] ?? "", leadIds, by: "person", again: true });
          } else if (pair.merged) {
            await undoMerge(ctx, pair.merged.mergeId);
            pair.merged = null;
          } else {
            const { mergeId } = await mergeLeads(ctx, { survivorId: one.id, otherId: other.id });
            pair.merged = { mergeId: mergeId ?? "", survivorId: one.id };
          }
        }
        await world.advance(passing * HOUR);
      }
      await world.advance(48 * HOUR);
      const sent = await ctx.db
        .selectFrom("messages")
        .select(["to", "handedAt"])
        .where("direction", "=", "outbound")
        .where("handedAt", "is not", null)
        .execute();
      for (const [, got] of Map.groupBy(sent, ({ to }) => to)) {
        const days = got.map(({ handedAt }) => localDay(ZONE, handedAt?.getTime() ?? 0)).toSorted((a, b) => a - b);
        expect(new Set(days).size).toBe(days.length);
        for (const [place, day] of days.entries())
          expect((days[place + 3] ?? Infinity) - day).toBeGreaterThanOrEqual(7);
        most = Math.max(most, days.length);
      }
    }),
    { numRuns: 1, endOnFailure: true },
  );
  expect(most).toBeGreaterThan(1);
});
