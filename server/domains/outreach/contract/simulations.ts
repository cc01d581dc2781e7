import { z } from "zod";
import { leadFilterSchema } from "#domains/leads/rules.ts";
import { endpoint, instant, moment, pageInput, pageOf } from "#platform/http/endpoint.ts";
import {
  SequenceNotFound,
  SequenceNotInState,
  SimulationNotFound,
  SimulationNotInState,
  TooManySimulations,
} from "../problems.ts";
import { SIMULATION_STATUSES } from "../states.ts";

const tags = ["Simulations"];
const id = z.string().max(60);
const sequenceId = z.object({ sequenceId: id });
const simulationId = z.object({ simulationId: id });
const rate = z.number().min(0).max(1);
const channel = z.enum(["CALL", "SMS", "EMAIL"]);

/** Of more nobody looks at each, and the copy they are tried on would be large. */
export const MOST_SIMULATED_LEADS = 5_000;
export const MOST_SIMULATED_DAYS = 365;
export const LARGEST_SEED = 2 ** 31 - 1;

/**
 * How often people and mailboxes are assumed to react, each a share of the touches that reach them. The defaults are round figures to begin
 * with, not a promise: put those of your own sends in their place.
 */
export const answerRatesSchema = z.object({
  EMAIL: z
    .object({
      /** The mailbox does not exist. */
      bounce: rate.default(0.01),
      open: rate.default(0.4),
      /** Of all mails; whoever clicks has opened. */
      click: rate.default(0.05),
      reply: rate.default(0.05),
      /** Out of office. */
      automatic: rate.default(0.03),
      optOut: rate.default(0.01),
      complaint: rate.default(0.001),
    })
    .prefault({}),
  SMS: z.object({ bounce: rate.default(0.02), reply: rate.default(0.1), optOut: rate.default(0.02) }).prefault({}),
  CALL: z.object({ answer: rate.default(0.3), voicemail: rate.default(0.3), optOut: rate.default(0.01) }).prefault({}),
});
export type AnswerRates = z.infer<typeof answerRatesSchema>;

const asked = {
  /** Leads of yours that a filter finds, at most 5,000 of them, the oldest first. */
  filter: leadFilterSchema.optional(),
  leadIds: z.array(id).min(1).max(MOST_SIMULATED_LEADS).optional(),
  /** So many invented people instead, with an address for every channel, in your country and zone. */
  invented: z.int().min(1).max(MOST_SIMULATED_LEADS).optional(),
  /** When they come in, not before now; without it now. */
  startAt: moment.optional(),
  days: z.int().min(1).max(MOST_SIMULATED_DAYS).default(30),
  /** What all chance comes from; without it one is drawn. The same seed over the same data gives the same result. */
  seed: z.int().min(0).max(LARGEST_SEED).optional(),
  rates: answerRatesSchema.prefault({}),
};
type Whom = { filter?: unknown; leadIds?: unknown; invented?: unknown };
const oneOfThree = ({ filter, leadIds, invented }: Whom) =>
  [filter, leadIds, invented].filter((one) => one !== undefined).length === 1;

export const newSimulationSchema = z
  .object({ ...sequenceId.shape, ...asked })
  .refine(oneOfThree, { path: ["leadIds"], error: "Name leads, give a filter, or say how many invented people" });
export type NewSimulation = z.infer<typeof newSimulationSchema>;

const counts = z.object({ CALL: z.int(), SMS: z.int(), EMAIL: z.int() });
const peak = z.object({ count: z.int(), at: instant });
const group = z.object({ reason: z.string(), count: z.int() });

export const simulationResultSchema = z.object({
  /** Leads that came in, and why others did not. */
  enrolled: z.int(),
  refusals: z.array(group),
  /** Touches of the sequence, by the workspace's own days. */
  touches: z.int(),
  byDay: z.array(z.object({ date: z.string(), ...counts.shape })),
  /** Touches of the same leads by other sequences that they are in. */
  otherTouches: z.int(),
  busiestMinute: peak.nullable(),
  busiestHour: peak.nullable(),
  steps: z.array(
    z.object({ stepOrder: z.int(), channel, sent: z.int(), skipped: z.int(), failed: z.int(), waiting: z.int() }),
  ),
  /** Touches that nobody got, each reason with some of the leads; of invented people none are named. */
  missed: z.array(z.object({ stepOrder: z.int(), channel, reason: z.string(), count: z.int(), leadIds: z.array(id) })),
  /** Leads who came in and got no touch at all, by what kept the first from them. */
  neverTouched: z.object({ count: z.int(), reasons: z.array(group), leadIds: z.array(id) }),
  answers: z.object({
    replies: z.int(),
    opens: z.int(),
    clicks: z.int(),
    callsAnswered: z.int(),
    optOuts: z.int(),
    bounces: z.int(),
  }),
  ended: z.array(group),
  underWay: z.int(),
  /** Millionths of the currency unit; null: what your vendors charge is not known here. */
  costMicros: z.int().nullable(),
  /** Broken rules: there should be none. */
  violations: z.array(z.string()),
  /** The same for the same seed over the same data. */
  digest: z.string(),
});
export type SimulationResult = z.infer<typeof simulationResultSchema>;

export const simulationSchema = z.object({
  id,
  sequenceId: id,
  sequenceName: z.string(),
  status: z.enum(SIMULATION_STATUSES),
  /** Null, too, for whoever may not see leads: a search may name one. */
  filter: leadFilterSchema.nullable(),
  leadCount: z.int().nullable(),
  invented: z.int().nullable(),
  rates: answerRatesSchema,
  seed: z.int(),
  startAt: instant,
  days: z.int(),
  daysDone: z.int(),
  touches: z.int(),
  failure: z.string().nullable(),
  createdBy: id.nullable(),
  createdAt: instant,
  finishedAt: instant.nullable(),
});
export type SimulationView = z.infer<typeof simulationSchema>;
export const simulationDetailSchema = simulationSchema.extend({ result: simulationResultSchema.nullable() });
export type SimulationDetail = z.infer<typeof simulationDetailSchema>;

export const simulationOperations = {
  create: endpoint("outreach:write", SequenceNotFound, SequenceNotInState, TooManySimulations)
    .route({
      method: "POST",
      path: "/sequences/{sequenceId}/simulate",
      tags,
      summary: "Try a sequence in virtual time",
      description:
        "The engine itself lives through the days on a copy, with these leads or with invented people who react as often as you assume. Nothing is sent, and nothing of yours is changed. A draft is tried as if it were activated; a sequence that runs is tried in its published version. Watch it by its id; the result is kept for 30 days.",
      successStatus: 201,
    })
    .input(newSimulationSchema)
    .output(simulationDetailSchema),
  list: endpoint("outreach:read")
    .route({ method: "GET", path: "/simulations", tags, summary: "List simulations, newest first" })
    .input(pageInput.extend({ sequenceId: id.optional() }))
    .output(pageOf(simulationSchema)),
  get: endpoint("outreach:read", SimulationNotFound)
    .route({ method: "GET", path: "/simulations/{simulationId}", tags, summary: "Show a simulation and its result" })
    .input(simulationId)
    .output(simulationDetailSchema),
  cancel: endpoint("outreach:write", SimulationNotFound, SimulationNotInState)
    .route({ method: "POST", path: "/simulations/{simulationId}/cancel", tags, summary: "End a simulation" })
    .input(simulationId)
    .output(simulationDetailSchema),
};
