import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { recordInterests } from "#domains/leads/index.ts";
import { eraseLead } from "#domains/leads/commands/erase-lead.ts";
import { mergeLeads } from "#domains/leads/commands/merge-leads.ts";
import { scoreRulesSchema, USUAL_RULES, type ScoreRules } from "#domains/leads/score/rules.ts";
import { importWorld } from "#domains/leads/imports/test-import.ts";
import { labelOf } from "#domains/leads/score/sets.ts";
import { nextChangeAt, workOutScore, type Interest, type ScoredLead } from "#domains/leads/score/work-out.ts";
import { processInboundEvents } from "#domains/messaging/commands/process-inbound.ts";
import { storeFacts } from "#domains/messaging/queries/inbound.ts";
import { newId } from "#platform/ids.ts";
import { sandboxReply } from "#providers/sandbox/port.ts";
import { readyWorld } from "#test/sequences.ts";
import { type World, testWorld } from "#test/world.ts";

const DAY_MS = 86_400_000;
const detail = z.object({
  score: z.number(),
  label: z.string(),
  parts: z.array(z.object({ points: z.number(), deeds: z.array(z.object({ points: z.number() })) })),
});
const scoreOf = async (world: World, leadId: string) => {
  const { body } = await world.request("GET", `/leads/${leadId}/score`, { as: "VIEWER" });
  return detail.parse(body);
};
const kept = async (world: World, leadId: string) =>
  world.ctx.db
    .selectFrom("leadScores")
    .select(["score", "label", "dueAt"])
    .where("leadId", "=", leadId)
    .executeTakeFirst();

test("a lead is scored when it comes in, and when it changes, by what it is; each point says where it comes from", async () => {
  const world = await testWorld();
  const lead = await world.make.lead({ company: undefined, source: "META" });
  await world.drain();
  // E-mail 5, phone 10, from an advertisement 15.
  expect(await scoreOf(world, lead.id)).toMatchObject({
    score: 30,
    label: "COLD",
    parts: [{ points: 5 }, { points: 10 }, { points: 15 }],
  });
  await world.request("PATCH", `/leads/${lead.id}`, { body: { company: "Kestrel" } });
  await world.drain();
  expect(await kept(world, lead.id)).toEqual({ score: 35, label: "COLD", dueAt: null });
  const listed = await world.request("GET", `/leads/${lead.id}`);
  expect(listed.body).toMatchObject({ score: 35, scoreLabel: "COLD" });
});

test("a reply makes a lead warmer within its job, halves in fourteen days, and what is kept falls with it without anybody's doing", async () => {
  const world = await readyWorld();
  const lead = await world.make.lead({});
  await recordInterests(world.ctx, [{ leadId: lead.id, kind: "reply", key: "msg_1", at: world.clock.now() }]);
  // Told again, it counts once.
  await recordInterests(world.ctx, [{ leadId: lead.id, kind: "reply", key: "msg_1", at: world.clock.now() }]);
  await world.drain();
  expect(await kept(world, lead.id)).toMatchObject({ score: 55, label: "WARM", dueAt: expect.any(Date) });
  world.clock.advance(14 * DAY_MS);
  await world.drain();
  expect(await scoreOf(world, lead.id)).toMatchObject({ score: 35, label: "COLD", parts: [{}, {}, { points: 20 }] });
  expect(await kept(world, lead.id)).toMatchObject({ score: 35, label: "COLD" });
  world.clock.advance(400 * DAY_MS);
  await world.drain();
  expect(await kept(world, lead.id)).toEqual({ score: 15, label: "COLD", dueAt: null });
});

test("a person's answer from the sandbox phone counts, an automatic one and a STOP do not", async () => {
  const world = await readyWorld();
  const [one, two, three] = [await world.make.lead({}), await world.make.lead({}), await world.make.lead({})];
  const said = (from: string | null, text: string, automatic = false) => {
    const id = newId("inb");
    const fact = sandboxReply({ id, channel: "SMS", from: from ?? "", to: "+15005550006", text, at: null, automatic });
    return { id, externalId: id, fact };
  };
  await storeFacts(world.ctx, "sandbox-sms", [
    said(one.phone, "Tell me more"),
    said(two.phone, "STOP"),
    said(three.phone, "I am away", true),
  ]);
  await processInboundEvents(world.ctx);
  await world.drain();
  expect(await kept(world, one.id)).toMatchObject({ score: 55, label: "WARM" });
  const interests = await world.ctx.db.selectFrom("leadInterests").select(["leadId", "kind"]).execute();
  expect(interests).toEqual([{ leadId: one.id, kind: "reply" }]);
});

