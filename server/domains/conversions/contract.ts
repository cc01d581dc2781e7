import { z } from "zod";
import { CHANNELS } from "#domains/messaging/channels.ts";
import { LeadErased, LeadNotFound } from "#domains/leads/problems.ts";
import { endpoint, instant, moment, pageInput, pageOf } from "#platform/http/endpoint.ts";
import { Conflict } from "#platform/problems.ts";
import { CONVERSION_STATUSES, whyNotRevenue } from "./rules.ts";

const tags = ["Conversions"];
const id = z.string().max(60);
/** What the source knows a conversion by. */
const reference = z.string().trim().min(1).max(200);
/** Ten thousand million of the largest usual unit: below what a JSON number holds exactly. */
const MOST_MINOR = 1_000_000_000_000;

export const conversionSchema = z.object({
  id,
  leadId: id.nullable(),
  campaignId: id.nullable(),
  campaignName: z.string().nullable(),
  contactAttemptId: id.nullable(),
  channel: z.string().nullable(),
  status: z.enum(CONVERSION_STATUSES),
  /** In the smallest unit of the currency: cents. */
  revenueMinor: z.int(),
  currency: z.string(),
  source: z.string(),
  subId: z.string().nullable(),
  clickId: z.string().nullable(),
  transactionId: z.string().nullable(),
  createdAt: instant,
});
export type ConversionView = z.infer<typeof conversionSchema>;

/** `leadName` is empty where nothing is known of the lead, or the caller may not read leads, and null where it is gone. */
const listedSchema = conversionSchema.extend({ leadName: z.string().nullable() });
export type ListedConversion = z.infer<typeof listedSchema>;

export const newConversionSchema = z
  .strictObject({
    leadId: id.optional(),
    /** The touch that it came from: brings its lead, campaign and channel along. */
    contactAttemptId: id.optional(),
    campaignId: id.optional(),
    channel: z.enum(CHANNELS).optional(),
    status: z.enum(CONVERSION_STATUSES).default("customer"),
    revenueMinor: z.int().min(-MOST_MINOR).max(MOST_MINOR).default(0),
    /** ISO 4217. */
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, "Three capital letters, as in USD")
      .default("USD"),
    source: z.string().trim().min(1).max(100).default("direct"),
    subId: reference.optional(),
    clickId: reference.optional(),
    /** The source's own number of a payment: each renewal of one click has its own. */
    transactionId: reference.optional(),
  })
  .superRefine(({ leadId, contactAttemptId, ...money }, issues) => {
    if (leadId === undefined && contactAttemptId === undefined)
      issues.addIssue({ code: "custom", path: ["leadId"], message: "Say whose it is: the lead, or the touch" });
    const fault = whyNotRevenue(money);
    if (fault) issues.addIssue({ code: "custom", path: ["revenueMinor"], message: fault });
  });
export type NewConversion = z.infer<typeof newConversionSchema>;

export const conversionsContract = {
  record: endpoint("leads:write", LeadNotFound, LeadErased, Conflict)
    .route({
      method: "POST",
      path: "/conversions",
      tags,
      summary: "Record what came of a lead",
      description:
        "A conversion is known by its source, status, subId, clickId and transactionId: told again it stays one, and a changed revenue is taken over. One that has none of the three ids is new each time. The status customer makes the lead CONVERTED (a LOST one only answers to their own words) and ends their sequences as CONVERTED, in the same transaction.",
      successStatus: 201,
    })
    .input(newConversionSchema)
    .output(conversionSchema.extend({ /** It was known already. */ isRepeat: z.boolean() })),
  list: endpoint("conversions:read")
    .route({
      method: "GET",
      path: "/conversions",
      tags,
      summary: "List conversions of the workspace, newest first",
      description: "Names of leads are told, and searched, for those alone who may read leads.",
    })
    .input(
      pageInput.extend({
        status: z.enum(CONVERSION_STATUSES).optional(),
        source: z.string().trim().min(1).max(100).optional(),
        leadId: id.optional(),
        /** In a lead's name or addresses. */
        search: z.string().trim().max(200).optional(),
        /** The first day, by the workspace's calendar. */
        since: z.iso.date().optional(),
        createdFrom: moment.optional(),
        /** The first instant that is too late. */
        createdBefore: moment.optional(),
      }),
    )
    .output(pageOf(listedSchema)),
  listOfLead: endpoint("leads:read", LeadNotFound)
    .route({
      method: "GET",
      path: "/leads/{leadId}/conversions",
      tags,
      summary: "List what came of a lead, newest first",
    })
    .input(pageInput.extend({ leadId: id }))
    .output(pageOf(conversionSchema)),
};
