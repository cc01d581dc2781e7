import { allow, inTransaction, type Context } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { proposalDismissed } from "../messages.ts";
import { ProposalNotFound } from "../problems.ts";
import { decideProposal } from "../queries/proposals.ts";

/** Says that two leads are two people. The same address never proposes them again. */
export async function dismissProposal(ctx: Context, proposalId: string): Promise<void> {
  allow(ctx, "leads:write");
  await inTransaction(ctx, async (tx) => {
    if (!(await decideProposal(tx, proposalId, "DISMISSED"))) throw ProposalNotFound();
    await emit(tx, proposalDismissed, { proposalId }, { subjectId: proposalId });
  });
}
