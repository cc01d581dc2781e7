import { z } from "zod";
import { endpoint, instant, MAY_COME_SHORT, moment, pageInput, pageOf, windowOf } from "#platform/http/endpoint.ts";
import { NotFound } from "#platform/problems.ts";
import { CHANNELS, MESSAGE_STATUSES } from "./channels.ts";
import { TestRefused } from "./problems.ts";
import { BOT_REASONS } from "./tracking/bots.ts";
import { TRACKING_DOMAIN_STATES } from "./tracking/domain.ts";
import { sendersContract } from "./sender-contract.ts";

const channel = z.enum(CHANNELS);

/** A message as lists and threads show it. */
export const messageSchema = z.object({
  id: z.string(),
  leadId: z.string().nullable(),
  /** Empty for who may not read leads; null for what is nobody's. */
  leadName: z.string().nullable(),
  direction: z.enum(["inbound", "outbound"]),
  channel,
  status: z.enum(MESSAGE_STATUSES),
  purpose: z.string(),
  from: z.string(),
  to: z.string(),
  subject: z.string().nullable(),
  text: z.string(),
  /** A lead's latest words that nobody has answered. */
  awaitsReply: z.boolean(),
  segments: z.int(),
  provider: z.string().nullable(),
  providerRef: z.string().nullable(),
  tries: z.int(),
  failure: z.string().nullable(),
  dueAt: instant.nullable(),
  createdAt: instant,
  sentAt: instant.nullable(),
  deliveredAt: instant.nullable(),
  /** First opened and clicked by a person, as far as can be told: machines do not count. */
  openedAt: instant.nullable(),
  clickedAt: instant.nullable(),
  /** The version of the script that it was made of. */
  scriptVersionId: z.string().nullable(),
});

/** One opening of a message, or one following of a link in it. */
export const engagementSchema = z.object({
  id: z.string(),
  kind: z.enum(["OPEN", "CLICK"]),
  at: instant,
  url: z.string().nullable(),
  /** Who told: `tracking`, our own links and picture, or a vendor by name. */
  source: z.string(),
  /** A machine did it, as far as can be told; null until that is decided, a few seconds later. */
  isBot: z.boolean().nullable(),
  botReason: z.enum(BOT_REASONS).nullable(),
  userAgent: z.string().nullable(),
});
export type EngagementView = z.infer<typeof engagementSchema>;

/** How a workspace's own host for links stands, and the CNAME to publish. */
export const trackingDomainSchema = z.object({
  state: z.enum(TRACKING_DOMAIN_STATES),
  host: z.string(),
  target: z.string(),
  found: z.array(z.string()),
  detail: z.string(),
});
export type TrackingDomainView = z.infer<typeof trackingDomainSchema>;

/** What a sandbox vendor was given, or what was answered on its behalf. */
export const deliverySchema = z.object({
  id: z.string(),
  channel,
  direction: z.enum(["outbound", "inbound"]),
  messageId: z.string().nullable(),
  /** The lead of the message; null where nobody knows. */
  leadName: z.string().nullable(),
  from: z.string(),
  to: z.string(),
  subject: z.string().nullable(),
  text: z.string(),
  html: z.string().nullable(),
  headers: z.record(z.string(), z.unknown()),
  outcome: z.string().nullable(),
  at: instant,
});

/** What became of a message that tries something out. */
export const testSendSchema = z.object({
  messageId: z.string(),
  /** The address as it was read. */
  to: z.string(),
  /** What is known at once; `sent` means that the vendor has it. */
  status: z.enum(MESSAGE_STATUSES),
  failure: z.string().nullable(),
});
export type TestSend = z.infer<typeof testSendSchema>;

/** An address as a person types it; the channel says what it must be. */
export const testAddress = z.string().trim().min(3, "Write the address").max(320, "At most 320 characters");

const cappedCount = z.object({
  count: z.int(),
  /** There are more than were counted. */
  isMore: z.boolean(),
});

