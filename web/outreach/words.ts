import { CHANNELS, type Channel } from "#domains/messaging/channels.ts";
import {
  type DelayUnit,
  type EnrollmentStatus,
  type SequenceStatus,
  TRIGGER_TYPES,
  type TriggerType,
} from "#domains/outreach/states.ts";
import type { SequenceSettings } from "#domains/outreach/trigger-config.ts";
import type { Tone } from "#web/ui/badge.tsx";
import { channelLook } from "#web/ui/channel-icon.tsx";
import type { Option } from "#web/ui/select.tsx";

export const scriptNoun = { one: "script", other: "scripts" };
export const sequenceNoun = { one: "sequence", other: "sequences" };

export const sequenceLook: Record<SequenceStatus, { label: string; tone: Tone }> = {
  DRAFT: { label: "Draft", tone: "neutral" },
  ACTIVE: { label: "Active", tone: "positive" },
  PAUSED: { label: "Paused", tone: "warning" },
  ARCHIVED: { label: "Archived", tone: "neutral" },
};

export const triggerWords: Record<TriggerType, { label: string; hint: string }> = {
  manual: { label: "By hand", hint: "People choose who comes in." },
  new_lead: { label: "New leads", hint: "Whoever is added comes in by itself." },
  no_conversion: { label: "No conversion", hint: "Whoever has not bought and was not contacted for a while." },
};

export const triggerOptions: readonly Option<TriggerType>[] = TRIGGER_TYPES.map((value) => ({
  value,
  ...triggerWords[value],
}));

export const failureOptions: readonly Option<SequenceSettings["onFailure"]>[] = [
  { value: "continue", label: "Go on with the next step" },
  { value: "stop", label: "Stop the sequence for that lead" },
];

export const reentryOptions: readonly Option<SequenceSettings["reentry"]["rule"]>[] = [
  { value: "never", label: "Never comes in again by itself" },
  { value: "after_days", label: "May come in again after a while" },
  { value: "always", label: "May come in again at any time" },
];

export const unitOptions: readonly Option<DelayUnit>[] = [
  { value: "HOURS", label: "Hours" },
  { value: "DAYS", label: "Days" },
  { value: "WEEKS", label: "Weeks" },
];

export const channelOptions: readonly Option<Channel>[] = CHANNELS.map((value) => ({
  value,
  label: channelLook[value].name,
}));

type Enrolled = Partial<Record<EnrollmentStatus, number>>;

/** Everybody who is or was in a sequence. */
export function everEnrolled(enrolled: Enrolled): number {
  return Object.values(enrolled).reduce((sum, count) => sum + count, 0);
}

/** Those who have not come to an end of it. */
export function underWay(enrolled: Enrolled): number {
  return (enrolled.ACTIVE ?? 0) + (enrolled.PAUSED ?? 0);
}
