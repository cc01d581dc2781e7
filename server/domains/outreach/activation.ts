import type { Context } from "#platform/context.ts";
import { CHANNELS } from "#domains/messaging/index.ts";
import { shareScripts } from "./queries/script-rows.ts";
import type { SequenceRow } from "./queries/sequence-rows.ts";
import { listSteps } from "./queries/step-rows.ts";
import { scriptFaults } from "./render/compile-script.ts";
import { KNOWN_VARIABLES } from "./render/known-variables.ts";
import { type ActivationFault, whyNotActivateSequence } from "./states.ts";

/** Everything that keeps a stored sequence from being activated. In a transaction its scripts stay as they are until it ends. */
export async function activationFaults(ctx: Context, sequence: SequenceRow): Promise<ActivationFault[]> {
  const steps = await listSteps(ctx, sequence.id);
  const scripts = await shareScripts(ctx, [...new Set(steps.flatMap((step) => step.scriptId ?? []))]);
  const integrations = [];
  for (const type of CHANNELS) integrations.push({ type, isActive: (await ctx.providers.active(ctx, type)) !== null });
  return whyNotActivateSequence(
    sequence,
    steps,
    scripts.map((script) => ({ ...script, faults: scriptFaults(script, KNOWN_VARIABLES) })),
    integrations,
  );
}
