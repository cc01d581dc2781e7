import { recordConversion } from "#domains/conversions/index.ts";
import type { Context } from "#platform/context.ts";
import { mergeLeads, undoMerge } from "#domains/leads/index.ts";
import { type Channel, resumeSender } from "#domains/messaging/index.ts";
import {
  activateCampaign,
  assignLeads,
  enrollLeads,
  listSteps,
  pauseCampaign,
  pauseSequence,
  previewPublish,
  publishSequence,
  putSteps,
  resumeSequence,
  stepConditionsSchema,
} from "#domains/outreach/index.ts";
import type { Chance } from "./chance.ts";
import type { LeadRule } from "./invariants.ts";
import type { Deed, Stage } from "./run.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Leads of one statement. */
const BATCH = 1_000;

/** Who and what there is to act on. */
export type Cast = {
  leadIds: readonly string[];
  leads: ReadonlyMap<string, LeadRule>;
  byHand: readonly string[];
  forNew: string;
  ofCampaign: string;
  all: readonly string[];
  campaignId: string;
  /** People who come in by themselves, numbered from `from`; their ids. */
  takeIn: (ctx: Context, from: number, count: number) => Promise<string[]>;
  script: (ctx: Context, channel: Channel, name: string) => Promise<string>;
};

type Span = { start: Date; days: number; leads: number };
type Planned = Pick<Stage, "deeds" | "mustBeIn">;

/** What people of ours do: all by the seed. `mustBeIn`: whom a trigger must have let in by the end. */
export function deedsOf(chance: Chance, span: Span, cast: Cast): Planned {
  const mustBeIn: { leadId: string; sequenceId: string }[] = [];
  const deeds = [
    ...enrolments(chance, span, cast),
    ...pauses(chance, span, cast),
    ...campaign(chance, span, cast, mustBeIn),
    ...newcomers(chance, span, cast, mustBeIn),
    ...publications(chance, span, cast),
    ...merges(chance, span, cast),
    ...conversions(chance, span, cast),
    ...resumptions(span),
  ];
  return { deeds, mustBeIn };
}

const atDay = ({ start }: Span, day: number) => new Date(start.getTime() + Math.round(day * DAY_MS));
/** Every fifth pair of leads may turn out to be one person. */
const PAIR_EVERY = 10;
const isOfPair = (number: number) => number % PAIR_EVERY < 2;

/** People come in over the first week, some into two sequences, and two who may turn out to be one mostly both into all. */
function enrolments(chance: Chance, span: Span, { byHand, leadIds }: Cast): Deed[] {
  const deeds: Deed[] = [];
  for (const [place, sequenceId] of byHand.entries()) {
    const chosen = leadIds.flatMap((leadId, number) =>
      chance(number, place, "enrolled") < (isOfPair(number) ? 0.95 : 0.6)
        ? [{ leadId, day: Math.floor(chance(number, place, "day") * 7) }]
        : [],
    );
    for (const [day, people] of Map.groupBy(chosen, (one) => one.day)) {
      const at = new Date(atDay(span, day).getTime() + Math.floor(chance(place, day, "hour") * 24) * HOUR_MS);
      for (let from = 0; from < people.length; from += BATCH) {
        const batch = people.slice(from, from + BATCH).map(({ leadId }) => leadId);
        deeds.push({
          at,
          act: async (ctx, { people: { whoIs } }) =>
            void (await enrollLeads(ctx, { sequenceId, leadIds: batch.map(whoIs), by: "person" })),
        });
      }
    }
  }
  return deeds;
}

/** Each sequence stands still for a while, after the last have come in: nobody may be taken into what stands still. */
function pauses(chance: Chance, span: Span, { all }: Cast): Deed[] {
  return all.flatMap((sequenceId, place) => {
    const from = 8.5 + chance(place, "pause") * 3;
    return [
      {
        at: atDay(span, from),
        act: async (ctx, watch) => {
          await pauseSequence(ctx, sequenceId);
          watch.hold(sequenceId);
        },
      },
      {
        at: atDay(span, from + chance(place, "pause ends") * 2),
        act: async (ctx, watch) => {
          await resumeSequence(ctx, sequenceId);
          watch.letGo(sequenceId);
        },
      },
    ] satisfies Deed[];
  });
}

/** A quarter is put into the campaign, whose sequence takes them in; it stands still twice, once while people come in. */
function campaign(chance: Chance, span: Span, cast: Cast, mustBeIn: { leadId: string; sequenceId: string }[]): Deed[] {
  const { campaignId, leadIds, ofCampaign } = cast;
  const chosen = leadIds.flatMap((leadId, number) =>
    chance(number, "in the campaign") < 0.25
      ? [{ leadId, isOne: !isOfPair(number), day: Math.floor(chance(number, "campaign day") * 7) }]
      : [],
  );
  const deeds: Deed[] = [...Map.groupBy(chosen, ({ day }) => day)].map(([day, people]) => ({
    at: atDay(span, day + 0.25),
    act: async (ctx, watch) => {
      const { added } = await assignLeads(
        ctx,
        campaignId,
        people.map(({ leadId }) => watch.people.whoIs(leadId)),
      );
      // Of these nothing is known yet that could keep them out, and they stay who they are.
      const sure = new Set(people.flatMap(({ leadId, isOne }) => (isOne && day === 0 ? [leadId] : [])));
      mustBeIn.push(...added.flatMap((leadId) => (sure.has(leadId) ? [{ leadId, sequenceId: ofCampaign }] : [])));
    },
  }));
  for (const [time, first] of [3, 14].entries()) {
    const from = first + chance("campaign stands still", time) * 2;
    deeds.push({
      at: atDay(span, from),
      act: async (ctx, watch) => {
        await pauseCampaign(ctx, campaignId);
        watch.hold(campaignId);
      },
    });
    deeds.push({
      at: atDay(span, from + 0.2 + chance("campaign goes on", time) * 2),
      act: async (ctx, watch) => {
        await activateCampaign(ctx, campaignId);
        watch.letGo(campaignId);
      },
    });
  }
  return deeds;
}

