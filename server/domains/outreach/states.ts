import { CHANNELS, type Channel } from "#domains/messaging/channels.ts";
import { CHANNEL_WORDS } from "./channel-words.ts";

export const CAMPAIGN_STATUSES = ["DRAFT", "ACTIVE", "PAUSED", "COMPLETED"] as const;
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];

export const CAMPAIGN_LEAD_STATUSES = ["PENDING", "IN_PROGRESS", "COMPLETED", "FAILED"] as const;
export type CampaignLeadStatus = (typeof CAMPAIGN_LEAD_STATUSES)[number];

/** A script is written for one channel. */
export const SCRIPT_TYPES = CHANNELS;
export type ScriptType = Channel;

export const SEQUENCE_STATUSES = ["DRAFT", "ACTIVE", "PAUSED", "ARCHIVED"] as const;
export type SequenceStatus = (typeof SEQUENCE_STATUSES)[number];

export const TRIGGER_TYPES = ["manual", "new_lead", "no_conversion"] as const;
export type TriggerType = (typeof TRIGGER_TYPES)[number];

export const DELAY_UNITS = ["HOURS", "DAYS", "WEEKS"] as const;
export type DelayUnit = (typeof DELAY_UNITS)[number];

export const ENROLLMENT_STATUSES = ["ACTIVE", "PAUSED", "COMPLETED", "CANCELLED", "CONVERTED"] as const;
export type EnrollmentStatus = (typeof ENROLLMENT_STATUSES)[number];

/** What paused an enrollment: a sequence resumes those it paused, not those a person paused singly. */
export const PAUSE_CAUSES = ["person", "sequence", "campaign"] as const;
export type PauseCause = (typeof PAUSE_CAUSES)[number];

export const BULK_STATUSES = ["QUEUED", "RUNNING", "COMPLETED", "CANCELLED", "FAILED"] as const;
export type BulkStatus = (typeof BULK_STATUSES)[number];

export const SIMULATION_STATUSES = ["QUEUED", "RUNNING", "COMPLETED", "CANCELLED", "FAILED"] as const;
export type SimulationStatus = (typeof SIMULATION_STATUSES)[number];

export const EXECUTION_STATUSES = ["PENDING", "SCHEDULED", "SENT", "DELIVERED", "FAILED", "SKIPPED"] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

/** Why something may not be done: a code for programs and a sentence for people. */
export type Fault<Code extends string = string> = { code: Code; detail: string };

const fault = <Code extends string>(code: Code, detail: string): Fault<Code> => ({ code, detail });

const CAMPAIGN_LEAD_RANK = { PENDING: 0, IN_PROGRESS: 1, COMPLETED: 2, FAILED: 2 } as const;

/** The status of a lead in a campaign after news of it: forward only, and the first end stays. */
export function nextCampaignLeadStatus(current: CampaignLeadStatus, told: CampaignLeadStatus): CampaignLeadStatus {
  return CAMPAIGN_LEAD_RANK[told] > CAMPAIGN_LEAD_RANK[current] ? told : current;
}

const EXECUTION_RANK = { PENDING: 0, SCHEDULED: 1, SENT: 2, DELIVERED: 3, FAILED: 4 } as const;

/**
 * The status of an execution after news of it, in any order and however often told: PENDING < SCHEDULED < SENT <
 * DELIVERED < FAILED, for the reason given at `nextMessageStatus`: a bounce may follow a delivery. What was skipped stays
 * skipped, and what was handed to a vendor can no longer be skipped.
 */
export function nextExecutionStatus(current: ExecutionStatus, told: ExecutionStatus): ExecutionStatus {
  if (current === "SKIPPED") return current;
  if (told === "SKIPPED") return EXECUTION_RANK[current] < EXECUTION_RANK.SENT ? told : current;
  return EXECUTION_RANK[told] > EXECUTION_RANK[current] ? told : current;
}

/** Has this enrollment ended? Only a re-enrolment, as a new run, opens it again. */
export function hasEnded(status: EnrollmentStatus): boolean {
  return status === "COMPLETED" || status === "CANCELLED" || status === "CONVERTED";
}

// --- Campaigns -----------------------------------------------------------------------------------------------------

export function whyNotActivateCampaign(
  { status, endDate }: { status: CampaignStatus; endDate: Date | null },
  now: Date,
): Fault<"already_active" | "completed" | "end_date_passed"> | null {
  if (status === "ACTIVE") return fault("already_active", "The campaign is active already");
  if (status === "COMPLETED")
    return fault("completed", "A completed campaign stays completed; copy it to run it again");
  if (endDate && endDate <= now) return fault("end_date_passed", "The campaign's end date has passed; move it first");
  return null;
}

export function whyNotPauseCampaign({ status }: { status: CampaignStatus }): Fault<"not_active"> | null {
  return status === "ACTIVE"
    ? null
    : fault("not_active", `Only an active campaign can be paused; this one is ${status}`);
}

