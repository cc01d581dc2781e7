import { implement } from "@orpc/server";
import { allow } from "#platform/context.ts";
import { instantCursor, toPage } from "#platform/http/cursor.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { checkDomainNow } from "./commands/check-sender-domain.ts";
import { createSender } from "./commands/create-sender.ts";
import { pauseSender, removeSender, resumeSender } from "./commands/move-sender.ts";
import { changeSender } from "./commands/update-sender.ts";
import { listSenders } from "./queries/senders.ts";
import { sendersContract } from "./sender-contract.ts";
import { viewSender, viewSenders } from "./sender-views.ts";

const os = implement(sendersContract).$context<RequestContext>();

export const senderRoutes = os.router({
  list: os.list.handler(async ({ context: { ctx }, input: { limit, cursor, ...filter } }) => {
    allow(ctx, "integrations:read");
    const rows = await listSenders(ctx, filter, limit, instantCursor(cursor));
    const page = toPage(
      rows,
      limit,
      (row) => [row.createdAt.getTime(), row.id],
      (row) => row,
    );
    return { ...page, data: await viewSenders(ctx, page.data) };
  }),
  get: os.get.handler(({ context: { ctx }, input: { senderId } }) => {
    allow(ctx, "integrations:read");
    return viewSender(ctx, senderId);
  }),
  create: os.create.handler(async ({ context: { ctx }, input }) => viewSender(ctx, await createSender(ctx, input))),
  update: os.update.handler(async ({ context: { ctx }, input: { senderId, expectedUpdatedAt, ...wanted } }) => {
    await changeSender(ctx, senderId, wanted, expectedUpdatedAt);
    return viewSender(ctx, senderId);
  }),
  pause: os.pause.handler(async ({ context: { ctx }, input: { senderId, reason } }) => {
    await pauseSender(ctx, senderId, reason);
    return viewSender(ctx, senderId);
  }),
  resume: os.resume.handler(async ({ context: { ctx }, input: { senderId } }) => {
    await resumeSender(ctx, senderId);
    return viewSender(ctx, senderId);
  }),
  checkDomain: os.checkDomain.handler(async ({ context: { ctx }, input: { senderId } }) => {
    await checkDomainNow(ctx, senderId);
    return viewSender(ctx, senderId);
  }),
  remove: os.remove.handler(({ context: { ctx }, input: { senderId } }) => removeSender(ctx, senderId)),
});
