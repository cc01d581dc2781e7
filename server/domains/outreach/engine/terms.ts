import type { ExtraRulings, SendWindow } from "#domains/messaging/index.ts";
import { type SequenceSettings, sequenceSettingsSchema } from "../trigger-config.ts";

/** A sequence's settings with the product's defaults in place of what was not said. */
export function settingsOf(stored: Record<string, unknown>): SequenceSettings {
  return sequenceSettingsSchema.parse(stored);
}

/** What a step's conditions say of a touch: see condition-facts.ts. */
export type ConditionRuling = { outcome: "pass" | "skip" | "stop"; detail: string };

/** As `settingsOf`, where one row that cannot be read must not keep the others of its batch from being written: null for such a one. */
export function readSettings(stored: Record<string, unknown>): SequenceSettings | null {
  return sequenceSettingsSchema.safeParse(stored).data ?? null;
}

/** What the gate asks outreach about a touch: is everything it belongs to still running? */
export type Standing = {
  sequenceStatus: string;
  enrollmentStatus: string;
  campaignStatus: string | null;
  campaignStart: Date | null;
  campaignEnd: Date | null;
  /** Empty: all. */
  campaignChannels: readonly string[] | null;
  channel: string;
  stepIsActive: boolean;
};

const HOLD_MS = 15 * 60_000;

/**
 * Outreach's rulings. A paused sequence or campaign only holds: nothing of the person's way is lost. `conditions` is undefined where the step has
 * none.
 */
export function rulingsOf(standing: Standing, now: Date, conditions: ConditionRuling | undefined): ExtraRulings {
  const until = new Date(now.getTime() + HOLD_MS);
  const active: NonNullable<ExtraRulings["active"]>[number][] = [];
  if (standing.enrollmentStatus === "PAUSED")
    active.push({ outcome: "wait", detail: "the enrollment is paused", until });
  else if (standing.enrollmentStatus !== "ACTIVE")
    active.push({ outcome: "skip", detail: `the enrollment is ${standing.enrollmentStatus}` });
  else active.push({ outcome: "pass", detail: "the enrollment is active" });
  if (standing.sequenceStatus === "PAUSED") active.push({ outcome: "wait", detail: "the sequence is paused", until });
  else if (standing.sequenceStatus !== "ACTIVE")
    active.push({ outcome: "stop", detail: `the sequence is ${standing.sequenceStatus}` });
  if (standing.campaignStatus === "DRAFT")
    active.push({ outcome: "wait", detail: "the campaign has not been activated", until });
  else if (standing.campaignStatus === "PAUSED")
    active.push({ outcome: "wait", detail: "the campaign is paused", until });
  else if (standing.campaignStatus === "COMPLETED") active.push({ outcome: "stop", detail: "the campaign is over" });
  active.push(...campaignRulings(standing, now));
  if (!standing.stepIsActive) active.push({ outcome: "skip", detail: "the step was taken out of the sequence" });
  return { active, conditions: conditions ? [conditions] : [] };
}

/** A campaign's days and channels: before its first day its touches wait, after its last nothing follows. */
function campaignRulings(standing: Standing, now: Date): NonNullable<ExtraRulings["active"]>[number][] {
  const { campaignStart: start, campaignEnd: end, campaignChannels: channels, channel } = standing;
  const rulings: NonNullable<ExtraRulings["active"]>[number][] = [];
  if (start && start > now) rulings.push({ outcome: "wait", detail: "the campaign has not begun", until: start });
  if (end && end <= now) rulings.push({ outcome: "stop", detail: "the campaign's last day is over" });
  if (channels && channels.length > 0 && !channels.includes(channel))
    rulings.push({ outcome: "skip", detail: `the campaign does not use ${channel}` });
  return rulings;
}

export type { SendWindow };