export function whyNotCompleteCampaign({
  status,
}: {
  status: CampaignStatus;
}): Fault<"never_active" | "completed"> | null {
  if (status === "DRAFT") return fault("never_active", "A draft was never active: delete it instead");
  return status === "COMPLETED" ? fault("completed", "The campaign is completed already") : null;
}

// --- Sequences -----------------------------------------------------------------------------------------------------

export type StepToActivate = {
  stepOrder: number;
  channel: Channel;
  scriptId: string | null;
  isActive: boolean;
  /** What keeps its conditions from being asked, in clauses: such a step would go out to nobody. */
  unaskable?: readonly string[];
};

/** `faults` as `scriptFaults` lists them: broken templates, missing parts, unknown variables. */
export type ScriptToActivate = { id: string; name: string; type: ScriptType; faults: readonly Fault[] };

export type ActivationFault = Fault<
  | "already_active"
  | "archived"
  | "no_active_step"
  | "step_without_script"
  | "script_not_found"
  | "script_of_other_channel"
  | "script_fault"
  | "condition_gone"
  | "trigger_gone"
  | "no_integration"
  | "no_postal_address"
>;

/**
 * Everything that keeps a sequence from being activated, so that a launch check-list can show it at once; empty when nothing
 * does. `scripts` are those of the steps; `integrations` the active vendors of the workspace, a sandbox counting as one; `goneCampaigns` how many
 * campaigns that the trigger waits for were deleted.
 */
export function whyNotActivateSequence(
  sequence: { status: SequenceStatus },
  steps: readonly StepToActivate[],
  scripts: readonly ScriptToActivate[],
  integrations: readonly { type: Channel; isActive: boolean }[],
  hasPostalAddress: boolean,
  goneCampaigns = 0,
): ActivationFault[] {
  if (sequence.status === "ACTIVE") return [fault("already_active", "The sequence is active already")];
  if (sequence.status === "ARCHIVED")
    return [fault("archived", "An archived sequence stays archived; copy it to use it again")];

  const active = steps.filter((step) => step.isActive).sort((a, b) => a.stepOrder - b.stepOrder);
  if (active.length === 0) return [fault("no_active_step", "The sequence has no active step")];

  const byId = new Map(scripts.map((script) => [script.id, script]));
  const faults = active.flatMap((step) => stepFaults(step, byId));
  const used = new Set(active.flatMap(({ scriptId }) => byId.get(scriptId ?? "") ?? []));
  for (const script of used) {
    for (const { detail } of script.faults) faults.push(fault("script_fault", `Script "${script.name}": ${detail}`));
  }
  if (goneCampaigns > 0) {
    const which = goneCampaigns === 1 ? "a campaign that was" : `${goneCampaigns} campaigns that were`;
    faults.push(fault("trigger_gone", `The trigger waits for leads of ${which} deleted`));
  }
  for (const channel of new Set(active.map((step) => step.channel))) {
    if (integrations.some(({ type, isActive }) => isActive && type === channel)) continue;
    faults.push(fault("no_integration", `No active integration for ${CHANNEL_WORDS[channel]}`));
  }
  // Each e-mail carries it, by law (15 U.S.C. § 7704(a)(5)): without it every touch would be held.
  if (!hasPostalAddress && active.some(({ channel }) => channel === "EMAIL"))
    faults.push(
      fault("no_postal_address", "E-mails carry your postal address: write it down in the workspace's settings"),
    );
  return faults;
}

function stepFaults(step: StepToActivate, scripts: ReadonlyMap<string, ScriptToActivate>): ActivationFault[] {
  const name = `Step ${step.stepOrder + 1} (${CHANNEL_WORDS[step.channel]})`;
  const gone = (step.unaskable ?? []).map((detail) =>
    fault("condition_gone" as const, `${name} would go out to nobody: ${detail}`),
  );
  if (!step.scriptId) return [fault("step_without_script", `${name} has no script`), ...gone];
  const script = scripts.get(step.scriptId);
  if (!script) return [fault("script_not_found", `${name}: its script no longer exists`), ...gone];
  if (script.type === step.channel) return gone;
  return [
    fault("script_of_other_channel", `${name}: script "${script.name}" is written for ${CHANNEL_WORDS[script.type]}`),
    ...gone,
  ];
}

export function whyNotPause({ status }: { status: SequenceStatus }): Fault<"not_active"> | null {
  return status === "ACTIVE"
    ? null
    : fault("not_active", `Only an active sequence can be paused; this one is ${status}`);
}

export function whyNotResume({ status }: { status: SequenceStatus }): Fault<"not_paused"> | null {
  return status === "PAUSED"
    ? null
    : fault("not_paused", `Only a paused sequence can be resumed; this one is ${status}`);
}

export function whyNotArchive({ status }: { status: SequenceStatus }): Fault<"never_active" | "archived"> | null {
  if (status === "DRAFT") return fault("never_active", "A draft was never active: delete it instead");
  return status === "ARCHIVED" ? fault("archived", "The sequence is archived already") : null;
}

