import { implement } from "@orpc/server";
import { allow } from "#platform/context.ts";
import { instantCursor, toPage } from "#platform/http/cursor.ts";
import { instantOrNull } from "#platform/http/instants.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { closeAddress } from "../commands/close-address.ts";
import { createTag } from "../commands/create-tag.ts";
import { deleteTag } from "../commands/delete-tag.ts";
import { dismissProposal } from "../commands/dismiss-proposal.ts";
import { liftSuppression } from "../commands/lift-suppression.ts";
import { renameTag } from "../commands/rename-tag.ts";
import {
  proposalOperations,
  suppressionOperations,
  tagOperations,
  type ProposalView,
  type SuppressionView,
} from "../contract/lists.ts";
import { LeadNotFound } from "../problems.ts";
import { findLead } from "../queries/leads.ts";
import { listProposals, type ProposalRow } from "../queries/proposals.ts";
import { listSuppressionRows, type SuppressionRow } from "../queries/suppressions.ts";
import { listTags } from "../queries/tags.ts";

const tags = implement(tagOperations).$context<RequestContext>();
const suppressions = implement(suppressionOperations).$context<RequestContext>();
const proposals = implement(proposalOperations).$context<RequestContext>();

export const tagHandlers = {
  list: tags.list.handler(async ({ context: { ctx } }) => {
    allow(ctx, "leads:read");
    const rows = await listTags(ctx);
    return {
      data: rows.map(({ createdAt, updatedAt, ...row }) => ({
        ...row,
        createdAt: createdAt.toISOString(),
        updatedAt: updatedAt.toISOString(),
      })),
    };
  }),
  create: tags.create.handler(async ({ context: { ctx }, input: { name } }) => ({
    id: await createTag(ctx, name),
    name,
  })),
  rename: tags.rename.handler(async ({ context: { ctx }, input: { tagId, name, expectedUpdatedAt } }) => {
    const updatedAt = await renameTag(ctx, tagId, name, expectedUpdatedAt);
    return { id: tagId, name, updatedAt: updatedAt.toISOString() };
  }),
  delete: tags.delete.handler(({ context: { ctx }, input }) => deleteTag(ctx, input.tagId)),
};

const showSuppression = ({ actorKind, actorId, ...row }: SuppressionRow): SuppressionView => ({
  ...row,
  actor: { kind: actorKind, id: actorId },
  createdAt: row.createdAt.toISOString(),
  liftedAt: instantOrNull(row.liftedAt),
});

export const suppressionHandlers = {
  list: suppressions.list.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "leads:read");
    const { limit, cursor, ...filter } = input;
    const { rows, stoppedAt, looked } = await listSuppressionRows(ctx, {
      ...filter,
      limit,
      after: instantCursor(cursor),
    });
    const from = stoppedAt && ([stoppedAt.key.getTime(), stoppedAt.id] as const);
    return { ...toPage(rows, limit, (row) => [row.createdAt.getTime(), row.id], showSuppression, from), looked };
  }),
  create: suppressions.create.handler(({ context: { ctx }, input }) => closeAddress(ctx, input)),
  lift: suppressions.lift.handler(({ context: { ctx }, input }) => liftSuppression(ctx, input)),
};

const showProposal = (row: ProposalRow): ProposalView => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  decidedAt: instantOrNull(row.decidedAt),
});

export const proposalHandlers = {
  list: proposals.list.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "leads:read");
    const { limit, cursor, status, leadId } = input;
    if (leadId !== undefined && !(await findLead(ctx, leadId))) throw LeadNotFound();
    const rows = await listProposals(ctx, { status, leadId, limit, after: instantCursor(cursor) });
    return toPage(rows, limit, (row) => [row.createdAt.getTime(), row.id], showProposal);
  }),
  dismiss: proposals.dismiss.handler(({ context: { ctx }, input }) => dismissProposal(ctx, input.proposalId)),
};
