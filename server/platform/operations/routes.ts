import { implement } from "@orpc/server";
import { allow } from "../context.ts";
import { listEventTypes } from "../events.ts";
import { instantCursor, readCursor, toPage } from "../http/cursor.ts";
import { instantOrNull } from "../http/instants.ts";
import type { RequestContext } from "../http/request-context.ts";
import { NotFound } from "../problems.ts";
import { version } from "../version.ts";
import { platformContract } from "./contract.ts";
import { type JobRow, listEvents, listJobs, retryJobRow } from "./queries.ts";

const os = implement(platformContract).$context<RequestContext>();

const isJobId = (text: string) => /^\d{1,18}$/.test(text);

const showJob = (row: JobRow) => ({
  id: String(row.id),
  name: row.task,
  state: row.state,
  attempts: row.attempts,
  maxAttempts: row.maxAttempts,
  lastError: row.lastError,
  runAt: row.runAt.toISOString(),
  createdAt: row.createdAt.toISOString(),
  startedAt: instantOrNull(row.lockedAt),
});

export const platformRouter = os.router({
  info: os.info.handler(({ context: { runtime } }) => ({
    name: "Throughline",
    version,
    now: runtime.clock.now().toISOString(),
    environment: runtime.config.env,
  })),

  jobs: {
    list: os.jobs.list.handler(async ({ context: { ctx }, input }) => {
      allow(ctx, "jobs:read");
      const after = readCursor(input.cursor, (value, id) => value === null && isJobId(id));
      const rows = await listJobs(ctx, { limit: input.limit, after, state: input.state, name: input.name });
      return toPage(rows, input.limit, (row) => [null, String(row.id)], showJob);
    }),
    retry: os.jobs.retry.handler(async ({ context: { ctx }, input }) => {
      allow(ctx, "jobs:retry");
      if (!isJobId(input.jobId) || !(await retryJobRow(ctx, input.jobId)))
        throw NotFound("No such job waits or has failed.");
    }),
  },

  events: {
    list: os.events.list.handler(async ({ context: { ctx }, input }) => {
      allow(ctx, "workspace:read");
      const after = instantCursor(input.cursor);
      const types = input.type?.split(",").filter(Boolean);
      const { rows, stoppedAt, looked } = await listEvents(ctx, {
        limit: input.limit,
        after,
        types,
        leadId: input.leadId,
        subjectId: input.subjectId,
      });
      const page = toPage(
        rows,
        input.limit,
        (row) => [row.at.getTime(), row.id],
        (row) => ({
          id: row.id,
          type: row.type,
          at: row.at.toISOString(),
          actor: { kind: row.actorKind, id: row.actorId },
          leadId: row.leadId,
          subjectId: row.subjectId,
          payload: row.payload,
        }),
        stoppedAt && [stoppedAt.key.getTime(), stoppedAt.id],
      );
      return { ...page, looked };
    }),
    types: os.events.types.handler(({ context: { ctx } }) => {
      allow(ctx, "workspace:read");
      return { data: listEventTypes() };
    }),
  },
});
