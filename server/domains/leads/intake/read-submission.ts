import { z } from "zod";
import type { LeadAnswer, LeadOrigin } from "#providers/leads/port.ts";

const text = z.string().nullable();
const origin = z.object({
  formId: text,
  formName: text,
  pageId: text,
  adId: text,
  adName: text,
  adsetId: text,
  adsetName: text,
  campaignId: text,
  campaignName: text,
  platform: text,
  isOrganic: z.boolean().nullable(),
  createdAt: z.iso
    .datetime()
    .nullable()
    .transform((at) => (at === null ? null : new Date(at))),
}) satisfies z.ZodType<LeadOrigin>;
const answers = z.array(z.object({ name: z.string(), values: z.array(z.string()) })) satisfies z.ZodType<LeadAnswer[]>;

/** What is kept of a lead from an advertisement: the notice, and beside it what was fetched. */
export const adPayloadSchema = z.object({
  notice: z.object({ origin, answers: answers.nullable() }),
  lead: z.object({ origin, answers }).optional(),
});
export type AdPayload = z.infer<typeof adPayloadSchema>;

/** Of the vendor's answer only what can be kept: it went through JSON as stored payloads do. */
export const keptLead = (json: string) => z.object({ origin, answers }).parse(JSON.parse(json));