/** The state of messaging at a glance; days are those of the workspace's time zone. */
export const overviewSchema = z.object({
  timeZone: z.string(),
  /** Replies of leads that nobody has answered and nothing was sent after; `oldestAt` is when the first of them came. */
  replies: cappedCount.extend({ oldestAt: instant.nullable() }),
  /** Messages that failed, of those written on the day `since` or later. */
  failed: cappedCount.extend({ since: z.iso.date() }),
  /** Messages of a day ago and before whose outcome the vendor never told: until then it may still say, or is asked. */
  unknown: cappedCount,
  /** Outbound messages written today. */
  today: z.object({
    day: z.iso.date(),
    counts: z.array(z.object({ channel, status: z.enum(MESSAGE_STATUSES), count: z.int() })),
  }),
  /** Messages handed to a vendor, day by day, the last day being today; `before` is the sum of as many days before them. */
  sends: z.object({
    days: z.array(z.object({ day: z.iso.date(), CALL: z.int(), SMS: z.int(), EMAIL: z.int() })),
    before: z.int(),
  }),
  /** Senders that have paused themselves, the latest first; at most twenty. */
  pausedSenders: z.array(z.object({ id: z.string(), channel, address: z.string(), reason: z.string() })),
  /** Whether anything was ever sent, and whether anything ever came in. */
  hasSent: z.boolean(),
  hasReceived: z.boolean(),
});
export type MessagingOverview = z.infer<typeof overviewSchema>;

/** A vendor that nothing is handed to because it kept failing. */
export const vendorPauseSchema = z.object({
  provider: z.string().describe("Its name in the list of vendors"),
  label: z.string(),
  channel,
  since: instant,
  reason: z.string(),
  /** When a few messages try it; in the past when none has wanted to go since. */
  retryAt: instant,
  /** A few messages are trying it at this moment. */
  isBeingTried: z.boolean(),
});
export type VendorPause = z.infer<typeof vendorPauseSchema>;

const flag = z.union([z.boolean(), z.stringbool({ truthy: ["true"], falsy: ["false"] })]).optional();

const tags = ["Messages"];

