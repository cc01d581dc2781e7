import { allow, inTransaction, type Context } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { newToken } from "#platform/ids.ts";
import { refuseStale } from "#domains/accounts/index.ts";
import type { SourceSettings } from "../intake/source-settings.ts";
import { intakeSourceChanged } from "../messages.ts";
import { IntakeNameTaken, IntakeSourceNotFound } from "../problems.ts";
import {
  deleteIntakeSourceRow,
  type IntakeSource,
  isNameTaken,
  lockIntakeSource,
  updateIntakeSourceRow,
} from "../queries/intake-sources.ts";
import { requireCampaign, whyNotConsent } from "./create-intake-source.ts";

type Change = Partial<Pick<IntakeSource, "name" | "isActive" | "campaignId">> & { settings?: SourceSettings };

/**
 * Changes what is given; `settings` are given whole. `expected`: the `updatedAt` that the change was made from. Throws IntakeSourceNotFound,
 * IntakeNameTaken, ChangedElsewhere.
 */
export function updateIntakeSource(ctx: Context, id: string, change: Change, expected?: string): Promise<IntakeSource> {
  return changed(ctx, id, async (tx, { updatedAt }) => {
    await refuseStale(tx, { expected, updatedAt, told: [intakeSourceChanged], about: { subjectId: id } });
    await requireCampaign(tx, change.campaignId);
    if (change.settings) whyNotConsent(change.settings);
    if (change.name !== undefined && (await isNameTaken(tx, change.name, id))) throw IntakeNameTaken();
    return change;
  });
}

/** Makes a new token: pages and programs that hold the old one can give nothing any more. */
export const renewIntakeToken = (ctx: Context, id: string): Promise<IntakeSource> =>
  changed(ctx, id, async () => ({ token: newToken(18) }));

async function changed(
  ctx: Context,
  id: string,
  decide: (tx: Context, before: IntakeSource) => Promise<Parameters<typeof updateIntakeSourceRow>[2]>,
): Promise<IntakeSource> {
  allow(ctx, "integrations:write");
  return inTransaction(ctx, async (tx) => {
    const before = await lockIntakeSource(tx, id);
    if (!before) throw IntakeSourceNotFound();
    await updateIntakeSourceRow(tx, id, await decide(tx, before));
    await emit(tx, intakeSourceChanged, { sourceId: id, what: "changed" }, { subjectId: id });
    return (await lockIntakeSource(tx, id)) ?? before;
  });
}

/** Removes a source; what came by it stays, and so do the leads. */
export async function deleteIntakeSource(ctx: Context, id: string): Promise<void> {
  allow(ctx, "integrations:write");
  await inTransaction(ctx, async (tx) => {
    if (!(await deleteIntakeSourceRow(tx, id))) throw IntakeSourceNotFound();
    await emit(tx, intakeSourceChanged, { sourceId: id, what: "deleted" }, { subjectId: id });
  });
}
