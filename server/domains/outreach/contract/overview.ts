import { z } from "zod";
import { CHANNELS } from "#domains/messaging/channels.ts";
import { endpoint, instant } from "#platform/http/endpoint.ts";
import { WAIT_KINDS } from "../waiting.ts";

export const dueTouchSchema = z.object({
  executionId: z.string(),
  enrollmentId: z.string(),
  leadId: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  sequenceId: z.string(),
  sequenceName: z.string(),
  /** Counted from 0. */
  stepOrder: z.int(),
  channel: z.enum(CHANNELS),
  scriptName: z.string().nullable(),
  scheduledAt: instant,
  /** What it waits for until then. */
  waiting: z.object({ kind: z.enum(WAIT_KINDS), reason: z.string() }),
});
export type DueTouch = z.infer<typeof dueTouchSchema>;

/** Outreach at a glance. */
export const outreachOverviewSchema = z.object({
  /** The next planned touches, the soonest first. */
  due: z.array(dueTouchSchema),
  /** How many are planned for the next 24 hours, those overdue among them; `isMore` when there are more than were counted. */
  nextDay: z.object({ count: z.int(), isMore: z.boolean() }),
  /** How far the workspace has come. */
  setup: z.object({ hasLeads: z.boolean(), hasScripts: z.boolean(), hasStartedSequence: z.boolean() }),
});
export type OutreachOverview = z.infer<typeof outreachOverviewSchema>;

export const overviewOperations = {
  get: endpoint("outreach:read")
    .route({
      method: "GET",
      path: "/outreach/overview",
      summary: "The touches that are due next, and how far a new workspace has come",
      tags: ["Executions"],
    })
    .output(outreachOverviewSchema),
};
