import { implement } from "@orpc/server";
import { type Context, allow, mayAct } from "#platform/context.ts";
import { instantCursor, toPage } from "#platform/http/cursor.ts";
import { instantOrNull } from "#platform/http/instants.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { NotFound } from "#platform/problems.ts";
import { getWorkspaceSettings } from "#domains/accounts/index.ts";
import { searchLeadIds } from "#domains/leads/index.ts";
import { endSandboxCall, replyFromSandbox, reportFromSandbox } from "./commands/play-sandbox.ts";
import { markAnswered } from "./commands/mark-answered.ts";
import { sendAgain } from "./commands/send-again.ts";
import { sendThroughIntegration } from "./commands/send-through-integration.ts";
import { settleMessage } from "./commands/settle-message.ts";
import { tryVendorAgain } from "./commands/try-vendor-again.ts";
import { messagingContract } from "./contract.ts";
import { dayStart } from "./day-starts.ts";
import { showOverview } from "./overview.ts";
import { showVendorPauses } from "./vendor-pauses.ts";
import { listEngagements } from "./queries/engagements.ts";
import { judgeTrackingDomain } from "./tracking/domain.ts";
import { untrackWords } from "./tracking/track.ts";
import { findMessage, listDeliveries, listMessages, listSent, namesOfMessages } from "./queries/list.ts";
import { senderRoutes } from "./sender-routes.ts";

const os = implement(messagingContract).$context<RequestContext>();

type Row = Awaited<ReturnType<typeof listMessages>>["rows"][number];

/** Whoever of us follows a link of what was sent must not be taken for the person who got it. */
const wordsOf = (ctx: Context, { direction, text }: Row, html: string | null) =>
  direction === "outbound" ? untrackWords(ctx, { text, html }) : { text, html };

/** Who may not read leads sees what was written, and not whose name it went under. */
const nameFor = (ctx: Context, name: string) => (mayAct(ctx, "leads:read") ? name : "");

const showMessage = (ctx: Context, { firstName, lastName, ...row }: Row) => ({
  ...row,
  text: wordsOf(ctx, { firstName, lastName, ...row }, null).text,
  leadName: row.leadId === null ? null : nameFor(ctx, [firstName, lastName].filter(Boolean).join(" ")),
  dueAt: instantOrNull(row.dueAt),
  createdAt: row.createdAt.toISOString(),
  sentAt: instantOrNull(row.sentAt),
  deliveredAt: instantOrNull(row.deliveredAt),
  openedAt: instantOrNull(row.openedAt),
  clickedAt: instantOrNull(row.clickedAt),
});

const ok = { ok: true as const };