test("the list is sorted by score and filtered by label, and its pages do not overlap", async () => {
  const world = await testWorld();
  const leads = await Promise.all(
    [0, 1, 2, 3, 4].map((replies) => world.make.lead({ lastName: `R${replies}`, tags: replies > 2 ? ["vip"] : [] })),
  );
  for (const [place, { id }] of leads.entries())
    await recordInterests(
      world.ctx,
      Array.from({ length: place }, (_, n) => ({
        leadId: id,
        kind: n % 2 ? ("booking" as const) : ("reply" as const),
        key: `${id} ${n}`,
        at: world.clock.now(),
      })),
    );
  await world.drain();
  const page = z.object({
    data: z.array(z.object({ id: z.string(), score: z.number(), scoreLabel: z.string() })),
    next_cursor: z.string().nullable(),
  });
  const get = async (query: string) => page.parse((await world.request("GET", `/leads?${query}`)).body);
  const first = await get("sort=score&limit=3");
  const rest = await get(`sort=score&limit=3&cursor=${first.next_cursor}`);
  const all = [...first.data, ...rest.data];
  expect(all.map(({ score }) => score)).toEqual([100, 100, 100, 55, 15]);
  expect(new Set(all.map(({ id }) => id)).size).toBe(5);
  expect((await get("scoreLabel=HOT")).data).toHaveLength(3);
  expect((await get("scoreLabel=HOT&scoreLabel=WARM&sort=name")).data).toHaveLength(4);
  expect((await get("sort=score&order=asc&search=R1")).data.map(({ score }) => score)).toEqual([55]);
  const count = await world.request("GET", "/leads/count?scoreLabel=COLD");
  expect(count.body).toMatchObject({ count: 1 });
});

