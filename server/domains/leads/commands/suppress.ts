import { allow, inTransaction, type Context } from "#platform/context.ts";
import { emitMany } from "#platform/events.ts";
import { Invalid } from "#platform/problems.ts";
import { addressSuppressed } from "../messages.ts";
import { findLeadsByAddress, insertSuppression, type SuppressionInput } from "../queries/suppressions.ts";
import { SCOPES_OF } from "../rules.ts";

/**
 * Closes an address to one channel or all, whoever has it now or later. The one command for every cause: STOP, unsubscribe,
 * complaint, bounce, a person's decision. Saying it twice is saying it once: null means that it was closed for this reason
 * before. `value` is in its normal form.
 */
export async function suppress(
  ctx: Context,
  input: Omit<SuppressionInput, "scope" | "evidence"> & Partial<Pick<SuppressionInput, "scope" | "evidence">>,
): Promise<string | null> {
  // The person whom a message was sent to says no through a link that only they hold.
  if (ctx.actor.kind !== "recipient") allow(ctx, "suppressions:write");
  const { kind, value, reason, scope = "ALL", evidence = null } = input;
  if (!SCOPES_OF[kind].includes(scope)) {
    throw Invalid(undefined, [{ pointer: "/scope", detail: `An address of kind ${kind} is not reached by ${scope}.` }]);
  }
  return inTransaction(ctx, async (tx) => {
    const suppressionId = await insertSuppression(tx, { kind, value, reason, scope, evidence });
    if (suppressionId === undefined) return null;
    const holders = await findLeadsByAddress(tx, kind, value);
    const leadIds = holders.length > 0 ? holders : [null];
    await emitMany(
      tx,
      addressSuppressed,
      leadIds.map((leadId) => ({
        leadId,
        subjectId: suppressionId,
        payload: { suppressionId, leadId, kind, reason, scope },
      })),
    );
    return suppressionId;
  });
}
