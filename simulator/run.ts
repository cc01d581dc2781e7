import type { Kysely } from "kysely";
import { type Clock, virtualClock } from "#platform/clock.ts";
import type { Config } from "#platform/config.ts";
import type { Context } from "#platform/context.ts";
import type { DB } from "#platform/database/types.ts";
import { keepEvents } from "#platform/events.ts";
import { sha256 } from "#platform/ids.ts";
import { webhookUrlOf } from "#platform/integrations/load.ts";
import { type IdSource, makeIdsOf } from "#platform/ids.ts";
import { drainLoops } from "#platform/loops.ts";
import { nextDue, releaseJobs, runReadyJobs } from "#platform/virtual-time.ts";
import { type Channel, settleMessage, takeWebhook } from "#domains/messaging/index.ts";
import type { AnswerRates } from "#domains/outreach/index.ts";
import { openAgenda } from "./agenda.ts";
import { type Act, reactionsTo } from "./behaviour.ts";
import { type Chance, chanceOf } from "./chance.ts";
import { CLEARING, DISPATCH, type Work, findWork } from "./due-loops.ts";
import { factOf } from "./facts.ts";
import { type Faults, onTheWay } from "./faults.ts";
import { type Rules, type Violation, type Watch, keepWatch } from "./invariants.ts";
import { type Life, startLife } from "./life.ts";
import { COUNT_ROWS } from "./scratch.ts";
import { type Touch, findLeftOut, findStuck, findUnsettled, listUnknown, markOf, touchesOf } from "./observe.ts";
import { VENDOR_OF, callback } from "./vendors.ts";
import { faultyVendors } from "./faulty-vendors.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** What is due and is held back without a time of its own is asked about again after this time. */
const LATER_MS = 15 * MINUTE_MS;
/** A loop that rests this long tidies: it is turned now and then, not at every stop of the clock. */
const SLOW_MS = 60_000;
const SLOW_EVERY_MS = 6 * 3_600_000;
/** After a death: when leases of messages end, and when what was with its vendor counts as lost. */
const AFTER_DEATH_MS = [61_000, 92_000, 153_000];
/** Tables that hold nothing are counted when so many touches are out. */
const FIRST_COUNTED = 50;
/** A death comes within so many statements of a stop, or the stop is survived. */
const STATEMENTS = 80;
/** Long enough that most answers come together with something that is due, and short of what a rule that counts days would tell. */
export const PATIENCE_MINUTES = 12 * 60;
/** By when all callbacks of a run have come, even late and repeated ones, and a person has settled what nobody told. */
const AFTERWARDS_DAYS = 9;

/** Something that people of ours do at an instant. */
export type Deed = {
  at: Date;
  /** One transaction, done again by the next process where one dies over it; the watch is told when it is done. */
  act: (ctx: Context, watch: Watch) => Promise<void>;
};

/** What a run begins with, made on the scratch database at the run's start. */
export type Stage = {
  workspace: string;
  rules: Rules;
  deeds: readonly Deed[];
  /** Whom a trigger must have let in by the end; grows with what is done. */
  mustBeIn?: readonly { leadId: string; sequenceId: string }[];
};

export type Plan = {
  seed: number;
  start: Date;
  days: number;
  rates: AnswerRates;
  faults: Faults;
  config: Config;
  /** The owner's connection to the scratch database. */
  databaseUrl: string;
  /** Makes the workspace; called in the first process's life. */
  prepare: (life: Life, chance: Chance) => Promise<Stage>;
  /**
   * Rows are held against the rules when all is over, or at the end of each day, or at every stop of the clock too: those that anybody has written
   * since the stop before. Touches always are.
   */
  check: "stop" | "day" | "end";
  /** People act on full units of so many minutes: what thousands do within one is one stop of the clock. */
  gridMinutes: number;
  /**
   * The clock does not stop for answers alone before this time is over: they are taken in together, ahead of whatever is due next. No touch that an
   * answer would have stopped is due in between.
   */
  patienceMinutes: number;
  /**
   * Whether what a receiver did bears on no other lead's touches. Where the plan can say so, it is taken in ahead of what is due for that lead, or of
   * what is more than touches, and does not come ahead of others': a thousand calls at sixty a minute are answered together.
   */
  isPrivate?: (touch: Touch, act: Act) => boolean;
  /** Channels that have no vendor. */
  without?: readonly Channel[];
  /** Names of loops and jobs that are never done: nothing that is sent depends on them. */
  leftOut?: readonly string[];
  /** Types of events that are written down, where they are not all. */
  events?: ReadonlySet<string>;
  /** Reads what is wanted of the rows when all is over, before the last process ends. */
  atEnd?: (rows: Kysely<DB>, run: Run) => Promise<void>;
  onDay?: (progress: { day: number; touches: number; violations: number }) => void;
  signal?: AbortSignal;
  /** For tests of the simulator itself: another touch in place of what was seen. */
  distort?: (touch: Touch) => Touch;
};