test("a lead that was not scored yet is last in the list by score and among the cold ones, on whatever page; it shows no score until it has one", async () => {
  const world = await testWorld();
  const scored = await Promise.all([1, 2].map(() => world.make.lead({})));
  await world.drain();
  const fresh = await Promise.all([1, 2, 3].map((n) => world.make.lead({ tags: [`t${n}`] })));
  const page = z.object({
    data: z.array(z.object({ id: z.string(), score: z.number().nullable() })),
    next_cursor: z.string().nullable(),
  });
  const pages = async (query: string) => {
    const found: z.infer<typeof page>["data"] = [];
    let cursor: string | null = null;
    do {
      const { body } = await world.request(
        "GET",
        `/leads?${query}&limit=2${cursor === null ? "" : `&cursor=${cursor}`}`,
      );
      const read: z.infer<typeof page> = page.parse(body);
      found.push(...read.data);
      cursor = read.next_cursor;
    } while (cursor !== null);
    return found;
  };
  const listed = await pages("sort=score");
  expect(
    listed
      .slice(0, 2)
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual(scored.map(({ id }) => id).toSorted());
  expect(listed.slice(2).map(({ score }) => score)).toEqual([null, null, null]);
  expect(new Set(listed.map(({ id }) => id)).size).toBe(5);
  expect((await pages("sort=score&order=asc")).map(({ id }) => id)).toEqual(listed.map(({ id }) => id).toReversed());
  expect((await pages("scoreLabel=COLD&sort=name")).map(({ id }) => id)).toEqual(
    expect.arrayContaining(fresh.map(({ id }) => id)),
  );
  await world.drain();
  expect((await pages("sort=score")).filter(({ score }) => score === null)).toEqual([]);
});

test("somebody erased before they were first scored stays in the list by score, of nothing, as in any other", async () => {
  const world = await testWorld();
  const lead = await world.make.lead({ email: "ana@example.com" });
  // As those who were there before scores were: due at once, and not worked out yet.
  await world.app.ownerPool.query("delete from graphile_worker._private_jobs where payload->>'workspaceId' = $1", [
    world.workspace,
  ]);
  await world.ctx.db
    .updateTable("leadScores")
    .set({ dueAt: new Date(0) })
    .where("leadId", "=", lead.id)
    .execute();
  await eraseLead(
    world.ctx,
    { leadId: lead.id, reason: "They asked", confirm: "ana@example.com" },
    world.runtime.config.dataDir,
  );
  await world.drain();
  for (const sort of ["score", "createdAt"]) {
    const { body } = await world.request("GET", `/leads?sort=${sort}`);
    expect(body).toMatchObject({ data: [{ id: lead.id, score: null }] });
  }
  const { status, body } = await world.request("GET", `/leads/${lead.id}/score`);
  expect([status, body]).toEqual([200, { score: 0, label: "COLD", parts: [] }]);
});

test("a change of the rules is shown before and after without changing anything, and then scores every lead in the background", async () => {
  const world = await testWorld();
  const lead = await world.make.lead({ tags: ["VIP"] });
  await world.make.lead({});
  await world.drain();
  const rules: ScoreRules = {
    halfLifeDays: 7,
    rules: [...USUAL_RULES.rules, { kind: "tag", tag: "vip", points: 60 }],
  };
  const preview = await world.request("POST", "/score-rules/preview", { body: rules, as: "VIEWER" });
  expect(preview.body).toMatchObject({
    sampled: 2,
    total: 2,
    before: { labels: { COLD: 2, WARM: 0, HOT: 0 } },
    after: { bars: [0, 1, 0, 0, 0, 0, 0, 1, 0, 0], labels: { COLD: 1, WARM: 0, HOT: 1 } },
  });
  expect(await kept(world, lead.id)).toMatchObject({ score: 15 });
  expect((await world.request("PUT", "/score-rules", { body: rules, as: "MEMBER" })).status).toBe(403);
  await world.request("PUT", "/score-rules", { body: rules });
  await world.drain();
  expect(await kept(world, lead.id)).toMatchObject({ score: 75, label: "HOT" });
  expect((await world.request("GET", "/score-rules")).body).toMatchObject({
    halfLifeDays: 7,
    isUsual: false,
    run: { done: 2, total: 2, finishedAt: expect.any(String) },
  });
  const faulty = { rules: [{ kind: "field", field: "country", test: "is", points: 5 }] };
  expect((await world.request("PUT", "/score-rules", { body: faulty })).status).toBe(422);
});

test("leads of an import are scored when it has ended", async () => {
  const world = await importWorld();
  await world.importFile("email,phone\nana@example.com,+12125550142\nleo@example.com,\n");
  const scores = await world.ctx.db.selectFrom("leadScores").select("score").orderBy("score").execute();
  expect(scores.map(({ score }) => score)).toEqual([5, 15]);
});

test("what a merged lead did counts for the survivor, and is given back when the merge is undone", async () => {
  const world = await testWorld();
  const [one, two] = [await world.make.lead({}), await world.make.lead({})];
  await recordInterests(world.ctx, [{ leadId: two.id, kind: "reply", key: "msg_1", at: world.clock.now() }]);
  await world.drain();
  const { mergeId } = await mergeLeads(world.ctx, { survivorId: one.id, otherId: two.id });
  await world.drain();
  expect(await kept(world, one.id)).toMatchObject({ score: 55 });
  await world.request("POST", `/merges/${mergeId}/undo`, { body: {} });
  await world.drain();
  expect([await kept(world, one.id), await kept(world, two.id)]).toMatchObject([{ score: 15 }, { score: 55 }]);
});

const lead: fc.Arbitrary<ScoredLead> = fc.record({
  email: fc.option(fc.constant("ana@example.com"), { nil: null }),
  phone: fc.option(fc.constant("+12125550142"), { nil: null }),
  linkedin: fc.constant(null),
  company: fc.option(fc.constantFrom("Kestrel", "KESTREL Ltd"), { nil: null }),
  jobTitle: fc.constant(null),
  website: fc.constant(null),
  region: fc.constant(null),
  country: fc.constantFrom("US", null),
  notes: fc.constant(null),
  source: fc.constantFrom("MANUAL", "META", "API"),
  sourceLabel: fc.constant(null),
  tags: fc.subarray(["VIP", "Cold call"]),
});
const NOW = Date.parse("2026-03-02T12:00:00Z");
const interest: fc.Arbitrary<Interest> = fc.record({
  kind: fc.constantFrom("reply", "click", "booking"),
  key: fc.uuid(),
  at: fc.integer({ min: 0, max: 90 }).map((days) => new Date(NOW - days * DAY_MS)),
});
const points = fc.integer({ min: -100, max: 100 });
const rules: fc.Arbitrary<ScoreRules> = fc
  .record({
    halfLifeDays: fc.integer({ min: 1, max: 60 }),
    email: points,
    company: points,
    tag: points,
    reply: fc.nat({ max: 100 }),
    most: fc.nat({ max: 100 }),
  })
  .map((given) =>
    scoreRulesSchema.parse({
      halfLifeDays: given.halfLifeDays,
      rules: [
        { kind: "field", field: "email", test: "isSet", points: given.email },
        { kind: "field", field: "company", test: "contains", value: "kestrel", points: given.company },
        { kind: "tag", tag: "vip", points: given.tag },
        { kind: "interest", interest: "reply", points: given.reply, atMost: given.most },
        { kind: "interest", interest: "click", points: 10, atMost: 20 },
      ],
    }),
  );

test("a score lies between 0 and 100, never rises by time alone, and stands until the instant that is kept with it", () => {
  fc.assert(
    fc.property(lead, fc.array(interest, { maxLength: 6 }), rules, (who, done, by) => {
      const now = new Date(NOW);
      const { score, label } = workOutScore(who, done, by, now);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(100);
      expect(label).toBe(labelOf(score));
      const later = (at: number) => workOutScore(who, done, by, new Date(at)).score;
      for (const days of [1, 7, 30, 365]) expect(later(NOW + days * DAY_MS)).toBeLessThanOrEqual(score);
      const next = nextChangeAt(who, done, by, now);
      if (next === null) {
        expect(later(NOW + 3_000 * DAY_MS)).toBe(score);
      } else {
        expect(later(next.getTime())).toBeLessThan(score);
        // An hour is the least: within it the score may be one step ahead.
        if (next.getTime() - NOW > 3_600_000) expect(later(next.getTime() - 120_000)).toBe(score);
      }
    }),
    { numRuns: 300 },
  );
});