/** A tenth comes in by itself on the first days. */
function newcomers(chance: Chance, span: Span, cast: Cast, mustBeIn: { leadId: string; sequenceId: string }[]): Deed[] {
  const { forNew, takeIn } = cast;
  const each = Math.max(1, Math.floor(span.leads / 60));
  return Array.from({ length: 6 }, (_, day) => ({
    at: atDay(span, day + chance(day, "newcomers")),
    act: async (ctx) => {
      const ids = await takeIn(ctx, span.leads + day * each, each);
      mustBeIn.push(...ids.map((leadId) => ({ leadId, sequenceId: forNew })));
    },
  }));
}

/** Each sequence by hand gets a further step and another delay under those who are inside; they stay, or go over. */
function publications(chance: Chance, span: Span, { byHand, script }: Cast): Deed[] {
  return byHand.flatMap((sequenceId, place): Deed[] => {
    const at = atDay(span, 2 + chance(place, "publish") * 6);
    let scriptId: string | undefined;
    return [
      { at, act: async (ctx) => void (scriptId = await script(ctx, "EMAIL", `${place}.later`)) },
      {
        at,
        act: async (ctx) => {
          const known = await listSteps(ctx, sequenceId);
          const steps = known.map(({ id, channel, scriptId: own, delayUnit, isActive, ...step }, order) => ({
            id,
            channel,
            scriptId: own,
            delayUnit,
            isActive,
            conditions: stepConditionsSchema.parse(step.conditions),
            delayValue: order === known.length - 1 && order > 0 ? step.delayValue + 1 : step.delayValue,
          }));
          const further = { channel: "EMAIL", scriptId: scriptId ?? null, delayValue: 2, delayUnit: "DAYS" } as const;
          await putSteps(ctx, sequenceId, [...steps, { ...further, conditions: {}, isActive: true }]);
        },
      },
      {
        at,
        act: async (ctx) => {
          const { seen } = await previewPublish(ctx, sequenceId);
          await publishSequence(ctx, { sequenceId, seen, move: chance(place, "move") < 0.6, note: null });
        },
      },
    ];
  });
}

/** Two who turn out to be one, and most times that was a mistake. */
function merges(chance: Chance, span: Span, { leadIds }: Cast): Deed[] {
  const deeds: Deed[] = [];
  for (const [number, survivorId] of leadIds.entries()) {
    const otherId = leadIds[number + 1];
    if (number % PAIR_EVERY !== 0 || otherId === undefined || chance(number, "one person") < 0.2) continue;
    const from = 1 + chance(number, "merged") * Math.min(12, span.days);
    let mergeId: string | null = null;
    deeds.push({
      at: atDay(span, from),
      act: async (ctx, watch) => {
        const enrollments = await ctx.db
          .selectFrom("sequenceEnrollments")
          .select(["id", "leadId", "sequenceId", "enrolledAt"])
          .where("leadId", "in", [survivorId, otherId])
          .execute();
        ({ mergeId } = await mergeLeads(ctx, { survivorId, otherId }));
        watch.people.merge({ survivorId, otherId, enrollments }, ctx.now());
      },
    });
    if (chance(number, "a mistake") < 0.7)
      deeds.push({
        at: atDay(span, from + 0.1 + chance(number, "undone") * 6),
        act: async (ctx, watch) => {
          if (mergeId === null) throw new Error("A merge was to be undone that was never made.");
          await undoMerge(ctx, mergeId);
          const own = await ctx.db.selectFrom("messages").select("id").where("leadId", "=", otherId).execute();
          const theirs = await ctx.db
            .selectFrom("messages as m")
            .innerJoin("leadIdentities as i", "i.value", "m.to")
            .select("m.id")
            .where("i.leadId", "=", otherId)
            .execute();
          const [written, received] = [own, theirs].map((rows) => new Set(rows.map(({ id }) => id)));
          watch.people.undo(otherId, ctx.now(), { written, received });
        },
      });
  }
  return deeds;
}

/** Some become customers while they are under way. */
function conversions(chance: Chance, span: Span, { leadIds }: Cast): Deed[] {
  return leadIds.flatMap((leadId, number): Deed[] =>
    chance(number, "becomes a customer") >= 0.05
      ? []
      : [
          {
            at: atDay(span, 1 + chance(number, "when a customer") * Math.min(15, span.days + 3)),
            act: async (ctx, watch) => {
              const sale = {
                leadId: watch.people.whoIs(leadId),
                status: "customer",
                source: "simulator",
                transactionId: `sale ${number}`,
              } as const;
              await recordConversion(ctx, { ...sale, revenueMinor: 4_900, currency: "USD" });
              watch.people.convert(leadId, ctx.now());
            },
          },
        ],
  );
}

/** A sender that paused itself is looked at by a person, every second day, and sends again. */
function resumptions(span: Span): Deed[] {
  return Array.from({ length: Math.floor(span.days / 2) }, (_, place) => ({
    at: atDay(span, 2 * place + 1.5),
    act: async (ctx) => {
      const paused = await ctx.db
        .selectFrom("senders")
        .select("id")
        .where("status", "=", "PAUSED")
        .orderBy("address")
        .execute();
      for (const { id } of paused) await resumeSender(ctx, id);
    },
  }));
}
