import { allow, inTransaction, type Context } from "#platform/context.ts";
import { emitMany } from "#platform/events.ts";
import type { IdentityKind } from "../address.ts";
import { suppressionLifted } from "../messages.ts";
import { AlreadyLifted, OnlyPeopleLift, SuppressionNotFound } from "../problems.ts";
import { findLeadsByAddress, findSuppression, liftSuppressions, type Suppression } from "../queries/suppressions.ts";

/** Opens a closed address again. Takes a person and a reason; other suppressions of the address stay in force. */
export async function liftSuppression(ctx: Context, input: { suppressionId: string; reason: string }): Promise<void> {
  allow(ctx, "suppressions:write");
  if (ctx.actor.kind !== "user" && ctx.actor.kind !== "api_key") throw OnlyPeopleLift();
  await inTransaction(ctx, async (tx) => {
    const [lifted] = await liftSuppressions(tx, { id: input.suppressionId }, input.reason);
    if (lifted) return announce(tx, lifted, input.reason);
    throw (await findSuppression(tx, input.suppressionId)) ? AlreadyLifted() : SuppressionNotFound();
  });
}

/** START after STOP from the same address: lifts what that STOP closed and nothing else. False when there was no such STOP. */
export async function liftStop(
  ctx: Context,
  input: { kind: IdentityKind; value: string; evidence: string },
): Promise<boolean> {
  allow(ctx, "suppressions:write");
  return inTransaction(ctx, async (tx) => {
    const { kind, value, evidence } = input;
    const why = `START (${evidence})`;
    const lifted = await liftSuppressions(tx, { kind, value, reason: "STOP_REPLY" }, why);
    for (const suppression of lifted) await announce(tx, suppression, why);
    return lifted.length > 0;
  });
}

/**
 * The person to whom a message went takes back a no of their own: lifts what an unsubscribe whose evidence begins with one of `closedBy` has
 * closed, and nothing else. False when there was none.
 */
export async function liftOwnNo(
  ctx: Context,
  input: { kind: IdentityKind; value: string; closedBy: readonly string[]; evidence: string },
): Promise<boolean> {
  if (ctx.actor.kind !== "recipient") throw OnlyPeopleLift();
  return inTransaction(ctx, async (tx) => {
    const { kind, value, closedBy, evidence } = input;
    const lifted = await liftSuppressions(tx, { kind, value, reason: "UNSUBSCRIBE", closedBy }, evidence);
    for (const suppression of lifted) await announce(tx, suppression, evidence);
    return lifted.length > 0;
  });
}

async function announce(tx: Context, { id, kind, value, reason, scope }: Suppression, why: string): Promise<void> {
  const holders = await findLeadsByAddress(tx, kind, value);
  const leadIds = holders.length > 0 ? holders : [null];
  await emitMany(
    tx,
    suppressionLifted,
    leadIds.map((leadId) => ({
      leadId,
      subjectId: id,
      payload: { suppressionId: id, leadId, kind, reason, scope, why },
    })),
  );
}
