import type { Context } from "#platform/context.ts";
import type { ActiveProvider } from "#platform/integrations/providers.ts";
import { getWorkspaceSettings, type WorkspaceSettings } from "#domains/accounts/index.ts";
import { CHANNELS, type Channel, describeSenders } from "#domains/messaging/index.ts";
import { knowNames, testsOf, whyNotAsk } from "./engine/condition-names.ts";
import { countGoneCampaigns } from "./engine/known-campaigns.ts";
import { settingsOf } from "./engine/terms.ts";
import { type LaunchPoint, launchPoints } from "./launch-list.ts";
import { shareScripts } from "./queries/script-rows.ts";
import type { SequenceRow } from "./queries/sequence-rows.ts";
import { listSteps } from "./queries/step-rows.ts";
import { type VersionStep, findNewestVersion, listVersionSteps } from "./queries/version-rows.ts";
import { checkScript } from "./render/check-script.ts";
import { scriptFaults } from "./render/compile-script.ts";
import { KNOWN_VARIABLES } from "./render/known-variables.ts";
import { type ActivationFault, whyNotActivateSequence } from "./states.ts";

/**
 * Everything that keeps a stored sequence from being activated: of its newest version, or of its draft before there is one. In a transaction its
 * scripts stay as they are until it ends.
 */
export async function activationFaults(ctx: Context, sequence: SequenceRow): Promise<ActivationFault[]> {
  return (await look(ctx, sequence, await stepsToRun(ctx, sequence.id), await getWorkspaceSettings(ctx))).faults;
}

/** Everything that keeps a sequence's draft from being published, by the rules of activation. */
export async function publicationFaults(ctx: Context, sequence: SequenceRow): Promise<ActivationFault[]> {
  const status = sequence.status === "ACTIVE" ? "PAUSED" : sequence.status;
  const steps = await listSteps(ctx, sequence.id);
  return (await look(ctx, { ...sequence, status }, steps, await getWorkspaceSettings(ctx))).faults;
}

/** Everything that a stored sequence needs before its first touch, done or not, and what keeps it from being activated. */
export async function readinessOf(
  ctx: Context,
  sequence: SequenceRow,
): Promise<{ faults: ActivationFault[]; points: LaunchPoint[] }> {
  const settings = await getWorkspaceSettings(ctx);
  const steps = await stepsToRun(ctx, sequence.id);
  const { faults, providers, scripts } = await look(ctx, sequence, steps, settings);
  const used = new Set(steps.flatMap(({ isActive, scriptId }) => (isActive && scriptId ? [scriptId] : [])));
  const points = launchPoints({
    steps: steps.filter(({ isActive }) => isActive).map(({ channel }) => channel),
    faults,
    warnings: scripts
      .filter(({ id }) => used.has(id))
      .flatMap((script) =>
        checkScript(script).flatMap(({ severity, detail }) =>
          severity === "warning" ? [{ script: script.name, detail }] : [],
        ),
      ),
    senders: new Map(
      providers.map(([channel, found]) => [
        channel,
        found && { from: found.from, isSandbox: found.integrationId === null },
      ]),
    ),
    pools: await describeSenders(ctx),
    settings,
    window: settingsOf(sequence.settings).sendWindow ?? settings.sendWindow,
    holidays: settings.holidays,
    now: ctx.now(),
  });
  return { faults, points };
}

/** What whoever comes in goes through. */
export async function stepsToRun(ctx: Context, sequenceId: string): Promise<VersionStep[]> {
  const newest = await findNewestVersion(ctx, sequenceId);
  return newest ? ((await listVersionSteps(ctx, [newest.id])).get(newest.id) ?? []) : listSteps(ctx, sequenceId);
}

async function look(
  ctx: Context,
  sequence: Pick<SequenceRow, "status" | "triggerType" | "triggerConfig">,
  steps: readonly VersionStep[],
  { postalAddress }: WorkspaceSettings,
) {
  const scripts = await shareScripts(ctx, [...new Set(steps.flatMap((step) => step.scriptId ?? []))]);
  const providers: [Channel, ActiveProvider | null][] = [];
  for (const channel of CHANNELS) providers.push([channel, await ctx.providers.active(ctx, channel)]);
  const known = await knowNames(ctx, testsOf(steps));
  const faults = whyNotActivateSequence(
    sequence,
    steps.map((step) => ({ ...step, unaskable: whyNotAsk(known, step.conditions) })),
    scripts.map((script) => ({ ...script, faults: scriptFaults(script, KNOWN_VARIABLES) })),
    providers.map(([type, found]) => ({ type, isActive: found !== null })),
    postalAddress.trim() !== "",
    await countGoneCampaigns(ctx, sequence),
  );
  return { faults, providers, scripts };
}
