import fc from "fast-check";
import { expect, test } from "vitest";
import { updateSettings } from "#domains/accounts/index.ts";
import { recordConversion } from "#domains/conversions/index.ts";
import { mergeLeads } from "#domains/leads/commands/merge-leads.ts";
import { undoMerge } from "#domains/leads/commands/undo-merge.ts";
import { optOut } from "#domains/messaging/commands/opt-out.ts";
import { processInboundEvents } from "#domains/messaging/commands/process-inbound.ts";
import { storeFacts } from "#domains/messaging/queries/inbound.ts";
import { archiveSequence } from "#domains/outreach/commands/archive-sequence.ts";
import { cancelEnrollment } from "#domains/outreach/commands/cancel-enrollment.ts";
import { enrollLeads } from "#domains/outreach/commands/enroll-leads.ts";
import { pauseSequence, resumeSequence } from "#domains/outreach/index.ts";
import { inTransaction } from "#platform/context.ts";
import { newId } from "#platform/ids.ts";
import { sandboxReply } from "#providers/sandbox/port.ts";
import { ALWAYS } from "#test/due-sms.ts";
import { enroll, enrollmentsOf, executionsOf, readyWorld, sequenceOf } from "#test/sequences.ts";
import type { World } from "#test/world.ts";

type Person = { id: string; phone: string | null; email: string | null };
const DAY = 24 * 60;
const STEPS = [
  { channel: "SMS", value: 0, unit: "HOURS" },
  { channel: "EMAIL", value: 1, unit: "DAYS" },
  { channel: "SMS", value: 2, unit: "DAYS" },
] as const;

/** Takes in what a person wrote from their phone. */
async function says(world: World, { phone }: Person, text: string): Promise<void> {
  const id = newId("inb");
  const said = sandboxReply({ id, channel: "SMS", from: phone ?? "", to: "+15005550006", text, at: null });
  await storeFacts(world.ctx, "sandbox-sms", [{ id, externalId: id, fact: said }]);
  await processInboundEvents(world.ctx);
}

const buys = (world: World, leadId: string) =>
  recordConversion(world.ctx, {
    leadId,
    status: "customer",
    source: "shop",
    transactionId: newId("conv"),
    revenueMinor: 4_900,
    currency: "EUR",
  });

/** Two in one sequence, of whom the other is a step further, and stands for both once they are one. */
async function mergedPair(settings: Record<string, unknown> = { sendWindow: ALWAYS }) {
  const world = await readyWorld();
  const survivor = await world.make.lead({ country: "DE", email: "ada@kestrel.example" });
  const other = await world.make.lead({ country: "DE", email: "bo@heron.example" });
  const sequenceId = await sequenceOf(world, STEPS, { settings });
  await enroll(world, sequenceId, other);
  await world.advance(DAY + 60);
  await enroll(world, sequenceId, survivor);
  await world.advance(5);
  const { mergeId } = await mergeLeads(world.ctx, { survivorId: survivor.id, otherId: other.id });
  const undo = () => undoMerge(world.ctx, mergeId ?? "");
  const ofLead = async (leadId: string) => (await enrollmentsOf(world)).find((one) => one.leadId === leadId);
  const sentTo = async ({ phone, email }: Person) =>
    (await world.sandbox.sent()).filter(({ to }) => to === phone || to === email).length;
  return { world, survivor, other, sequenceId, undo, ofLead, sentTo };
}
type Pair = Awaited<ReturnType<typeof mergedPair>>;

