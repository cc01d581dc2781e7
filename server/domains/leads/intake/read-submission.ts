import { z } from "zod";
import { formPayloadSchema } from "./read-form.ts";
import { isReserved } from "./source-settings.ts";
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

/** What the person wrote, by question, for people to read; nothing while only a notice has come. */
export function answersOf(payload: unknown): { name: string; value: string }[] {
  const form = formPayloadSchema.safeParse(payload);
  if (form.success)
    return Object.entries(form.data.given).flatMap(([name, values]) =>
      isReserved(name) ? [] : [{ name, value: values.join(", ") }],
    );
  const ad = adPayloadSchema.safeParse(payload);
  const told = ad.success ? (ad.data.lead?.answers ?? ad.data.notice.answers ?? []) : [];
  return told.map(({ name, values }) => ({ name, value: values.join(", ") }));
}