/** Only what has never touched anybody may vanish; everything else is archived. */
export function whyNotDelete(sequence: {
  status: SequenceStatus;
  enrollments: number;
}): Fault<"active" | "has_history"> | null {
  if (sequence.status === "ACTIVE") return fault("active", "An active sequence cannot be deleted; archive it");
  if (sequence.enrollments === 0) return null;
  return fault("has_history", `${sequence.enrollments} leads have been in this sequence; archive it`);
}

// --- Enrollments ---------------------------------------------------------------------------------------------------

/** When somebody whose enrollment has ended may come in again. */
export type ReentryRule = { rule: "never" } | { rule: "after_days"; days: number } | { rule: "always" };

export const ENROLL_FAULTS = [
  "sequence_not_active",
  "lead_erased",
  "lead_status",
  "already_enrolled",
  "no_reentry",
  "reentry_too_early",
] as const;
export type EnrollFaultCode = (typeof ENROLL_FAULTS)[number];
export type EnrollFault = Fault<EnrollFaultCode>;

const DAY = 86_400_000;

/**
 * Why this lead may not enter this sequence, or null. A trigger lets nobody in a second time unless the re-entry rule allows
 * it; a person may enrol again whoever has left. `allowStatuses` as in the sequence's settings; without it everybody but
 * CONVERTED and LOST. `endedAt` is when the earlier run ended.
 */
export function whyNotEnroll(asked: {
  sequence: { status: SequenceStatus };
  lead: { status: string; erasedAt?: Date | null };
  existing: { status: EnrollmentStatus; endedAt: Date | null } | null;
  reentry: ReentryRule;
  allowStatuses?: readonly string[] | null;
  by: "person" | "trigger";
  now: Date;
}): EnrollFault | null {
  const { sequence, lead, existing, reentry, allowStatuses, by, now } = asked;
  if (sequence.status !== "ACTIVE")
    return fault("sequence_not_active", `The sequence is ${sequence.status}, not ACTIVE`);
  if (lead.erasedAt) return fault("lead_erased", "The lead was erased");
  const allowed = allowStatuses
    ? allowStatuses.includes(lead.status)
    : lead.status !== "CONVERTED" && lead.status !== "LOST";
  if (!allowed) return fault("lead_status", `The sequence takes no lead that is ${lead.status}`);
  if (!existing) return null;
  if (!hasEnded(existing.status)) return fault("already_enrolled", "The lead is in the sequence already");
  if (by === "person" || reentry.rule === "always") return null;
  if (reentry.rule === "never")
    return fault("no_reentry", "The lead has been in the sequence, and it takes nobody twice");
  const opens = (existing.endedAt?.getTime() ?? 0) + reentry.days * DAY;
  if (opens <= now.getTime()) return null;
  return fault("reentry_too_early", `The lead may enter again ${reentry.days} days after leaving`);
}

export function whyNotPauseEnrollment({ status }: { status: EnrollmentStatus }): Fault<"not_active"> | null {
  return status === "ACTIVE"
    ? null
    : fault("not_active", `Only an active enrollment can be paused; this one is ${status}`);
}

/** Whoever pauses resumes: a person cannot run one lead through a sequence that stands still, nor a sequence undo a person's pause. */
export function whyNotResumeEnrollment(
  { status, pausedBy }: { status: EnrollmentStatus; pausedBy: PauseCause | null },
  by: PauseCause,
): Fault<"not_paused" | "paused_by_other"> | null {
  if (status !== "PAUSED") return fault("not_paused", `Only a paused enrollment can be resumed; this one is ${status}`);
  if (!pausedBy || pausedBy === by) return null;
  const other =
    pausedBy === "person" ? "It was paused by a person, singly" : `It was paused with its ${pausedBy}; resume that`;
  return fault("paused_by_other", other);
}

export function whyNotCancelEnrollment({ status }: { status: EnrollmentStatus }): Fault<"ended"> | null {
  return hasEnded(status) ? fault("ended", `The enrollment has ended already: ${status}`) : null;
}

// --- Executions ----------------------------------------------------------------------------------------------------

/** Why a person may not leave out or move a step, or null. `messageStatus` of its message, once one is written. */
export function whyNotDecideExecution(
  execution: {
    status: ExecutionStatus;
    run: number;
    currentRun: number;
    enrollmentStatus: EnrollmentStatus;
    messageStatus: string | null;
  },
  act: "skip" | "reschedule",
): Fault<"decided" | "ended" | "with_vendor" | "paused"> | null {
  const { status, run, currentRun, enrollmentStatus, messageStatus } = execution;
  if (status !== "PENDING" && status !== "SCHEDULED") return fault("decided", `The step is decided: ${status}`);
  if (run !== currentRun || hasEnded(enrollmentStatus)) return fault("ended", "The lead has left the sequence");
  if (messageStatus !== null && messageStatus !== "queued")
    return fault("with_vendor", "The step was handed to its vendor");
  if (act === "skip") return null;
  if (messageStatus !== null) return fault("with_vendor", "The step's message is written and about to go out");
  return enrollmentStatus === "PAUSED" ? fault("paused", "The lead is paused: resume them first") : null;
}