test.each<{ what: string; does: (pair: Pair) => Promise<unknown>; reason: RegExp }>([
  { what: "answers", does: ({ world, survivor }) => says(world, survivor, "Tell me more"), reason: /^replied/ },
  { what: "answers from the other's phone", does: ({ world, other }) => says(world, other, "Yes"), reason: /^replied/ },
  { what: "says no", does: ({ world, survivor }) => says(world, survivor, "STOP"), reason: /^opted out/ },
  { what: "buys", does: ({ world, survivor }) => buys(world, survivor.id), reason: /^converted/ },
])(
  "who $what after the enrollment that stands for two has run to its end is written to no more by the one that the undo gives back",
  async ({ does, reason }) => {
    const pair = await mergedPair();
    const { world, survivor, undo, ofLead } = pair;
    // A week, since caps count the touches of both.
    await world.advance(9 * DAY);
    expect(await ofLead(survivor.id)).toMatchObject({ status: "COMPLETED" });
    await does(pair);
    await world.drain();
    const before = (await world.sandbox.sent()).filter(({ text }) => text.includes("it is us"));
    await undo();
    await world.advance(10 * DAY);
    expect(await ofLead(survivor.id)).toMatchObject({ endReason: expect.stringMatching(reason) });
    expect((await world.sandbox.sent()).filter(({ text }) => text.includes("it is us"))).toEqual(before);
  },
);

test.each<{ what: string; says: (messageId: string) => string[] }>([
  { what: "once", says: (messageId) => [messageId] },
  { what: "a hundred times through one link", says: (messageId) => Array.from({ length: 100 }, () => messageId) },
])(
  "who says no $what, at an address that was closed for the same reason before, is written to no more by what the undo gives back, and one event tells of it",
  async ({ says: messagesAnswered }) => {
    const world = await readyWorld();
    const no = async ({ email }: Person, ...messageIds: string[]) => {
      const said = { kind: "EMAIL", value: email ?? "", reason: "UNSUBSCRIBE", evidence: "by a link" } as const;
      for (const messageId of messageIds) await inTransaction(world.ctx, (tx) => optOut(tx, { ...said, messageId }));
    };
    const texts = [0, 1, 2].map((value) => ({ channel: "SMS", value, unit: "DAYS" }) as const);
    const survivor = await world.make.lead({ country: "DE" });
    const other = await world.make.lead({ country: "DE" });
    const letter = newId("msg");
    await no(survivor, letter, letter);
    const sequenceId = await sequenceOf(world, texts);
    await enroll(world, sequenceId, other);
    await world.advance(DAY + 60);
    await enroll(world, sequenceId, survivor);
    await world.advance(5);
    const { mergeId } = await mergeLeads(world.ctx, { survivorId: survivor.id, otherId: other.id });
    await world.advance(60);
    await no(survivor, ...messagesAnswered(letter));
    await undoMerge(world.ctx, mergeId ?? "");
    const before = await world.sandbox.sent();
    await world.advance(10 * DAY);
    expect((await enrollmentsOf(world)).map(({ endReason }) => endReason)).toEqual([
      expect.stringMatching(/^opted out/),
      expect.stringMatching(/^opted out/),
    ]);
    expect(await world.sandbox.sent()).toEqual(before);
    const heard = world.ctx.db.selectFrom("events").select("leadId").where("type", "=", "messaging.no-heard");
    // The second before the merge, and the first after it.
    expect(await heard.execute()).toEqual([{ leadId: survivor.id }, { leadId: survivor.id }]);
  },
);

test("a reply while two leads are one, where none stops, says nothing: what the undo gives back goes on", async () => {
  const { world, survivor, undo, ofLead, sentTo } = await mergedPair({ sendWindow: ALWAYS, stopOnReply: false });
  await says(world, survivor, "Tell me more");
  await world.drain();
  const before = await sentTo(survivor);
  await undo();
  await world.advance(10 * DAY);
  expect(await ofLead(survivor.id)).toMatchObject({ status: "COMPLETED" });
  expect(await sentTo(survivor)).toBe(before + 2);
});