export type Answered = { touch: Touch; act: Act; at: Date };
export type Run = {
  touches: Touch[];
  answers: Answered[];
  violations: Violation[];
  /** Processes that were killed. */
  deaths: number;
  /** Instants at which the clock stopped. */
  stops: number;
  /** SHA-256 over all hand-overs, told by lead and step: the same for the same seed. */
  digest: string;
};

/** Ids by the virtual clock and a count: rows come in the order of their making, and a repeated run's have the same. */
function countedIds(clock: Clock): IdSource {
  let made = 0n;
  return {
    ms: () => clock.now().getTime(),
    // As newId takes them: two bytes of a start, eight of the rest.
    fill(bytes) {
      bytes.fill(0);
      for (let at = 0; at + 10 <= bytes.length; at += 10) bytes.writeBigUInt64BE((made += 1n), at + 2);
    },
  };
}

/** Tells a touch in a repeated run, in which ids are others. */
const keyOf = ({ leads, sequences }: Rules, { leadId, sequenceId, run, stepOrder, channel, place }: Touch): string =>
  [leads.get(leadId ?? "")?.key, sequences.get(sequenceId ?? "")?.key, run, stepOrder, channel, place].join(" ");

function digestOf(rules: Rules, touches: readonly Touch[]): string {
  const lines = touches.map((touch) =>
    [touch.at.toISOString(), keyOf(rules, touch), touch.tries, touch.outcome, touch.to].join(" "),
  );
  return sha256(lines.toSorted().join("\n"));
}

