import { allow, type Context } from "#platform/context.ts";
import type { LeadFilter } from "#domains/leads/index.ts";
import { stepsToRun } from "../activation.ts";
import { type LeadCheck, MOST_LOOKED_AT } from "../contract/lead-check.ts";
import { type CheckedLead, type CheckedTouch, checkTouches, mostLeads } from "../engine/check-touches.ts";
import { CampaignNotFound, ScriptNotFound, SequenceNotFound } from "../problems.ts";
import { firstWanted } from "../queries/bulk-enrollments.ts";
import { findCampaign } from "../queries/campaign-rows.ts";
import { listUnderWay } from "../queries/enroll-rows.ts";
import { loadScripts } from "../queries/scripts.ts";
import { findSequence } from "../queries/sequence-rows.ts";
import { type VersionStep, listVersionSteps } from "../queries/version-rows.ts";
import { previewLink } from "./preview-script.ts";

type Whom = { leadIds?: readonly string[]; filter?: LeadFilter };

/**
 * Which leads would miss a touch of a sequence, whatever its state, and what they lack: those named, the first 10,000 of a filter, by what whoever
 * comes in now goes through; or with `inside` whoever is under way in it, from the step they are at of their version. `publicUrl` is the server's own address. Writes nothing. Throws
 * SequenceNotFound, CampaignNotFound.
 */
export async function checkSequenceLeads(
  ctx: Context,
  {
    sequenceId,
    campaignId = null,
    inside,
    ...whom
  }: Whom & { sequenceId: string; campaignId?: string | null; inside?: true },
  publicUrl: string,
): Promise<LeadCheck> {
  allow(ctx, "outreach:read");
  allow(ctx, "leads:read");
  if (!(await findSequence(ctx, sequenceId))) throw SequenceNotFound();
  const campaign = campaignId === null ? null : await findCampaign(ctx, campaignId);
  if (campaign === undefined) throw CampaignNotFound();
  if (!inside) {
    const touches = await touchesOf(ctx, [[null, await stepsToRun(ctx, sequenceId)]]);
    return lookAt(ctx, touches, await listWanted(ctx, whom, campaign?.name ?? null), publicUrl);
  }
  const leads = await listUnderWay(ctx, sequenceId, MOST_LOOKED_AT + 1);
  const versions = await listVersionSteps(ctx, [...new Set(leads.map(({ versionId }) => versionId))]);
  const isAll = leads.length <= MOST_LOOKED_AT;
  return lookAt(ctx, await touchesOf(ctx, [...versions]), { leads, isAll }, publicUrl);
}

/** The steps in use of these versions, in order; one that several have alike is one touch. */
async function touchesOf(
  ctx: Context,
  versions: readonly (readonly [versionId: string | null, steps: readonly VersionStep[]])[],
): Promise<CheckedTouch[]> {
  const steps = versions.flatMap(([versionId, all]) =>
    all.filter(({ isActive }) => isActive).map((step) => ({ ...step, versionId })),
  );
  const scripts = await loadScripts(ctx, [...new Set(steps.flatMap(({ scriptId }) => scriptId ?? []))]);
  const alike = Map.groupBy(steps, ({ stepOrder, channel, scriptId }) => `${stepOrder} ${channel} ${scriptId}`);
  return [...alike.values()]
    .flatMap(([first, ...others]) => {
      if (!first) return [];
      const { stepOrder, channel, scriptId } = first;
      const ids = [first, ...others].flatMap(({ versionId }) => versionId ?? []);
      const script = scripts.get(scriptId ?? "") ?? null;
      return [{ stepOrder, channel, script, versionIds: new Set(ids) }];
    })
    .toSorted((a, b) => a.stepOrder - b.stepOrder);
}

/**
 * For which leads a script could not be filled in: those named, or the first 10,000 of a filter. Writes nothing. `publicUrl` as above. Throws
 * ScriptNotFound.
 */
export async function checkScriptLeads(
  ctx: Context,
  { scriptId, ...whom }: Whom & { scriptId: string },
  publicUrl: string,
): Promise<LeadCheck> {
  allow(ctx, "outreach:read");
  allow(ctx, "leads:read");
  const script = (await loadScripts(ctx, [scriptId])).get(scriptId);
  if (!script) throw ScriptNotFound();
  const campaign = script.campaignId ? await findCampaign(ctx, script.campaignId) : undefined;
  const wanted = await listWanted(ctx, whom, campaign?.name ?? null);
  const touches = [{ stepOrder: null, versionIds: null, channel: script.type, script }];
  return lookAt(ctx, touches, wanted, publicUrl);
}

/** `isAll`: there are no others. */
type WantedLeads = { leads: CheckedLead[]; isAll: boolean };

async function listWanted(
  ctx: Context,
  { leadIds, filter = {} }: Whom,
  campaignName: string | null,
): Promise<WantedLeads> {
  const { ids, isAll } = await firstWanted(ctx, { filter, leadIds: leadIds ?? null }, MOST_LOOKED_AT);
  return { leads: ids.map((leadId) => ({ leadId, versionId: null, fromOrder: 0, campaignName })), isAll };
}

async function lookAt(
  ctx: Context,
  touches: readonly CheckedTouch[],
  { leads, isAll }: WantedLeads,
  publicUrl: string,
): Promise<LeadCheck> {
  const most = mostLeads(touches.length);
  const found = await checkTouches(ctx, touches, leads.slice(0, most), previewLink(publicUrl));
  return { ...found, isMore: leads.length > most || !isAll };
}
