import { expect, test } from "vitest";
import { type LeadRule, type Rules, type SequenceRule, keepWatch } from "./invariants.ts";
import type { Touch } from "./observe.ts";

const LORD_HOWE: LeadRule = { key: "the other", zone: "Australia/Lord_Howe", country: "AU", tier: "gold" };
const PHOENIX: LeadRule = { key: "the survivor", zone: "America/Phoenix", country: "US", tier: "silver" };
const ALWAYS = { days: [1, 2, 3, 4, 5, 6, 7], start: "00:00", end: "24:00" };
const SPRING: SequenceRule = { key: "Spring", window: ALWAYS, stopOnReply: true };
/** What a sequence may not do to people, by what each of them is. */
const FOR_GOLD: SequenceRule = { ...SPRING, meantFor: new Map([[1, ({ tier }: LeadRule) => tier === "gold"]]) };

const rulesWith = (more: { settings?: Partial<Rules["settings"]> } & Partial<Omit<Rules, "settings">> = {}): Rules => ({
  leads: new Map([
    ["lead_1", PHOENIX],
    ["lead_2", LORD_HOWE],
  ]),
  sequences: new Map([
    ["seq_1", SPRING],
    ["seq_2", FOR_GOLD],
    ["seq_3", { ...SPRING, silentDays: 5 }],
  ]),
  senders: new Map(),
  earlier: [],
  ...more,
  settings: {
    sendWindow: ALWAYS,
    holidays: [],
    capPerChannelPerDay: 50,
    capPerDay: null,
    capPerWeek: 1_000,
    minGapMinutes: null,
    timeZone: "America/New_York",
    emailPerMinute: 1_000,
    smsPerMinute: 1_000,
    callPerMinute: 1_000,
    channelLimits: {},
    ...more.settings,
  },
});

let made = 0;
/** A mail of a step of its own, to the survivor. */
function touchAt(at: string, more: Partial<Touch> = {}): Touch {
  made += 1;
  return {
    messageId: `msg_${made}`,
    executionId: `exe_${made}`,
    enrollmentId: `enr_${made}`,
    channel: "EMAIL",
    from: "us@us.invalid",
    to: "them@them.invalid",
    headers: {},
    at: new Date(at),
    tries: 1,
    place: 0,
    outcome: "accepted",
    isTaken: true,
    leadId: "lead_1",
    purpose: "sequence",
    enrolledAt: new Date("2026-03-01T00:00Z"),
    sequenceId: "seq_1",
    campaignId: null,
    stepOrder: 0,
    run: 1,
    ...more,
  };
}

/** What a watch finds in these touches. */
function found(rules: Rules, touches: readonly Touch[]): string[] {
  const watch = keepWatch(rules);
  for (const touch of touches) watch.see(touch);
  return watch.violations.map(({ what }) => what);
}
const at = (...times: readonly string[]) => times.map((time) => touchAt(`2026-03-03T${time}Z`));

test("no more is handed over in a minute than the channel's limit of the minute, retries counted, and in the next minute again as many", () => {
  const rules = rulesWith({ settings: { emailPerMinute: 2 } });
  expect(found(rules, at("12:00:00", "12:00:59", "12:01:00", "12:01:30"))).toEqual([]);
  expect(found(rules, at("12:00:00", "12:00:20", "12:00:40"))).toEqual([
    expect.stringContaining("limit of the minute"),
  ]);
});

test("no more is handed over in a day of the workspace than the channel's limit, and a ramp allows more from day to day up to it", () => {
  const ramp = { start: 1, step: 1, since: "2026-03-02" };
  const rules = rulesWith({ settings: { channelLimits: { EMAIL: { perDay: 2, ramp } } } });
  // New York is five hours behind: its third of March begins at 05:00 UTC.
  expect(found(rules, at("04:59", "05:00", "12:00"))).toEqual([]);
  expect(found(rules, at("04:58", "04:59"))).toEqual([expect.stringContaining("limit of the day")]);
  const later = at("12:00", "12:01", "12:02").map((touch) => ({
    ...touch,
    at: new Date(touch.at.getTime() + 9 * 86_400_000),
  }));
  expect(found(rules, later)).toEqual([expect.stringContaining("limit of the day")]);
});