/** Lives through the days of a plan. Throws when the engine throws, or when `signal` says so. */
export async function simulate(plan: Plan): Promise<Run> {
  const { config, databaseUrl, faults, rates, gridMinutes, without = [] } = plan;
  const leftOut = new Set(plan.leftOut);
  const chance = chanceOf(plan.seed);
  const isFaulty = Object.values(faults).some((share) => share > 0);
  const virtual = virtualClock(plan.start);
  // However busy the machine is, a turn of a loop takes no time.
  const clock = { ...virtual, elapsed: () => 0 };
  const giveIdsBack = makeIdsOf(countedIds(virtual));
  const { events } = plan;
  const writeAllAgain = events ? keepEvents((type) => events.has(type)) : () => undefined;
  const giveBack = () => {
    giveIdsBack();
    writeAllAgain();
  };
  const end = plan.start.getTime() + plan.days * DAY_MS;
  let life: Life | undefined;
  const vendors = faultyVendors({ faults, chance, clock, until: end, without, life: () => life });
  const begin = () => startLife({ config, databaseUrl, clock, vendors });
  let living = (life = await begin().catch((error: unknown) => {
    giveBack();
    throw error;
  }));
  const run: Run = { touches: [], answers: [], violations: [], deaths: 0, stops: 0, digest: "" };
  const coming = openAgenda<{ touch: Touch; act: Act }>();
  /** Told to us, and not yet certain to have been taken in. */
  let told: { touch: Touch; act: Act }[] = [];
  /** Up to where rows were held against the rules. */
  let looked: string | null = null;
  let stops: number[] = [];
  let counted = 0;
  let sweptAt = Number.NEGATIVE_INFINITY;
  /** What the last look for work has told of what comes next; undefined once anything else was done. */
  let foundNext: Date | null | undefined;

  try {
    const { workspace, rules, deeds, mustBeIn = [] } = await plan.prepare(living, chance);
    const waiting = deeds.toSorted((one, other) => one.at.getTime() - other.at.getTime());
    const watch = keepWatch(rules);
    run.violations = watch.violations;
    const rows = () => living.watching.forWorkspace(workspace);
    const ctxOf = () => living.app.runtime.contextFor(workspace, { kind: "system", id: "simulator" });

    async function afterDeath(): Promise<void> {
      await living.end();
      run.deaths += 1;
      living = life = await begin();
      await releaseJobs(living.app.ownerPool);
      stops.push(...AFTER_DEATH_MS.map((ms) => clock.now().getTime() + ms));
    }

    /** In this life or in the next: a vendor says again what was not taken, and people press the button again. */
    async function surely(work: () => Promise<unknown>): Promise<void> {
      while (!(await living.untilDeath(work()))) await afterDeath();
    }

    async function hearOthers(until: number): Promise<void> {
      const due = coming.take(until);
      for (const [channel, ofChannel] of Map.groupBy(due, ({ item }) => item.touch.channel)) {
        const facts = ofChannel.map(({ at, item }) => factOf(item.touch, item.act, new Date(at)));
        const raw = callback(webhookUrlOf(config.publicUrl, workspace, VENDOR_OF[channel]), facts, clock.now());
        await surely(() => takeWebhook(living.app.runtime, workspace, VENDOR_OF[channel], raw));
      }
      told.push(...due.map(({ item }) => item));
    }

    const loopsOf = () => living.app.loops.filter(({ name }) => !leftOut.has(name));
    const fastLoops = () => loopsOf().filter(({ everyMs }) => everyMs < SLOW_MS);
    const mustSweepAt = (now: number) => now - sweptAt >= SLOW_EVERY_MS || stops.includes(now);

    /** What there is to do, where all that others have done may be taken in later: nothing is due but touches, and none of theirs. */
    async function workBeforeHearing(at: number): Promise<Work | null> {
      const { isPrivate } = plan;
      const heard = heardAt(at);
      if (!isPrivate || heard === null || heard <= at || at >= end || mustSweepAt(at)) return null;
      const done = coming.come(at);
      if (done.length === 0 || !done.every(({ touch, act }) => isPrivate(touch, act))) return null;
      const leadIds = [...new Set(done.flatMap(({ touch }) => touch.leadId ?? []))];
      const work = await findWork(living.app.ownerPool, clock.now(), fastLoops(), { workspace, leadIds });
      const isSending = !work.hasJobs && work.busy.every(({ name }) => name === DISPATCH);
      return isSending && !work.isTheirs ? work : null;
    }

    /**
     * All that is due at this instant: the jobs that read what others have told, and the loops that have work, as theirs would be found in the
     * next turn of each. `known`: what there is, where it was asked already.
     */
    async function workOnce(known: Work | null): Promise<void> {
      const now = clock.now().getTime();
      const { app } = living;
      const sweeps = mustSweepAt(now);
      const fast = fastLoops();
      const slow = loopsOf().filter(({ name, everyMs }) => everyMs >= SLOW_MS && (isFaulty || !CLEARING.has(name)));
      // Jobs wake loops, and loops queue jobs: it is over when neither have anything, or what they have is not theirs to do yet.
      let before = "";
      let mustSweep = sweeps;
      let found = known;
      for (;;) {
        const { busy, due, hasJobs, next } = found ?? (await findWork(app.ownerPool, clock.now(), fast, { workspace }));
        found = null;
        foundNext = next;
        const work = [due, ...busy.map(({ name }) => name)].join(" ");
        if (hasJobs) await runReadyJobs(app.runtime, app.ownerPool, leftOut);
        if (mustSweep) {
          sweptAt = now;
          await drainLoops(app.runtime, slow);
        }
        const isNews = hasJobs || mustSweep;
        if (!isNews && (busy.length === 0 || work === before)) return;
        before = isNews ? "" : work;
        mustSweep = false;
        await drainLoops(app.runtime, busy);
      }
    }

    /** False: the process died over it. */
    async function work(known: Work | null = null): Promise<boolean> {
      if (await living.untilDeath(workOnce(known))) return true;
      await afterDeath();
      return false;
    }

    /** `survived`: what others had told was taken in before anything was handed over, as jobs are run before loops. */
    async function observe(survived: boolean): Promise<void> {
      if (survived) hear(new Date(clock.now().getTime() - 1));
      for (const seen of await touchesOf(rows(), vendors.takeTranscript())) {
        const touch = plan.distort?.(seen) ?? seen;
        watch.see(touch);
        run.touches.push(touch);
        if (!touch.isTaken || touch.purpose !== "sequence") continue;
        const key = keyOf(rules, touch);
        const reactions = reactionsTo({ key, channel: touch.channel, at: touch.at }, { rates, chance, gridMinutes });
        for (const { at, act } of onTheWay(reactions, faults, { chance, gridMinutes, key }))
          coming.add(at.getTime(), { touch, act });
      }
      if (!survived) hear(clock.now());
    }

    function hear(from: Date): void {
      for (const { touch, act } of told) {
        watch.hear(touch, act, from);
        run.answers.push({ touch, act, at: clock.now() });
      }
      told = [];
    }

    async function stop(at: number): Promise<void> {
      plan.signal?.throwIfAborted();
      clock.set(new Date(at));
      run.stops += 1;
      if (at < end && chance(at, "crash") < faults.crash)
        living.dieAfter(Math.floor(chance(at, "statement") * STATEMENTS));
      for (let deed = waiting[0]; deed && deed.at.getTime() <= at; deed = waiting[0]) {
        waiting.shift();
        const { act } = deed;
        await surely(() => act(ctxOf(), watch));
      }
      const known = await workBeforeHearing(at);
      if (known === null) await hearOthers(at);
      const survived = await work(known);
      living.dieAfter(null);
      // The next process takes up at once what the dead one left.
      if (!survived) await work();
      stops = stops.filter((one) => one > at);
      await observe(survived);
      await heedGrowth();
      if (plan.check === "stop") await checkWritten();
    }

    /** Plans are made from what tables hold, and made again when it has grown fourfold. */
    async function heedGrowth(): Promise<void> {
      if (run.touches.length < counted) return;
      counted = Math.max(FIRST_COUNTED, run.touches.length * 4);
      await living.app.ownerPool.query(COUNT_ROWS);
    }

    const checkRows = async (since: string | null) =>
      watch.note(await findStuck(rows(), clock.now(), { idle: stops.length === 0, since }), clock.now());

    async function checkWritten(): Promise<void> {
      const mark = await markOf(rows());
      await checkRows(looked);
      looked = mark;
    }

    /** When the clock stops for what others have told, if for nothing else. */
    function heardAt(now: number): number | null {
      const first = coming.next();
      return first === null ? null : Math.max(first + plan.patienceMinutes * MINUTE_MS, now);
    }

    async function nextStop(): Promise<number | null> {
      const now = clock.now().getTime();
      const due = (foundNext === undefined ? await nextDue(ctxOf()) : foundNext)?.getTime();
      // What stays due is the business of a loop that sweeps.
      if (due !== undefined && due <= now) sweptAt = Number.NEGATIVE_INFINITY;
      const found = [heardAt(now), waiting[0]?.at.getTime() ?? null, ...stops].filter((at) => at !== null);
      if (due !== undefined) found.push(due > now ? due : now + LATER_MS);
      return found.length > 0 ? Math.min(...found) : null;
    }

    async function liveDay(until: number): Promise<void> {
      for (let at = await nextStop(); at !== null && at < until; at = await nextStop()) await stop(at);
      await stop(until);
      for (const { id, to } of await listUnknown(rows(), new Date(until - DAY_MS))) {
        foundNext = undefined;
        await settleMessage(ctxOf(), { messageId: id, outcome: chance(to, "settled") < 0.5 ? "sent" : "failed" });
      }
    }

    await stop(plan.start.getTime());
    for (let day = 1; day <= plan.days + (isFaulty ? AFTERWARDS_DAYS : 0); day++) {
      await liveDay(plan.start.getTime() + day * DAY_MS);
      if (plan.check !== "end") await checkRows(null);
      plan.onDay?.({ day, touches: run.touches.length, violations: run.violations.length });
    }
    if (plan.check === "end") await checkRows(null);
    if (isFaulty) watch.note(await findUnsettled(rows()), clock.now());
    watch.note(await findLeftOut(rows(), mustBeIn), clock.now());
    run.digest = digestOf(rules, run.touches);
    await plan.atEnd?.(rows(), run);
    return run;
  } finally {
    giveBack();
    await living.end();
  }
}
