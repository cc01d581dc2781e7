import { z } from "zod";

import { LEAD_SOURCES, LEAD_STATUSES } from "#domains/leads/rules.ts";
import { sendWindowSchema } from "#domains/messaging/window.ts";
import { DELAY_UNITS, type TriggerType } from "./states.ts";

/*
 * The JSON that sequences, steps and scripts carry. Every schema is strict: a key nobody reads is a misspelt rule, and a
 * misspelt rule sends messages that somebody meant to hold back.
 */

const distinct = <Item extends z.ZodType>(item: Item) =>
  z.array(item).refine((list) => new Set(list).size === list.length, "Each once");

const LONGEST_WAIT_DAYS = 3_650;

/** `manual`: a person chooses who comes in. */
export const manualTriggerSchema = z.strictObject({});

/** `new_lead`: whoever is created from one of these sources, or put into one of these campaigns; an empty list means any. */
export const newLeadTriggerSchema = z.strictObject({
  sources: distinct(z.enum(LEAD_SOURCES)).default([]),
  campaigns: distinct(z.string().min(1).max(100)).max(100).default([]),
});

/** `no_conversion`: whoever has not converted and was last contacted at least so many days ago. */
export const noConversionTriggerSchema = z.strictObject({
  minDaysSinceLastContact: z.int().min(1).max(LONGEST_WAIT_DAYS).default(7),
  excludeStatus: distinct(z.enum(LEAD_STATUSES)).default(["CONVERTED", "LOST"]),
});

/** What `triggerConfig` holds, by trigger type. */
export const TRIGGER_CONFIG_SCHEMAS = {
  manual: manualTriggerSchema,
  new_lead: newLeadTriggerSchema,
  no_conversion: noConversionTriggerSchema,
} as const satisfies Record<TriggerType, z.ZodType>;

export type NewLeadTrigger = z.infer<typeof newLeadTriggerSchema>;
export type NoConversionTrigger = z.infer<typeof noConversionTriggerSchema>;

/** A trigger with its configuration, checked together. */
export const triggerSchema = z.discriminatedUnion("triggerType", [
  z.strictObject({ triggerType: z.literal("manual"), triggerConfig: manualTriggerSchema.default({}) }),
  z.strictObject({ triggerType: z.literal("new_lead"), triggerConfig: newLeadTriggerSchema.prefault({}) }),
  z.strictObject({ triggerType: z.literal("no_conversion"), triggerConfig: noConversionTriggerSchema.prefault({}) }),
]);
export type Trigger = z.infer<typeof triggerSchema>;

/** How a voice agent speaks: the document's example names the fields and gives the defaults. Texts may hold variables. */
export const vapiConfigSchema = z.strictObject({
  model: z.string().trim().min(1).max(100).default("gpt-4o"),
  voice: z.string().trim().min(1).max(100).default("alloy"),
  temperature: z.number().min(0).max(2).default(0.7),
  firstMessage: z.string().trim().min(1, "Write what the call opens with").max(2_000),
  instructions: z.string().trim().min(1, "Write how the agent should behave").max(50_000),
});
export type VapiConfig = z.infer<typeof vapiConfigSchema>;

/** What a sequence adds to the document's fields. */
export const sequenceSettingsSchema = z.strictObject({
  /** Ends the enrollment of whoever answers, on any channel. */
  stopOnReply: z.boolean().default(true),
  /** With `stopOnReply`: ends the enrollments in this sequence of everybody of the same organisation too. */
  sameCompany: z.boolean().default(false),
  /** Instead of the workspace's window; the legal floor holds all the same. */
  sendWindow: sendWindowSchema.optional(),
  /** Leads of these statuses only; without it everybody but CONVERTED and LOST. */
  allowStatuses: distinct(z.enum(LEAD_STATUSES)).min(1).optional(),
  /** After a step that failed for good: go on to the next one, or end the enrollment. */
  onFailure: z.enum(["continue", "stop"]).default("continue"),
  /** Of several sequences that want the same capped touch, the higher goes first. */
  priority: z.int().min(-1_000).max(1_000).default(0),
  /** Whom a trigger may let in again. */
  reentry: z
    .discriminatedUnion("rule", [
      z.strictObject({ rule: z.literal("never") }),
      z.strictObject({ rule: z.literal("after_days"), days: z.int().min(1).max(LONGEST_WAIT_DAYS) }),
      z.strictObject({ rule: z.literal("always") }),
    ])
    .default({ rule: "never" }),
});
export type SequenceSettings = z.infer<typeof sequenceSettingsSchema>;

/** The wait before a step: at most ten years, whatever the unit. */
export const delaySchema = z
  .strictObject({ value: z.int().min(0), unit: z.enum(DELAY_UNITS) })
  .refine(({ value, unit }) => value <= LONGEST_WAIT_DAYS * { HOURS: 24, DAYS: 1, WEEKS: 1 / 7 }[unit], {
    path: ["value"],
    error: "At most ten years",
  });