test("what was to come during a merge comes after the undo with the wait that was left, and not at once", async () => {
  const { world, survivor, undo, sentTo } = await mergedPair();
  // A day less five minutes were left when they became one.
  await world.advance(30 * DAY);
  await undo();
  const before = await sentTo(survivor);
  await world.advance(DAY - 10);
  expect(await sentTo(survivor)).toBe(before);
  await world.advance(10);
  expect(await sentTo(survivor)).toBe(before + 1);
});

test("an undone merge gives back an enrollment that stands as its sequence does today: paused, going on, or over", async () => {
  const stands = async (does: (pair: Pair) => Promise<unknown>) => {
    const pair = await mergedPair();
    await does(pair);
    await pair.undo();
    await pair.world.drain();
    return { pair, own: await pair.ofLead(pair.survivor.id) };
  };
  const paused = await stands(({ world, sequenceId }) => pauseSequence(world.ctx, sequenceId));
  expect(paused.own).toMatchObject({ status: "PAUSED", pausedBy: "sequence" });
  await resumeSequence(paused.pair.world.ctx, paused.pair.sequenceId);
  await paused.pair.world.advance(10 * DAY);
  expect(await paused.pair.ofLead(paused.pair.survivor.id)).toMatchObject({ status: "COMPLETED" });

  const over = await stands(({ world, sequenceId }) => archiveSequence(world.ctx, sequenceId));
  expect(over.own).toMatchObject({ status: "CANCELLED", endReason: expect.stringContaining("sequence archived") });

  const left = await stands(async ({ world, survivor, ofLead }) => {
    await cancelEnrollment(world.ctx, { enrollmentId: (await ofLead(survivor.id))?.id ?? "" });
  });
  expect(left.own).toMatchObject({ status: "CANCELLED", endReason: expect.stringContaining("cancelled by a person") });
});

test("an enrollment that its sequence had paused when it was set aside goes on after the undo where the sequence does", async () => {
  const world = await readyWorld();
  const [survivor, other] = [await world.make.lead({ country: "DE" }), await world.make.lead({ country: "DE" })];
  const sequenceId = await sequenceOf(world, STEPS);
  await enroll(world, sequenceId, survivor, other);
  await world.advance(5);
  await pauseSequence(world.ctx, sequenceId);
  const { mergeId } = await mergeLeads(world.ctx, { survivorId: survivor.id, otherId: other.id });
  await resumeSequence(world.ctx, sequenceId);
  await world.advance(60);
  await undoMerge(world.ctx, mergeId ?? "");
  await world.advance(10 * DAY);
  expect((await enrollmentsOf(world)).map(({ status }) => status)).toEqual(["COMPLETED", "COMPLETED"]);
  expect((await executionsOf(world)).filter(({ status }) => status !== "SENT" && status !== "DELIVERED")).toEqual([]);
});

test.each([
  { when: "in a sequence", passing: 5, left: { status: "CANCELLED", endReason: "replied" }, rest: 2 },
  { when: "after the last step of a sequence", passing: 4 * DAY, left: { status: "COMPLETED" }, rest: 1 },
])(
  "who has answered $when stays out of it as the other of two leads that become one; the other goes on when they are two again",
  async ({ passing, left, rest }) => {
    const world = await readyWorld();
    const [one, two] = [await world.make.lead({ country: "DE" }), await world.make.lead({ country: "DE" })];
    const sequenceId = await sequenceOf(world, STEPS);
    await enroll(world, sequenceId, one);
    // Of the sequence's four days one or all but one are before the other.
    if (rest === 1) await world.advance(2 * DAY);
    await enroll(world, sequenceId, two);
    await world.advance(rest === 1 ? passing - 2 * DAY : passing);
    await says(world, one, "Tell me more");
    await world.drain();
    const { mergeId } = await mergeLeads(world.ctx, { survivorId: two.id, otherId: one.id });
    const before = await world.sandbox.sent();
    await world.advance(5 * DAY);
    expect(await world.sandbox.sent()).toEqual(before);
    expect(await enrollmentsOf(world)).toMatchObject([{ leadId: two.id, ...left }]);
    await undoMerge(world.ctx, mergeId ?? "");
    await world.advance(10 * DAY);
    const after = (await world.sandbox.sent()).slice(before.length);
    expect(after.map(({ to }) => to)).toEqual([two.email, two.phone].slice(-rest));
  },
);

