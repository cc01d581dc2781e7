import { z } from "zod";
import { endpoint, expectation, instant } from "#platform/http/endpoint.ts";
import { ChangedElsewhere } from "#platform/problems.ts";
import { LeadMerged, LeadNotFound } from "../problems.ts";
import { scoreRuleSchema, scoreRulesSchema } from "../score/rules.ts";
import { SCORE_LABELS } from "../score/sets.ts";

const tags = ["Leads"];
const id = z.string().max(60);

const leadScoreSchema = z.object({
  score: z.int(),
  label: z.enum(SCORE_LABELS),
  /** Where the points come from, in the order of the rules. They add up to the score, which is never below 0 nor above 100. */
  parts: z.array(
    z.object({
      rule: scoreRuleSchema,
      points: z.number(),
      /** What the lead did, the latest first, and what each still counts; empty for a rule about who the lead is. */
      deeds: z.array(z.object({ key: z.string(), at: instant, points: z.number() })),
    }),
  ),
});
export type LeadScoreView = z.infer<typeof leadScoreSchema>;

const settingsSchema = scoreRulesSchema.extend({
  /** Nobody has changed them yet. */
  isUsual: z.boolean(),
  /** How far the last change is applied. */
  run: z.object({ done: z.int(), total: z.int(), startedAt: instant, finishedAt: instant.nullable() }).nullable(),
  /** When the rules were changed; the first instant of 1970 while nobody has. */
  updatedAt: instant,
});
export type ScoreSettingsView = z.infer<typeof settingsSchema>;

const spreadSchema = z.object({
  /** Leads with a score from 0 to 9, 10 to 19 and so on; the last from 90 to 100. */
  bars: z.array(z.int()).length(10),
  labels: z.object({ COLD: z.int(), WARM: z.int(), HOT: z.int() }),
});
const previewSchema = z.object({
  /** Leads that were looked at: all of them, or a sample. */
  sampled: z.int(),
  total: z.int(),
  before: spreadSchema,
  after: spreadSchema,
});
export type ScorePreviewView = z.infer<typeof previewSchema>;

export const leadScoreOperations = {
  score: endpoint("leads:read", LeadNotFound, LeadMerged)
    .route({
      method: "GET",
      path: "/leads/{leadId}/score",
      tags,
      summary: "Show a lead's score at this moment, and where each point comes from",
    })
    .input(z.object({ leadId: id }))
    .output(leadScoreSchema),
};

export const scoreRuleOperations = {
  get: endpoint("leads:read")
    .route({ method: "GET", path: "/score-rules", tags, summary: "Show the rules by which leads are scored" })
    .output(settingsSchema),
  preview: endpoint("leads:read")
    .route({
      method: "POST",
      path: "/score-rules/preview",
      tags,
      summary: "Say how a change of the rules would move the scores, without changing anything",
    })
    .input(scoreRulesSchema)
    .output(previewSchema),
  put: endpoint("workspace:write", ChangedElsewhere)
    .route({
      method: "PUT",
      path: "/score-rules",
      tags,
      summary: "Change the rules; every lead is scored anew in the background",
    })
    .input(scoreRulesSchema.extend(expectation.shape))
    .output(settingsSchema),
};