export const messagingContract = {
  messages: {
    list: endpoint("messages:read")
      .route({
        method: "GET",
        path: "/messages",
        summary: "List messages, newest first",
        description: MAY_COME_SHORT,
        tags,
      })
      .input(
        pageInput.extend({
          leadId: z.string().optional(),
          channel: channel.optional(),
          direction: z.enum(["inbound", "outbound"]).optional(),
          /** Any of these. */
          status: z
            .union([
              z.array(z.enum(MESSAGE_STATUSES)).max(MESSAGE_STATUSES.length),
              // Query strings repeat a key; one that stands once is no list there.
              z.enum(MESSAGE_STATUSES).transform((one) => [one]),
            ])
            .optional(),
          /** Written on this day of the workspace's time zone, or later. */
          since: z.iso.date().optional(),
          /** True: only replies that nobody has answered. */
          awaitsReply: flag,
          /** Name, e-mail, part of a phone number, company or tag of the lead. */
          search: z.string().max(200).optional(),
        }),
      )
      .output(windowOf(messageSchema)),
    sent: endpoint("messages:read")
      .route({
        method: "GET",
        path: "/messages/sent",
        summary: "List what went out between two instants, the earliest first",
        tags,
      })
      .input(
        pageInput.extend({
          from: moment,
          /** The first instant that is too late. */
          before: moment,
        }),
      )
      .output(pageOf(messageSchema)),
    overview: endpoint("messages:read")
      .route({
        method: "GET",
        path: "/messages/overview",
        summary: "What waits for a person, today's messages, and how many went out day by day",
        tags,
      })
      .input(z.object({ days: z.coerce.number().int().min(1).max(90).default(30) }))
      .output(overviewSchema),
    get: endpoint("messages:read", NotFound)
      .route({
        method: "GET",
        path: "/messages/{messageId}",
        summary: "One message, with its HTML, attempt and the gate's verdict",
        tags,
      })
      .input(z.object({ messageId: z.string() }))
      .output(
        messageSchema.extend({
          html: z.string().nullable(),
          headers: z.record(z.string(), z.unknown()),
          attempt: z
            .object({
              id: z.string(),
              status: z.string(),
              verdict: z.unknown(),
              tries: z.unknown(),
              result: z.string().nullable(),
              duration: z.int().nullable(),
              costMicros: z.int().nullable(),
              transcript: z.string().nullable(),
              recordingUrl: z.string().nullable(),
            })
            .nullable(),
        }),
      ),
    engagements: endpoint("messages:read", NotFound)
      .route({
        method: "GET",
        path: "/messages/{messageId}/engagements",
        summary: "List when a message was opened and its links were followed, latest first, machines among them",
        tags,
      })
      .input(pageInput.extend({ messageId: z.string() }))
      .output(pageOf(engagementSchema)),
    markAnswered: endpoint("messages:send", NotFound)
      .route({
        method: "POST",
        path: "/messages/{messageId}/answered",
        summary: "Say that a reply waits for no answer any more",
        tags,
      })
      .input(z.object({ messageId: z.string() }))
      .output(z.object({ ok: z.literal(true) })),
    settle: endpoint("messages:send", NotFound)
      .route({
        method: "POST",
        path: "/messages/{messageId}/settle",
        summary: "Say what became of a message whose outcome is unknown",
        tags,
      })
      .input(z.object({ messageId: z.string(), outcome: z.enum(["sent", "failed"]) }))
      .output(z.object({ ok: z.literal(true) })),
    sendAgain: endpoint("messages:send", NotFound)
      .route({
        method: "POST",
        path: "/messages/{messageId}/send-again",
        summary: "Send a message whose outcome is unknown once more, as a touch of its own",
        description:
          "The message counts as failed from then on. Its words go through the gate as any others; where it has to wait it waits, and what the gate refuses is refused with the reason, and nothing changes.",
        tags,
      })
      .input(z.object({ messageId: z.string() }))
      .output(
        z.object({
          /** The new message. */
          messageId: z.string(),
          /** When the gate is asked again; null when it was handed over. */
          waitsUntil: instant.nullable(),
        }),
      ),
  },
  tracking: {
    domain: endpoint("workspace:read")
      .route({
        method: "GET",
        path: "/workspace/tracking-domain",
        tags: ["Workspace"],
        summary: "Look up whether the workspace's own host for links points here, and say what to publish",
      })
      .output(trackingDomainSchema),
  },
  integrations: {
    testSend: endpoint("integrations:write", NotFound, TestRefused)
      .route({
        method: "POST",
        path: "/integrations/{integrationId}/test-send",
        tags: ["Integrations"],
        summary: "Send a test message through a vendor to an address of your own",
        description:
          "A short fixed text that says it is a test, also through a vendor that is switched off. It is no touch of anybody and is tried once. A suppressed address is refused. Needs messages:send as well.",
      })
      .input(z.object({ integrationId: z.string().max(60), to: testAddress }))
      .output(testSendSchema),
  },
  vendors: {
    pauses: endpoint("integrations:read")
      .route({
        method: "GET",
        path: "/vendor-pauses",
        tags: ["Integrations"],
        summary: "List the vendors that are paused because they kept failing",
        description:
          "A vendor is paused when at least half of at least twenty hand-overs within a minute fail. What would go through it waits, and uses up no tries. After a minute, then two, four and so on up to thirty, five messages try it; when it takes them, everything goes on.",
      })
      .output(z.object({ data: z.array(vendorPauseSchema) })),
    tryAgain: endpoint("integrations:write", NotFound)
      .route({
        method: "POST",
        path: "/vendor-pauses/{provider}/try-again",
        tags: ["Integrations"],
        summary: "Let a few messages try a paused vendor now",
      })
      .input(z.object({ provider: z.string().max(60) }))
      .output(z.object({ ok: z.literal(true) })),
  },
  senders: sendersContract,
  sandbox: {
    deliveries: endpoint("sandbox:use")
      .route({
        method: "GET",
        path: "/sandbox/deliveries",
        summary: "What the sandbox vendors were given, newest first",
        tags: ["Sandbox"],
      })
      .input(pageInput.extend({ channel: channel.optional() }))
      .output(pageOf(deliverySchema)),
    reply: endpoint("sandbox:use", NotFound)
      .route({
        method: "POST",
        path: "/sandbox/deliveries/{deliveryId}/reply",
        summary: "Answer as the lead, by SMS or e-mail",
        tags: ["Sandbox"],
      })
      .input(z.object({ deliveryId: z.string(), text: z.string().trim().min(1).max(5_000) }))
      .output(z.object({ ok: z.literal(true) })),
    endCall: endpoint("sandbox:use", NotFound)
      .route({
        method: "POST",
        path: "/sandbox/deliveries/{deliveryId}/call",
        summary: "Choose how a call ends",
        tags: ["Sandbox"],
      })
      .input(
        z.object({
          deliveryId: z.string(),
          outcome: z.enum(["answered", "no_answer", "voicemail", "busy"]),
          transcript: z.string().max(20_000).optional(),
        }),
      )
      .output(z.object({ ok: z.literal(true) })),
    receipt: endpoint("sandbox:use", NotFound)
      .route({
        method: "POST",
        path: "/sandbox/deliveries/{deliveryId}/receipt",
        summary: "Report a message as delivered or bounced",
        tags: ["Sandbox"],
      })
      .input(z.object({ deliveryId: z.string(), outcome: z.enum(["delivered", "bounced"]) }))
      .output(z.object({ ok: z.literal(true) })),
  },
};