test("a colleague's answer while two leads are one ends, where it ends it for the company, what the undo gives back", async () => {
  const { world, survivor, other, sequenceId, undo, ofLead } = await mergedPair({
    sendWindow: ALWAYS,
    sameCompany: true,
  });
  const colleague = await world.make.lead({ country: "DE", email: "cy@kestrel.example" });
  await enroll(world, sequenceId, colleague);
  await world.advance(9 * DAY);
  await says(world, colleague, "We all heard of you");
  await world.drain();
  await undo();
  expect(await ofLead(survivor.id)).toMatchObject({ endReason: expect.stringContaining("a colleague replied") });
  expect(await ofLead(other.id)).toMatchObject({ status: "COMPLETED" });
});

const who = fc.constantFrom(0, 1);
const deed = fc.oneof(
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom("enrol" as const, "leave" as const), who, where: who }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant("merge or undo" as const), who, where: who }) },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constantFrom("reply" as const, "stop" as const, "buy" as const), who, where: who }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("wait" as const), who, where: who }) },
);
const PAIRS = 12;
const ROUNDS = 8;
/** What is done with each pair, round by round, after one of them came into both sequences and then the other; and the hours that pass each time. */
const lives = fc.record({
  hours: fc.array(fc.constantFrom(1, 30, 80), { minLength: ROUNDS, maxLength: ROUNDS }),
  deeds: fc.array(
    fc
      .tuple(who, fc.array(deed, { minLength: ROUNDS - 2, maxLength: ROUNDS - 2 }))
      .map(([first, then]) => [
        ...[first, 1 - first].map((one) => ({ does: "come in", who: one, where: 0 }) as const),
        ...then,
      ]),
    { minLength: PAIRS, maxLength: PAIRS },
  ),
});
type Deed = {
  does: "enrol" | "leave" | "merge or undo" | "reply" | "stop" | "buy" | "wait" | "come in";
  who: number;
  where: number;
};

/** Two people, who are one lead at times; and of which sequences each is out, with the touches that had gone out by then. */
type Two = {
  people: [Person, Person];
  merged: { mergeId: string; survivor: Person } | null;
  inside: Map<string, Set<string>>;
  outSince: Map<string, ReadonlySet<string>>;
};

const groupOf = ({ people, merged }: Two, person: Person): readonly Person[] => (merged ? people : [person]);
const leadOf = ({ merged }: Two, person: Person): Person => merged?.survivor ?? person;
const key = (person: Person, sequenceId: string) => `${person.id} ${sequenceId}`;

/** Whoever it is at the moment is out of all that any of them is in. */
function leavesAll(two: Two, person: Person, gone: ReadonlySet<string>): void {
  const group = groupOf(two, person);
  const inside = new Set(group.flatMap(({ id }) => [...(two.inside.get(id) ?? [])]));
  for (const one of group)
    for (const sequenceId of inside)
      if (!two.outSince.has(key(one, sequenceId))) two.outSince.set(key(one, sequenceId), gone);
}

