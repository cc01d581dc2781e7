import { implement } from "@orpc/server";
import { allow } from "#platform/context.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { type DueTouch, overviewOperations } from "../contract/overview.ts";
import { type DueRow, countDueUntil, listDueNext, readSetup } from "../queries/due-next.ts";
import { whyItWaits } from "../waiting.ts";

const os = implement(overviewOperations).$context<RequestContext>();

const SHOWN = 6;
const DAY_MS = 86_400_000;

function showDue(row: DueRow, now: Date): DueTouch {
  const { dueAt, scheduledAt, verdict, enrollmentStatus, pausedBy, campaignStatus, ...shown } = row;
  // A touch that messaging has taken over is not planned any more, and so not here.
  const noMessage = { messageStatus: null, messageDueAt: null, messageTries: null, failure: null };
  const { kind, reason } = whyItWaits(
    { status: "SCHEDULED", dueAt, scheduledAt, verdict, ...noMessage },
    { status: enrollmentStatus, pausedBy, campaignStatus },
    now,
  );
  return { ...shown, scheduledAt: scheduledAt.toISOString(), waiting: { kind, reason } };
}

export const overviewRoutes = {
  get: os.get.handler(async ({ context: { ctx } }) => {
    allow(ctx, "outreach:read");
    allow(ctx, "leads:read");
    const now = ctx.now();
    const due = await listDueNext(ctx, SHOWN);
    return {
      due: due.map((row) => showDue(row, now)),
      nextDay: await countDueUntil(ctx, new Date(now.getTime() + DAY_MS)),
      setup: await readSetup(ctx),
    };
  }),
};
