import { z } from "zod";
import { endpoint, instant, moment } from "#platform/http/endpoint.ts";
import { LeadErased, LeadNotFound } from "../problems.ts";
import { CONSENT_BASES, CONSENT_CHANNELS, CONSENT_KINDS } from "../rules.ts";

const tags = ["Leads"];
const id = z.string().max(60);

const consentSchema = z.object({
  id,
  leadId: id,
  kind: z.enum(CONSENT_KINDS),
  channel: z.enum(CONSENT_CHANNELS),
  basis: z.enum(CONSENT_BASES),
  source: z.string(),
  proofText: z.string().nullable(),
  proofUrl: z.string().nullable(),
  proofIp: z.string().nullable(),
  at: instant,
  actor: z.object({ kind: z.string(), id: z.string().nullable() }),
  createdAt: instant,
});
export type ConsentView = z.infer<typeof consentSchema>;

export const consentOperations = {
  list: endpoint("leads:read", LeadNotFound)
    .route({
      method: "GET",
      path: "/leads/{leadId}/consents",
      tags,
      summary: "List what a person agreed to, newest first",
    })
    .input(z.object({ leadId: id }))
    .output(z.object({ data: z.array(consentSchema) })),
  record: endpoint("leads:write", LeadNotFound, LeadErased)
    .route({
      method: "POST",
      path: "/leads/{leadId}/consents",
      tags,
      summary: "Write down a consent, another basis, or its withdrawal",
      description:
        "Records are never changed. Of a channel and a basis the latest counts: WITHDRAWN ends what GIVEN began.",
      successStatus: 201,
    })
    .input(
      z.object({
        leadId: id,
        kind: z.enum(CONSENT_KINDS).default("GIVEN"),
        channel: z.enum(CONSENT_CHANNELS),
        basis: z.enum(CONSENT_BASES),
        /** Which form, call or contract it comes from. */
        source: z.string().trim().min(1, "Say where it comes from").max(200),
        /** The words that the person agreed to. */
        proofText: z.string().trim().max(5_000).optional(),
        proofUrl: z
          .url({ protocol: /^https?$/ })
          .max(2_000)
          .optional(),
        proofIp: z.union([z.ipv4(), z.ipv6()]).optional(),
        /** When the person said so; now unless told. */
        at: moment.optional(),
      }),
    )
    .output(consentSchema),
};