async function act(
  world: World,
  two: Two,
  { does, who: place, where }: Deed,
  sequences: readonly string[],
  gone: ReadonlySet<string>,
) {
  const { ctx } = world;
  const person = two.people[place === 0 ? 0 : 1];
  const lead = leadOf(two, person);
  const sequenceId = sequences[where] ?? "";
  if (does === "enrol" || does === "come in") {
    for (const id of does === "enrol" ? [sequenceId] : sequences) {
      const [outcome] = await enrollLeads(ctx, { sequenceId: id, leadIds: [lead.id], by: "person", again: true });
      for (const one of outcome?.kind === "enrolled" ? groupOf(two, person) : []) {
        two.outSince.delete(key(one, id));
        two.inside.get(one.id)?.add(id);
      }
    }
  } else if (does === "merge or undo" && !two.merged) {
    const other = two.people[place === 0 ? 1 : 0];
    const { mergeId } = await mergeLeads(ctx, { survivorId: person.id, otherId: other.id });
    two.merged = { mergeId: mergeId ?? "", survivor: person };
  } else if (does === "merge or undo" && two.merged) {
    await undoMerge(ctx, two.merged.mergeId);
    two.merged = null;
  } else if (does === "reply" || does === "stop") {
    await says(world, person, does === "stop" ? "STOP" : "Tell me more");
    leavesAll(two, person, gone);
  } else if (does === "buy") {
    await buys(world, lead.id);
    leavesAll(two, person, gone);
  } else if (does === "leave") {
    const open = (await enrollmentsOf(world)).find(
      (one) => one.leadId === lead.id && one.sequenceId === sequenceId && one.status === "ACTIVE",
    );
    if (open) await cancelEnrollment(ctx, { enrollmentId: open.id });
  }
}

const touchesOf = ({ ctx }: World) =>
  ctx.db
    .selectFrom("messages as m")
    .innerJoin("sequenceStepExecutions as e", "e.id", "m.executionId")
    .innerJoin("sequenceSteps as s", "s.id", "e.stepId")
    .select(["m.id", "m.to", "s.sequenceId", "m.status"])
    .where("m.workspaceId", "=", ctx.workspace)
    .where("m.status", "in", ["sent", "delivered", "sending", "unknown"])
    .execute();

test("whatever the order of enrolments, merges, undoes, answers, noes, sales and days: nobody who has answered or said no is touched again by what they were in", async () => {
  let touched = 0;
  let out = 0;
  await fc.assert(
    fc.asyncProperty(lives, async ({ hours, deeds }) => {
      const world = await readyWorld();
      await updateSettings(world.ctx, { capPerChannelPerDay: 20, capPerWeek: 100 });
      const sequences = [await sequenceOf(world, STEPS), await sequenceOf(world, [...STEPS, ...STEPS.slice(1)])];
      const pairs: Two[] = [];
      for (let place = 0; place < PAIRS; place++) {
        const people: [Person, Person] = [
          await world.make.lead({ country: "DE" }),
          await world.make.lead({ country: "DE" }),
        ];
        pairs.push({
          people,
          merged: null,
          inside: new Map(people.map(({ id }) => [id, new Set()])),
          outSince: new Map(),
        });
      }
      for (const [round, passing] of hours.entries()) {
        const gone = new Set((await touchesOf(world)).map(({ id }) => id));
        for (const [place, two] of pairs.entries()) {
          const next = deeds[place]?.[round];
          if (next) await act(world, two, next, sequences, gone);
        }
        await world.advance(passing * 60);
      }
      for (const { merged } of pairs) if (merged) await undoMerge(world.ctx, merged.mergeId);
      await world.advance(20 * DAY);

      const touches = await touchesOf(world);
      const again = pairs.flatMap((two, pair) =>
        two.people.flatMap((person, place) =>
          touches
            .filter(({ to }) => to === person.phone || to === person.email)
            .filter(({ id, sequenceId }) => two.outSince.get(key(person, sequenceId))?.has(id) === false)
            .map(({ sequenceId, to }) => ({
              place,
              to,
              sequence: sequences.indexOf(sequenceId),
              life: deeds[pair],
              hours,
            })),
        ),
      );
      touched += touches.length;
      out += pairs.reduce((sum, { outSince }) => sum + outSince.size, 0);
      expect(again).toEqual([]);
      await world.close();
    }),
    { numRuns: 1, endOnFailure: true },
  );
  expect(touched).toBeGreaterThan(24);
  expect(out).toBeGreaterThan(12);
});
