import { z } from "zod";
import { leadFilterSchema } from "#domains/leads/rules.ts";
import { CHANNELS } from "#domains/messaging/channels.ts";
import { MOST_NAMED_LEADS } from "./bulk-enrollments.ts";

const id = z.string().max(60);

/** Leads that are looked at with one request, at most; of a sequence with many steps fewer. */
export const MOST_LOOKED_AT = 10_000;
/** Leads that are named with what they lack. */
export const NAMED_LEADS = 100;

const failedTouch = z.object({
  /** From 0; null where a script was looked at by itself. */
  stepOrder: z.int().nullable(),
  channel: z.enum(CHANNELS),
  scriptName: z.string().nullable(),
  /** Variables that are empty for this lead and have no default. */
  missing: z.array(z.string()),
  /** Any other fault that keeps the text from being made. */
  error: z.string().nullable(),
});

export const leadCheckSchema = z.object({
  /** How many leads were looked at. */
  looked: z.int(),
  /** There are more, which nobody has looked at. */
  isMore: z.boolean(),
  /** How many of them would miss at least one touch, because its text cannot be made for them. */
  failing: z.int(),
  /** For how many leads each variable is missing, the most first. */
  variables: z.array(z.object({ name: z.string(), leads: z.int() })),
  /** Other faults, and how many leads each would cost a touch. */
  errors: z.array(z.object({ detail: z.string(), leads: z.int() })),
  steps: z.array(
    z.object({
      stepOrder: z.int().nullable(),
      channel: z.enum(CHANNELS),
      scriptId: id.nullable(),
      scriptName: z.string().nullable(),
      failing: z.int(),
      /** Leads without an address for its channel: they are passed over there. */
      noAddress: z.int(),
      /** Leads whose address may not be written to. */
      suppressed: z.int(),
    }),
  ),
  /** The first of those who would miss something. */
  leads: z.array(
    z.object({
      id,
      firstName: z.string(),
      lastName: z.string(),
      email: z.string().nullable(),
      phone: z.string().nullable(),
      touches: z.array(failedTouch),
    }),
  ),
});
export type LeadCheck = z.infer<typeof leadCheckSchema>;

/** Whom to look at: leads that are named, or the first of a filter. */
export const checkedLeads = {
  leadIds: z.array(id).min(1).max(MOST_NAMED_LEADS).optional(),
  /** As the list of leads takes it. */
  filter: leadFilterSchema.optional(),
};

/** Or, of a sequence, whoever is under way in it, from the step they are at. */
export const checkedInside = { ...checkedLeads, inside: z.literal(true).optional() };

export const givesOne = (asked: { leadIds?: unknown; filter?: unknown; inside?: unknown }) =>
  [asked.leadIds, asked.filter, asked.inside].filter((one) => one !== undefined).length === 1;
