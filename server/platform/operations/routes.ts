import { implement } from "@orpc/server";
import { allow } from "../context.ts";
import { listEventTypes } from "../events.ts";
import { type Cursor, decodeCursor, toPage } from "../http/cursor.ts";
import type { RequestContext } from "../http/request-context.ts";
import { Invalid, NotFound } from "../problems.ts";
import { version } from "../version.ts";
import { platformContract } from "./contract.ts";
import { type JobRow, listEvents, listJobs, retryJobRow } from "./queries.ts";

const os = implement(platformContract).$context<RequestContext>();

const isJobId = (text: string) => /^\d{1,18}$/.test(text);

function cursorOf(text: string | undefined, isOurs: (cursor: Cursor) => boolean): Cursor | undefined {
  if (text === undefined) return undefined;
  const cursor = decodeCursor(text);
  if (!isOurs(cursor))
    throw Invalid("The cursor belongs to another list.", [
      { pointer: "/cursor", detail: "Take the cursor from next_cursor of the page before." },
    ]);
  return cursor;
}

const showJob = (row: JobRow) => ({
  id: String(row.id),
  name: row.task,
  state: row.state,
  attempts: row.attempts,
  maxAttempts: row.maxAttempts,
  lastError: row.lastError,
  runAt: row.runAt.toISOString(),
  createdAt: row.createdAt.toISOString(),
  startedAt: row.lockedAt?.toISOString() ?? null,
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
      const after = cursorOf(input.cursor, ([, id]) => isJobId(id));
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
      const after = cursorOf(input.cursor, ([at]) => typeof at === "number");
      const types = input.type?.split(",").filter(Boolean);
      const rows = await listEvents(ctx, {
        limit: input.limit,
        after,
        types,
        leadId: input.leadId,
        subjectId: input.subjectId,
      });
      return toPage(
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
      );
    }),
    types: os.events.types.handler(({ context: { ctx } }) => {
      allow(ctx, "workspace:read");
      return { data: listEventTypes() };
    }),
  },
});
