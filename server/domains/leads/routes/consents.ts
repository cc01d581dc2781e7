import { implement } from "@orpc/server";
import { allow } from "#platform/context.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { recordConsent } from "../commands/record-consent.ts";
import { consentOperations, type ConsentView } from "../contract/consents.ts";
import { LeadNotFound } from "../problems.ts";
import { type ConsentRow, listConsents } from "../queries/consents.ts";
import { findLead } from "../queries/leads.ts";

const os = implement(consentOperations).$context<RequestContext>();

const show = ({ actorKind, actorId, at, createdAt, ...row }: ConsentRow): ConsentView => ({
  ...row,
  at: at.toISOString(),
  actor: { kind: actorKind, id: actorId },
  createdAt: createdAt.toISOString(),
});

export const consentHandlers = {
  list: os.list.handler(async ({ context: { ctx }, input: { leadId } }) => {
    allow(ctx, "leads:read");
    if (!(await findLead(ctx, leadId))) throw LeadNotFound();
    return { data: (await listConsents(ctx, leadId)).map(show) };
  }),
  record: os.record.handler(async ({ context: { ctx }, input: { leadId, ...given } }) => {
    const { proofText = null, proofUrl = null, proofIp = null, at, ...consent } = given;
    const when = at === undefined ? null : new Date(at);
    return show(await recordConsent(ctx, leadId, { ...consent, proofText, proofUrl, proofIp, at: when }));
  }),
};
