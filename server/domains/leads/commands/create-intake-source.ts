import { allow, inTransaction, type Context } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { Invalid } from "#platform/problems.ts";
import type { SourceSettings } from "../intake/source-settings.ts";
import { intakeSourceChanged } from "../messages.ts";
import { IntakeNameTaken } from "../problems.ts";
import { hasCampaign, insertIntakeSource, type IntakeSource } from "../queries/intake-sources.ts";
import type { IntakeKind } from "../sets.ts";

/** A new way in for leads: a form, or another program. Its token is made here and is all that is needed to give leads. */
export async function createIntakeSource(
  ctx: Context,
  wanted: { kind: IntakeKind; name: string; settings: SourceSettings; campaignId: string | null },
): Promise<IntakeSource> {
  allow(ctx, "integrations:write");
  return inTransaction(ctx, async (tx) => {
    await requireCampaign(tx, wanted.campaignId);
    whyNotConsent(wanted.settings);
    const source = await insertIntakeSource(tx, wanted);
    if (!source) throw IntakeNameTaken();
    await emit(tx, intakeSourceChanged, { sourceId: source.id, what: "created" }, { subjectId: source.id });
    return source;
  });
}

export async function requireCampaign(tx: Context, campaignId: string | null | undefined): Promise<void> {
  if (campaignId && !(await hasCampaign(tx, campaignId)))
    throw Invalid(undefined, [{ pointer: "/campaignId", detail: "There is no such campaign." }]);
}

/** Words to agree to without a channel that they are about would prove nothing. */
export function whyNotConsent({ consentText, consentChannels, isConsentRequired }: SourceSettings): void {
  if (consentText !== null && consentChannels.length === 0)
    throw Invalid(undefined, [
      { pointer: "/settings/consentChannels", detail: "Name the channels that the consent is for." },
    ]);
  if (consentText === null && isConsentRequired)
    throw Invalid(undefined, [
      { pointer: "/settings/consentText", detail: "Write the words that are to be agreed to." },
    ]);
}