test("a sender hands over no more than its minute, its day and its ramp allow, and a channel with senders goes out from these alone", () => {
  const sender = { channel: "EMAIL", perMinute: 100, perDay: 1_000, rampFrom: null } as const;
  const pool = (more: Partial<typeof sender> | { rampFrom: Date }) =>
    rulesWith({ senders: new Map([["us@us.invalid", { ...sender, ...more }]]) });
  const many = (count: number, day = 3) =>
    Array.from({ length: count }, (_, place) => touchAt(new Date(Date.UTC(2026, 2, day, 12, place)).toISOString()));
  const began = { rampFrom: new Date("2026-03-03T15:00Z") };
  expect(found(pool(began), many(20))).toEqual([]);
  expect(found(pool(began), many(21))).toEqual([expect.stringContaining("over the day of its sender")]);
  expect(found(pool(began), [...many(20), ...many(22, 4)])).toEqual([]);
  expect(found(pool(began), many(23, 4))).toEqual([expect.stringContaining("over the day of its sender")]);
  expect(
    found(rulesWith({ senders: new Map([["us@us.invalid", { ...sender, perMinute: 1 }]]) }), at("12:00", "12:00")),
  ).toEqual([expect.stringContaining("over the minute of its sender")]);
  const foreign = [touchAt("2026-03-03T12:00Z", { from: "else@us.invalid" })];
  expect(found(pool({}), foreign)).toEqual([expect.stringContaining("no sender of the channel")]);
  expect(found(pool({}), [touchAt("2026-03-03T18:00Z", { from: "else@us.invalid", channel: "SMS" })])).toEqual([]);
});

test("of two leads that have become one the touches of both count, in the calendar of whoever the lead is now, until they are two again", () => {
  const rules = rulesWith({ settings: { capPerWeek: 2 } });
  const merged = { survivorId: "lead_1", otherId: "lead_2", enrollments: [] };
  // In Lord Howe the 27th of October, in Phoenix still the 26th: seven days before the 2nd of November, and so no more in its week.
  const first = touchAt("2026-10-26T22:00Z", { leadId: "lead_2" });
  const second = touchAt("2026-10-28T22:00Z", { leadId: "lead_2" });
  const third = touchAt("2026-11-02T22:48Z");
  const inTime = keepWatch(rules);
  for (const touch of [first, second]) inTime.see(touch);
  inTime.people.merge(merged, new Date("2026-11-01T00:00Z"));
  inTime.see(third);
  expect(inTime.violations).toEqual([]);

  const tooSoon = keepWatch(rules);
  for (const touch of [first, second]) tooSoon.see(touch);
  tooSoon.people.merge(merged, new Date("2026-11-01T00:00Z"));
  tooSoon.see(touchAt("2026-11-01T22:48Z"));
  expect(tooSoon.violations.map(({ what }) => what)).toEqual([expect.stringContaining("over the cap of the week")]);

  const again = keepWatch(rules);
  for (const touch of [first, second]) again.see(touch);
  again.people.merge(merged, new Date("2026-11-01T00:00Z"));
  again.people.undo("lead_2", new Date("2026-11-01T12:00Z"));
  again.see(touchAt("2026-11-01T22:48Z"));
  expect(again.violations).toEqual([]);

  const retried = keepWatch(rulesWith({ settings: { capPerWeek: 1 } }));
  retried.people.merge(merged, new Date("2026-11-01T00:00Z"));
  // Written to the other before they were one, and taken at a later try.
  const late = touchAt("2026-11-01T18:00Z");
  retried.see(late);
  retried.people.undo("lead_2", new Date("2026-11-01T20:00Z"), { written: new Set([late.messageId]) });
  retried.see(touchAt("2026-11-01T22:48Z"));
  expect(retried.violations).toEqual([]);
});

test("what one of two got while they were one counts for them too when they are two again", () => {
  const parted = (received: (touch: Touch) => string[]) => {
    const watch = keepWatch(rulesWith({ settings: { capPerWeek: 1 } }));
    watch.people.merge({ survivorId: "lead_1", otherId: "lead_2", enrollments: [] }, new Date("2026-11-01T00:00Z"));
    const meanwhile = touchAt("2026-11-01T18:00Z");
    watch.see(meanwhile);
    watch.people.undo("lead_2", new Date("2026-11-01T20:00Z"), { received: new Set(received(meanwhile)) });
    watch.see(touchAt("2026-11-02T22:48Z", { leadId: "lead_2" }));
    return watch.violations.map(({ what }) => what.replace(/^.*\) /, ""));
  };
  expect(parted(({ messageId }) => [messageId])).toEqual(["over the cap of the week"]);
  expect(parted(() => [])).toEqual([]);
});

