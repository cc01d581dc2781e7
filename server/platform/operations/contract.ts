import { z } from "zod";
import { endpoint, instant, MAY_COME_SHORT, pageInput, pageOf, windowOf } from "../http/endpoint.ts";
import { NotFound } from "../problems.ts";
import { JOB_STATES } from "./job-states.ts";

const tags = ["Platform"];

export const jobSchema = z.object({
  id: z.string(),
  /** `<domain>.<verb>-<noun>`. */
  name: z.string(),
  state: z.enum(JOB_STATES),
  attempts: z.int(),
  maxAttempts: z.int(),
  /** What went wrong the last time; null when nothing did. */
  lastError: z.string().nullable(),
  runAt: instant,
  createdAt: instant,
  startedAt: instant.nullable(),
});
export type Job = z.infer<typeof jobSchema>;

export const eventSchema = z.object({
  id: z.string(),
  type: z.string(),
  at: instant,
  actor: z.object({ kind: z.string(), id: z.string().nullable() }),
  leadId: z.string().nullable(),
  subjectId: z.string().nullable(),
  payload: z.record(z.string(), z.unknown()),
});

/** What every domain stands on, as operations: the server itself, its queue, the log of everything that happened. */
export const platformContract = {
  info: endpoint("public")
    .route({ method: "GET", path: "/info", tags, summary: "Version and time of the server" })
    .output(z.object({ name: z.string(), version: z.string(), now: instant, environment: z.string() })),
  jobs: {
    list: endpoint("jobs:read")
      .route({ method: "GET", path: "/jobs", tags, summary: "List the jobs that wait, run or have failed" })
      .input(pageInput.extend({ state: z.enum(JOB_STATES).optional(), name: z.string().max(100).optional() }))
      .output(pageOf(jobSchema)),
    retry: endpoint("jobs:retry", NotFound)
      .route({
        method: "POST",
        path: "/jobs/{jobId}/retry",
        tags,
        summary: "Try a failed job again now",
        successStatus: 204,
      })
      .input(z.object({ jobId: z.string().max(30) })),
  },
  events: {
    list: endpoint("workspace:read")
      .route({
        method: "GET",
        path: "/events",
        tags,
        summary: "List what happened, newest first",
        description: MAY_COME_SHORT,
      })
      .input(
        pageInput.extend({
          /** Types to show, separated by commas. */
          type: z.string().max(500).optional(),
          leadId: z.string().max(60).optional(),
          subjectId: z.string().max(60).optional(),
        }),
      )
      .output(windowOf(eventSchema)),
    types: endpoint("workspace:read")
      .route({ method: "GET", path: "/events/types", tags, summary: "Every type of event there is" })
      .output(z.object({ data: z.array(z.string()) })),
  },
};
