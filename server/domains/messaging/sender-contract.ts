import { z } from "zod";
import { endpoint, expectation, instant, pageInput, pageOf } from "#platform/http/endpoint.ts";
import { ChangedElsewhere, Conflict, NotFound } from "#platform/problems.ts";
import { CHANNELS } from "./channels.ts";
import { SenderExists } from "./problems.ts";
import { DOMAIN_RECORDS, DOMAIN_STATUSES, RECORD_STATES } from "./senders/domain-records.ts";

const id = z.string().max(60);
const channel = z.enum(CHANNELS);
const tags = ["Senders"];

export const SENDER_STATUSES = ["ACTIVE", "PAUSED"] as const;
export const PAUSE_CAUSES = ["bounces", "complaints", "person"] as const;

export const domainCheckSchema = z.object({
  record: z.enum(DOMAIN_RECORDS),
  /** `failed`: it could not be looked up, which says nothing about the domain. `unasked`: what to look for is not known. */
  state: z.enum(RECORD_STATES),
  detail: z.string(),
  found: z.array(z.string()),
  /** What to publish where a record is missing or does not do what it should; `value` null: the mail service knows it. */
  publish: z.object({ type: z.enum(["TXT", "MX"]), name: z.string(), value: z.string().nullable() }).nullable(),
});
export type DomainCheckView = z.infer<typeof domainCheckSchema>;

export const senderSchema = z.object({
  id,
  channel,
  /** An e-mail address, a number in E.164 or a vendor's id of one. */
  address: z.string(),
  /** Stands before the address in e-mails; empty: the workspace's name does. */
  displayName: z.string(),
  /** The integration that it belongs to; null: whichever the channel sends through. */
  integrationId: id.nullable(),
  /** False: it takes no new threads, and goes on with those that it has. */
  takesNew: z.boolean(),
  status: z.enum(SENDER_STATUSES),
  /** `bounces`, `complaints`: it has paused itself. */
  paused: z.object({ cause: z.enum(PAUSE_CAUSES), reason: z.string(), at: instant }).nullable(),
  /** Why it sends nothing although it is active; null when it may. */
  whyNot: z.string().nullable(),
  perMinute: z.int(),
  perDay: z.int(),
  /** `limit` grows to `perDay` until the day `full`, on the workspace's calendar. */
  ramp: z.object({ startedAt: instant, full: z.iso.date().nullable() }).nullable(),
  /** What this day allows and what of it is used. */
  today: z.object({ day: z.iso.date(), used: z.int(), limit: z.int() }),
  /** Of the last 500 messages since it was added or resumed. */
  health: z.object({ sends: z.int(), bounces: z.int(), complaints: z.int(), since: instant }),
  /** Null for senders of other channels than e-mail. `checkedAt` null: not looked up yet. */
  domain: z
    .object({
      name: z.string(),
      status: z.enum(DOMAIN_STATUSES).nullable(),
      checkedAt: instant.nullable(),
      checks: z.array(domainCheckSchema),
      selector: z.string().nullable(),
    })
    .nullable(),
  createdAt: instant,
  updatedAt: instant,
});
export type SenderView = z.infer<typeof senderSchema>;

export const senderDetailSchema = senderSchema.extend({
  /** Leads that are written to from it. */
  threads: z.int(),
  /** What it has used of the last days, today last. */
  days: z.array(z.object({ day: z.iso.date(), used: z.int(), limit: z.int() })),
});
export type SenderDetail = z.infer<typeof senderDetailSchema>;

/** RFC 1035 labels, underscores as services use them. */
const selector = z
  .string()
  .trim()
  .toLowerCase()
  .max(120)
  .regex(/^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/, "A selector is a word such as s1 or google");

const fields = {
  displayName: z
    .string()
    .trim()
    .max(100)
    .regex(/^[^\r\n<>"]*$/, "A name has no line breaks, quotes or angle brackets"),
  integrationId: id.nullable(),
  takesNew: z.boolean(),
  perMinute: z.int().min(1).max(10_000),
  perDay: z.int().min(1).max(1_000_000),
  hasRamp: z.boolean(),
  dkimSelector: selector.nullable(),
};

export const createSenderSchema = z.object({
  channel,
  address: z.string().trim().min(3, "Write the address").max(320),
  displayName: fields.displayName.default(""),
  integrationId: fields.integrationId.default(null),
  takesNew: fields.takesNew.default(true),
  perMinute: fields.perMinute.default(20),
  perDay: fields.perDay.default(200),
  /** Begin with 20 a day and go up by 2 a day to `perDay`. */
  hasRamp: fields.hasRamp.default(true),
  dkimSelector: fields.dkimSelector.default(null),
});

export const changeSenderSchema = z.object(fields).partial();

const byId = z.object({ senderId: id });

/** The identities that messages go out from. Without any, a channel sends from its integration's own address. */
export const sendersContract = {
  list: endpoint("integrations:read")
    .route({
      method: "GET",
      path: "/senders",
      tags,
      summary: "List senders with their budget, health and domain, newest first",
    })
    .input(
      pageInput.extend({
        channel: channel.optional(),
        status: z.enum(SENDER_STATUSES).optional(),
        q: z.string().trim().max(200).optional(),
      }),
    )
    .output(pageOf(senderSchema)),
  get: endpoint("integrations:read", NotFound)
    .route({
      method: "GET",
      path: "/senders/{senderId}",
      tags,
      summary: "Show a sender, its last days and its domain's records",
    })
    .input(byId)
    .output(senderDetailSchema),
  create: endpoint("integrations:write", SenderExists)
    .route({
      method: "POST",
      path: "/senders",
      tags,
      summary: "Add a sender; its channel sends from its senders alone from now on",
      successStatus: 201,
    })
    .input(createSenderSchema)
    .output(senderDetailSchema),
  update: endpoint("integrations:write", NotFound, ChangedElsewhere)
    .route({
      method: "PATCH",
      path: "/senders/{senderId}",
      tags,
      summary: "Change a sender's name, limits, vendor or selector",
    })
    .input(changeSenderSchema.extend({ ...byId.shape, ...expectation.shape }))
    .output(senderDetailSchema),
  pause: endpoint("integrations:write", NotFound)
    .route({
      method: "POST",
      path: "/senders/{senderId}/pause",
      tags,
      summary: "Send nothing from it; its threads wait",
    })
    .input(byId.extend({ reason: z.string().trim().max(300).default("") }))
    .output(senderDetailSchema),
  resume: endpoint("integrations:write", NotFound)
    .route({
      method: "POST",
      path: "/senders/{senderId}/resume",
      tags,
      summary: "Send from it again; its health is counted anew",
    })
    .input(byId)
    .output(senderDetailSchema),
  checkDomain: endpoint("integrations:write", NotFound, Conflict)
    .route({
      method: "POST",
      path: "/senders/{senderId}/check-domain",
      tags,
      summary: "Look up SPF, DKIM, DMARC and MX of its domain now",
    })
    .input(byId)
    .output(senderDetailSchema),
  remove: endpoint("integrations:write", NotFound)
    .route({
      method: "DELETE",
      path: "/senders/{senderId}",
      tags,
      summary: "Remove a sender; its threads go on from another",
      successStatus: 204,
    })
    .input(byId),
};