test("who answers, answers for all of their company who are in a sequence that is for it, and for nobody else", () => {
  const company = "mill";
  const rules = rulesWith({
    leads: new Map([
      ["lead_1", { ...PHOENIX, company }],
      ["lead_2", { ...PHOENIX, company }],
      ["lead_3", { ...PHOENIX, company: "forge" }],
      ["lead_4", PHOENIX],
    ]),
    sequences: new Map([
      ["seq_1", { ...SPRING, sameCompany: true }],
      ["seq_2", SPRING],
      ["seq_3", { ...SPRING, stopOnReply: false, sameCompany: true }],
    ]),
  });
  const after = (more: Partial<Touch>, { kind = "reply" as "reply" | "automatic", of = "seq_1" } = {}) => {
    const watch = keepWatch(rules);
    const said = touchAt("2026-03-03T18:00Z", { sequenceId: of });
    watch.see(said);
    watch.hear(said, { kind }, new Date("2026-03-04T00:00Z"));
    watch.see(touchAt("2026-03-05T18:00Z", { to: "other@them.invalid", enrollmentId: "enr_other", ...more }));
    return watch.violations.map(({ what }) => what.replace(/^.*\) /, ""));
  };
  expect(after({ leadId: "lead_2" })).toEqual(["after a colleague's reply"]);
  expect(after({ leadId: "lead_2" }, { kind: "automatic" })).toEqual([]);
  expect(after({ leadId: "lead_2", enrolledAt: new Date("2026-03-04T12:00Z") })).toEqual([]);
  expect(after({ leadId: "lead_2", sequenceId: "seq_2" })).toEqual([]);
  for (const of of ["seq_2", "seq_3"]) expect(after({ leadId: "lead_2", sequenceId: of }, { of })).toEqual([]);
  for (const leadId of ["lead_3", "lead_4"]) expect(after({ leadId })).toEqual([]);
});

test("a reply ends what its lead was in, and of what the other of two is in only what is the same sequence; said as one it ends what either was in, also after an undo", () => {
  const enrolledAt = new Date("2026-03-01T00:00Z");
  const enrollments = [
    { id: "enr_own", leadId: "lead_1", sequenceId: "seq_1", enrolledAt },
    { id: "enr_twin", leadId: "lead_2", sequenceId: "seq_1", enrolledAt },
    { id: "enr_others", leadId: "lead_2", sequenceId: "seq_2", enrolledAt },
  ];
  const said = touchAt("2026-03-03T12:00Z", { enrollmentId: "enr_own" });
  const next = (enrollmentId: string, more: Partial<Touch> = {}) =>
    touchAt("2026-03-07T18:00Z", { enrollmentId, to: "another@them.invalid", ...more });
  const watched = (kind: "reply" | "stop", repliedAt: string, touch: Touch, undoneAt?: string) => {
    const watch = keepWatch(rulesWith());
    watch.see(said);
    const hear = () => watch.hear(said, { kind }, new Date(repliedAt));
    if (repliedAt < "2026-03-05") hear();
    watch.people.merge({ survivorId: "lead_1", otherId: "lead_2", enrollments }, new Date("2026-03-05T00:00Z"));
    if (repliedAt > "2026-03-05") hear();
    if (undoneAt !== undefined) watch.people.undo("lead_2", new Date(undoneAt));
    watch.see(touch);
    return watch.violations.map(({ what }) => what.replace(/^.*\) /, ""));
  };
  const [before, meanwhile, undone] = ["2026-03-04T00:00Z", "2026-03-06T00:00Z", "2026-03-07T00:00Z"];
  const others = { leadId: "lead_2", to: "other@them.invalid" };
  expect(watched("reply", before, next("enr_own"))).toEqual(["after a reply"]);
  expect(watched("reply", before, next("enr_others"))).toEqual([]);
  expect(watched("reply", before, next("enr_twin"))).toEqual(["after an answer of the other of two who are one"]);
  expect(watched("reply", before, next("enr_twin", others), undone)).toEqual([]);
  expect(watched("reply", meanwhile, next("enr_others"))).toEqual(["after a reply"]);
  expect(watched("reply", meanwhile, next("enr_twin", others), undone)).toEqual(["after a reply"]);
  expect(watched("reply", meanwhile, next("enr_new", { enrolledAt: new Date(undone) }), undone)).toEqual([]);
  expect(watched("stop", before, next("enr_others"))).toEqual(["after stop, before a merge"]);
  expect(watched("stop", before, next("enr_others", { channel: "SMS" }))).toEqual([]);
});

