import { implement } from "@orpc/server";
import type { RequestContext } from "#platform/http/request-context.ts";
import { sendOneOff } from "../commands/send-one-off.ts";
import { oneOffOperations } from "../contract/one-off.ts";

const os = implement(oneOffOperations).$context<RequestContext>();

export const oneOffRoutes = {
  send: os.send.handler(({ context: { ctx }, input: { leadId, ...wish } }) => sendOneOff(ctx, leadId, wish)),
};
