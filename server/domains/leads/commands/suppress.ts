import { allow, inTransaction, type Context } from "#platform/context.ts";
import { emitMany } from "#platform/events.ts";
import { Invalid } from "#platform/problems.ts";
import { addressSuppressed } from "../messages.ts";
import { findLeadsByAddresses, insertSuppressions, type SuppressionInput } from "../queries/suppressions.ts";
import { SCOPES_OF } from "../rules.ts";

type Closing = Omit<SuppressionInput, "scope" | "evidence"> & Partial<Pick<SuppressionInput, "scope" | "evidence">>;

/**
 * Closes an address to one channel or all, whoever has it now or later. The one command for every cause: STOP, unsubscribe,
 * complaint, bounce, a person's decision. Saying it twice is saying it once: null means that it was closed for this reason
 * before. `value` is in its normal form.
 */
export async function suppress(ctx: Context, input: Closing): Promise<string | null> {
  const [suppressionId = null] = await suppressAll(ctx, [input]);
  return suppressionId;
}

/** As `suppress`, for many in a fixed number of statements: what each came to, in the order given. */
export async function suppressAll(ctx: Context, closings: readonly Closing[]): Promise<(string | null)[]> {
  // The person whom a message was sent to says no through a link that only they hold.
  if (ctx.actor.kind !== "recipient") allow(ctx, "suppressions:write");
  const inputs = closings.map(({ kind, value, reason, scope = "ALL", evidence = null }) => {
    if (!SCOPES_OF[kind].includes(scope)) {
      throw Invalid(undefined, [
        { pointer: "/scope", detail: `An address of kind ${kind} is not reached by ${scope}.` },
      ]);
    }
    return { kind, value, reason, scope, evidence };
  });
  if (inputs.length === 0) return [];
  return inTransaction(ctx, async (tx) => {
    const ids = await insertSuppressions(tx, inputs);
    const added = inputs.flatMap((input, place) => {
      const suppressionId = ids[place];
      return suppressionId ? [{ ...input, suppressionId }] : [];
    });
    const holders = await findLeadsByAddresses(tx, added);
    await emitMany(
      tx,
      addressSuppressed,
      added.flatMap(({ suppressionId, kind, reason, scope }, place) => {
        const leadIds = holders[place] ?? [];
        return (leadIds.length > 0 ? leadIds : [null]).map((leadId) => ({
          leadId,
          subjectId: suppressionId,
          payload: { suppressionId, leadId, kind, reason, scope },
        }));
      }),
    );
    return ids;
  });
}