export const messagingRouter = os.router({
  messages: {
    list: os.messages.list.handler(async ({ context: { ctx }, input }) => {
      allow(ctx, "messages:read");
      const { limit, cursor, since, awaitsReply, search, ...plain } = input;
      // Whoever looks for a name and finds it has read it.
      if (search?.trim()) allow(ctx, "leads:read");
      const filter = {
        ...plain,
        ...(since && { since: dayStart((await getWorkspaceSettings(ctx)).timeZone, since) }),
        ...(awaitsReply && { awaitsReply: true as const }),
        ...(search?.trim() && { leadIds: await searchLeadIds(ctx, search) }),
      };
      const { rows, stoppedAt, looked } = await listMessages(ctx, filter, limit, instantCursor(cursor));
      const page = toPage(
        rows,
        limit,
        (row) => [row.createdAt.getTime(), row.id],
        (row) => showMessage(ctx, row),
        stoppedAt && [stoppedAt.key.getTime(), stoppedAt.id],
      );
      return { ...page, looked };
    }),
    sent: os.messages.sent.handler(async ({ context: { ctx }, input: { limit, cursor, from, before } }) => {
      allow(ctx, "messages:read");
      const range = { from: new Date(from), before: new Date(before) };
      const rows = await listSent(ctx, range, limit, instantCursor(cursor));
      return toPage(
        rows,
        limit,
        (row) => [row.sentAt?.getTime() ?? 0, row.id],
        (row) => showMessage(ctx, row),
      );
    }),
    get: os.messages.get.handler(async ({ context: { ctx }, input }) => {
      allow(ctx, "messages:read");
      const row = await findMessage(ctx, input.messageId);
      if (!row) throw NotFound();
      const {
        attemptId,
        attemptStatus,
        verdict,
        attemptTries,
        result,
        duration,
        costMicros,
        transcript,
        recordingUrl,
        html,
        headers,
        call: _call,
        campaignId: _campaignId,
        scriptId: _scriptId,
        ...message
      } = row;
      const attempt = attemptId
        ? {
            id: attemptId,
            status: attemptStatus ?? "",
            verdict,
            tries: attemptTries,
            result,
            duration,
            costMicros,
            transcript,
            recordingUrl,
          }
        : null;
      return { ...showMessage(ctx, message), html: wordsOf(ctx, message, html).html, headers, attempt };
    }),
    engagements: os.messages.engagements.handler(async ({ context: { ctx }, input: { messageId, limit, cursor } }) => {
      allow(ctx, "messages:read");
      if (!(await findMessage(ctx, messageId))) throw NotFound();
      const rows = await listEngagements(ctx, messageId, { limit, after: instantCursor(cursor) });
      return toPage(
        rows,
        limit,
        (row) => [row.at.getTime(), row.id],
        ({ judgedAt, at, ...row }) => ({
          ...row,
          at: at.toISOString(),
          isBot: judgedAt === null && row.botReason === null ? null : row.botReason !== null,
        }),
      );
    }),
    overview: os.messages.overview.handler(({ context: { ctx }, input }) => {
      allow(ctx, "messages:read");
      return showOverview(ctx, input.days);
    }),
    markAnswered: os.messages.markAnswered.handler(async ({ context: { ctx }, input }) => {
      await markAnswered(ctx, input.messageId);
      return ok;
    }),
    settle: os.messages.settle.handler(async ({ context: { ctx }, input }) => {
      await settleMessage(ctx, input);
      return ok;
    }),
    sendAgain: os.messages.sendAgain.handler(({ context: { ctx }, input }) => sendAgain(ctx, input.messageId)),
  },
  tracking: {
    domain: os.tracking.domain.handler(async ({ context: { ctx } }) => {
      allow(ctx, "workspace:read");
      const { trackingHost } = await getWorkspaceSettings(ctx);
      const answer = trackingHost === "" ? null : await ctx.providers.dns.cname(trackingHost);
      return judgeTrackingDomain(trackingHost, new URL(ctx.providers.publicUrl).hostname, answer);
    }),
  },
  integrations: {
    testSend: os.integrations.testSend.handler(({ context: { ctx }, input }) => sendThroughIntegration(ctx, input)),
  },
  vendors: {
    pauses: os.vendors.pauses.handler(({ context: { ctx } }) => showVendorPauses(ctx)),
    tryAgain: os.vendors.tryAgain.handler(async ({ context: { ctx }, input }) => {
      await tryVendorAgain(ctx, input.provider);
      return ok;
    }),
  },
  senders: senderRoutes,
  sandbox: {
    deliveries: os.sandbox.deliveries.handler(async ({ context: { ctx }, input: { limit, cursor, channel } }) => {
      allow(ctx, "sandbox:use");
      const rows = await listDeliveries(ctx, channel, limit, instantCursor(cursor));
      const names = await namesOfMessages(
        ctx,
        rows.flatMap(({ messageId }) => messageId ?? []),
      );
      return toPage(
        rows,
        limit,
        (row) => [row.at.getTime(), row.id],
        (row) => ({
          ...row,
          leadName: nameFor(ctx, names.get(row.messageId ?? "") ?? "") || null,
          at: row.at.toISOString(),
        }),
      );
    }),
    reply: os.sandbox.reply.handler(async ({ context: { ctx, runtime }, input }) => {
      await replyFromSandbox(runtime, ctx, input);
      return ok;
    }),
    endCall: os.sandbox.endCall.handler(async ({ context: { ctx, runtime }, input }) => {
      await endSandboxCall(runtime, ctx, input);
      return ok;
    }),
    receipt: os.sandbox.receipt.handler(async ({ context: { ctx, runtime }, input }) => {
      await reportFromSandbox(runtime, ctx, input);
      return ok;
    }),
  },
});