test("who is one with a customer is a customer until they are two again, and who became one as both leaves what either was in", () => {
  const enrollments = [
    { id: "enr_2", leadId: "lead_2", sequenceId: "seq_1", enrolledAt: new Date("2026-03-01T00:00Z") },
  ];
  const merged = { survivorId: "lead_1", otherId: "lead_2", enrollments };
  const found = (does: (watch: ReturnType<typeof keepWatch>) => void, touch: Touch) => {
    const watch = keepWatch(rulesWith());
    does(watch);
    watch.see(touch);
    return watch.violations.map(({ what }) => what.replace(/^.*\) /, ""));
  };
  const at = (day: number) => new Date(Date.UTC(2026, 2, day));
  const first = ({ people }: ReturnType<typeof keepWatch>) => {
    people.convert("lead_2", at(3));
    people.merge(merged, at(4));
  };
  const later = { enrolledAt: at(5) };
  expect(found(first, touchAt("2026-03-06T12:00Z", later))).toEqual(["after a conversion"]);
  const parted = (watch: ReturnType<typeof keepWatch>) => {
    first(watch);
    watch.people.undo("lead_2", at(6));
  };
  expect(found(parted, touchAt("2026-03-07T12:00Z", later))).toEqual([]);
  const asOne = ({ people }: ReturnType<typeof keepWatch>) => {
    people.merge(merged, at(3));
    people.convert("lead_1", at(4));
    people.undo("lead_2", at(5));
  };
  expect(found(asOne, touchAt("2026-03-07T12:00Z", { leadId: "lead_2", enrollmentId: "enr_2" }))).toEqual([
    "after a conversion",
  ]);
  expect(found(asOne, touchAt("2026-03-07T12:00Z", { leadId: "lead_2", enrolledAt: at(6) }))).toEqual([]);
});

test("who was let in for silence stays rightly in when a merge brings touches that were another's then", () => {
  const watch = keepWatch(rulesWith());
  watch.see(touchAt("2026-03-07T12:00Z", { leadId: "lead_2" }));
  watch.people.merge({ survivorId: "lead_1", otherId: "lead_2", enrollments: [] }, new Date("2026-03-09T00:00Z"));
  const letIn = { sequenceId: "seq_3", enrolledAt: new Date("2026-03-08T12:00Z") };
  watch.see(touchAt("2026-03-10T12:00Z", letIn));
  watch.see(touchAt("2026-03-11T12:00Z", { ...letIn, enrolledAt: new Date("2026-03-10T18:00Z") }));
  expect(watch.violations.map(({ at, what }) => [at.toISOString().slice(0, 10), what.replace(/^.*\) /, "")])).toEqual([
    ["2026-03-11", "let in although something was sent lately"],
  ]);
});

test("nothing goes out of what stands still, to whom has become a customer, of a step for others, behind a later step, or after a recent touch", () => {
  const watch = keepWatch(rulesWith());
  const see = (touch: Touch) => {
    const before = watch.violations.length;
    watch.see(touch);
    return watch.violations.slice(before).map(({ what }) => what.replace(/^.*\) /, ""));
  };
  const way = { enrollmentId: "enr_way" };
  watch.hold("seq_1");
  expect(see(touchAt("2026-03-03T12:00Z"))).toEqual(["while its sequence was paused"]);
  watch.letGo("seq_1");
  watch.hold("camp_1");
  expect(see(touchAt("2026-03-03T12:01Z", { campaignId: "camp_1" }))).toEqual(["while its campaign was paused"]);
  expect(see(touchAt("2026-03-03T12:02Z", { ...way, stepOrder: 2 }))).toEqual([]);
  expect(see(touchAt("2026-03-03T12:03Z", { ...way, stepOrder: 1 }))).toEqual(["behind a later step"]);
  expect(see(touchAt("2026-03-03T12:04Z", { sequenceId: "seq_2", stepOrder: 1 }))).toEqual([
    "of a step that is not meant for this lead",
  ]);
  const silent = { sequenceId: "seq_3", enrolledAt: new Date("2026-03-08T12:00Z") };
  expect(see(touchAt("2026-03-08T13:00Z", silent))).toEqual(["let in although something was sent lately"]);
  expect(see(touchAt("2026-03-08T13:01Z", { ...silent, leadId: "lead_2" }))).toEqual([]);
  watch.people.convert("lead_2", new Date("2026-03-09T12:00Z"));
  expect(see(touchAt("2026-03-09T12:00:01Z", { leadId: "lead_2" }))).toEqual(["after a conversion"]);
});

test("an answer that its vendor tells again is the same answer: who was let in between the two is rightly written to", () => {
  const watch = keepWatch(rulesWith());
  const said = touchAt("2026-03-10T15:00Z");
  watch.see(said);
  for (const hour of ["20", "22"]) watch.hear(said, { kind: "reply" }, new Date(`2026-03-10T${hour}:00Z`));
  watch.see(touchAt("2026-03-15T12:00Z", { enrolledAt: new Date("2026-03-10T21:00Z") }));
  expect(watch.violations).toEqual([]);
  watch.see(touchAt("2026-03-15T12:01Z", { enrolledAt: new Date("2026-03-10T19:00Z") }));
  expect(watch.violations.map(({ what }) => what)).toEqual([expect.stringContaining("after a reply")]);
});
