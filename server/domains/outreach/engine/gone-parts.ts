import type { Context } from "#platform/context.ts";
import { leadFilterSchema, listGone } from "#domains/leads/index.ts";
import { CHANNEL_WORDS } from "../channel-words.ts";
import { type CampaignRow, listCampaignStatuses } from "../queries/campaign-rows.ts";
import type { SequenceRow } from "../queries/sequence-rows.ts";
import { listNewestVersions, listVersionSteps, type VersionStep } from "../queries/version-rows.ts";
import { newLeadTriggerSchema } from "../trigger-config.ts";
import { goneFrom, knowNames, type KnownNames, testsOf } from "./condition-names.ts";

type Sequence = Pick<SequenceRow, "id" | "status" | "triggerType" | "triggerConfig">;

/**
 * What sequences that are or were running ask for and is not there any more, in sentences by sequence: conditions of the steps that people
 * go through, and campaigns that a trigger waits for. In a fixed number of statements; sequences without any are missing.
 */
export async function goneInSequences(ctx: Context, sequences: readonly Sequence[]): Promise<Map<string, string[]>> {
  const running = sequences.filter(({ status }) => status === "ACTIVE" || status === "PAUSED");
  if (running.length === 0) return new Map();
  const versions = await listNewestVersions(
    ctx,
    running.map(({ id }) => id),
  );
  const steps = await listVersionSteps(ctx, [...versions.values()]);
  const known = await knowNames(ctx, testsOf([...steps.values()].flat()));
  const awaited = new Map(running.map((sequence) => [sequence.id, campaignsOf(sequence)]));
  const campaigns = await listCampaignStatuses(ctx, [...awaited.values()].flat());
  return new Map(
    running.flatMap(({ id }) => {
      const lost = (awaited.get(id) ?? []).filter((campaign) => !campaigns.has(campaign)).length;
      const told = [
        ...(lost === 0 ? [] : ["The trigger waits for leads of a campaign that was deleted."]),
        ...(steps.get(versions.get(id) ?? "") ?? []).flatMap((step) => goneInStep(known, step)),
      ];
      return told.length === 0 ? [] : [[id, told] as const];
    }),
  );
}

function goneInStep(known: KnownNames, { stepOrder, channel, conditions, isActive }: VersionStep): string[] {
  if (!isActive) return [];
  const name = `Step ${stepOrder + 1} (${CHANNEL_WORDS[channel]})`;
  return goneFrom(known, conditions).map(({ detail, isPassedOver }) =>
    isPassedOver ? `${name}: ${detail}.` : `${name} goes out to nobody: ${detail}.`,
  );
}

const campaignsOf = ({ triggerType, triggerConfig }: Sequence): string[] =>
  triggerType === "new_lead" ? newLeadTriggerSchema.parse(triggerConfig).campaigns : [];

/** What the rules of campaigns ask for and is not there any more, in a sentence by campaign; those without any are missing. */
export async function goneInCampaigns(
  ctx: Context,
  campaigns: readonly Pick<CampaignRow, "id" | "status" | "autoAssign">[],
): Promise<Map<string, string>> {
  const ruled = campaigns.flatMap(({ id, status, autoAssign }) =>
    autoAssign && status !== "COMPLETED" ? [{ id, filter: leadFilterSchema.parse(autoAssign.filter) }] : [],
  );
  if (ruled.length === 0) return new Map();
  const gone = await listGone(
    ctx,
    ruled.map(({ filter }) => filter),
  );
  return new Map(
    ruled.flatMap(({ id }, place) => {
      const parts = gone[place] ?? [];
      const told = `The rule by which it takes leads in asks for something that is gone. ${parts.join(" ")}`;
      return parts.length === 0 ? [] : [[id, told] as const];
    }),
  );
}
