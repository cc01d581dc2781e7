import { z } from "zod";
import { LEAD_SOURCES } from "../sets.ts";
import { INTEREST_KINDS, SCORE_FIELDS, SCORE_TESTS } from "./sets.ts";

const fitPoints = z.int("Whole points").min(-100).max(100);
const words = z.string().trim().min(1, "Write what it is compared with").max(200);

const fieldRule = z.object({
  kind: z.literal("field"),
  field: z.enum(SCORE_FIELDS),
  test: z.enum(SCORE_TESTS),
  /** Compared without case and accents; not asked where the field only has to be there. */
  value: z.string().trim().max(200).default(""),
  points: fitPoints,
});
const tagRule = z.object({ kind: z.literal("tag"), tag: words, points: fitPoints });
const sourceRule = z.object({
  kind: z.literal("source"),
  source: z.enum(LEAD_SOURCES),
  /** Only leads of this form, file or program; empty: all of the source. */
  label: z.string().trim().max(200).default(""),
  points: fitPoints,
});
const interestRule = z.object({
  kind: z.literal("interest"),
  interest: z.enum(INTEREST_KINDS),
  /** Of each on its day; half of it after each half-life. */
  points: z.int("Whole points").min(0).max(100),
  /** All of this kind together give no more. */
  atMost: z.int("Whole points").min(0).max(100),
});

export const scoreRuleSchema = z
  .discriminatedUnion("kind", [fieldRule, tagRule, sourceRule, interestRule])
  .refine((rule) => rule.kind !== "field" || rule.test === "isSet" || rule.value !== "", {
    path: ["value"],
    error: "Write what it is compared with",
  });
export type ScoreRule = z.infer<typeof scoreRuleSchema>;

export const scoreRulesSchema = z.object({
  rules: z.array(scoreRuleSchema).max(50),
  /** Days after which an interest counts half. */
  halfLifeDays: z.int("Whole days").min(1).max(365).default(14),
});
export type ScoreRules = z.infer<typeof scoreRulesSchema>;

/** What holds until somebody changes it: who can be reached fits, who answers is wanted. */
export const USUAL_RULES: ScoreRules = {
  halfLifeDays: 14,
  rules: [
    { kind: "field", field: "email", test: "isSet", value: "", points: 5 },
    { kind: "field", field: "phone", test: "isSet", value: "", points: 10 },
    { kind: "field", field: "company", test: "isSet", value: "", points: 5 },
    { kind: "source", source: "META", label: "", points: 15 },
    { kind: "source", source: "API", label: "", points: 10 },
    { kind: "interest", interest: "reply", points: 40, atMost: 60 },
    { kind: "interest", interest: "click", points: 10, atMost: 30 },
    { kind: "interest", interest: "booking", points: 60, atMost: 80 },
  ],
};
