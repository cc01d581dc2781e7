import type { EnrollmentStatus, ExecutionStatus, PauseCause } from "./states.ts";

/** What a planned touch waits for: one word for programs, beside the sentence for people. */
export const WAIT_KINDS = ["paused", "gate", "sending", "retry", "unknown", "moved", "window", "delay", "due"] as const;
export type WaitKind = (typeof WAIT_KINDS)[number];

/** `until`: the earliest instant at which it goes on by itself; null where somebody or something else must act first. */
export type Waiting = { kind: WaitKind; reason: string; until: Date | null };

/** A planned touch with what it depends on. `verdict` as the gate stored it. */
export type PlannedTouch = {
  status: ExecutionStatus;
  dueAt: Date | null;
  scheduledAt: Date | null;
  verdict: unknown;
  /** As the execution keeps it: `moved` is a person's decision. */
  result?: unknown;
  messageStatus: string | null;
  messageDueAt: Date | null;
  messageTries: number | null;
  /** What the vendor said of the last try. */
  failure: string | null;
};

const PAUSED_BY: Record<PauseCause, string> = {
  person: "it was paused by a person",
  sequence: "its sequence is paused",
  campaign: "its campaign is paused",
};

/**
 * Why a planned touch has not gone out yet, in one sentence: whatever holds it now comes before what held it when it was
 * planned. A verdict of the gate counts only while the touch is planned for the instant that it named.
 */
export function whyItWaits(
  touch: PlannedTouch,
  enrollment: { status: EnrollmentStatus; pausedBy: PauseCause | null; campaignStatus: string | null },
  now: Date,
): Waiting {
  if (touch.messageStatus === "unknown")
    return { kind: "unknown", reason: "it was handed over, and its outcome is not known yet", until: null };
  if (touch.messageStatus === "sending")
    return { kind: "sending", reason: "it is being handed to the vendor", until: null };
  if (enrollment.status === "PAUSED")
    return { kind: "paused", reason: PAUSED_BY[enrollment.pausedBy ?? "person"], until: null };
  if (enrollment.campaignStatus === "DRAFT")
    return { kind: "paused", reason: "its campaign has not been activated", until: null };
  if (enrollment.campaignStatus === "PAUSED") return { kind: "paused", reason: PAUSED_BY.campaign, until: null };
  if (touch.messageStatus === "queued") {
    const until = touch.messageDueAt;
    if ((touch.messageTries ?? 0) > 0)
      return { kind: "retry", reason: touch.failure ?? "the last try did not get through", until };
    return { kind: "sending", reason: "it waits for its turn to be handed over", until };
  }
  const { scheduledAt, dueAt } = touch;
  const moved = movedByPerson(touch.result, scheduledAt);
  if (moved) return moved;
  const held = heldByGate(touch.verdict, scheduledAt);
  if (held) return held;
  if (!scheduledAt || scheduledAt <= now) return { kind: "due", reason: "it is due now", until: scheduledAt };
  if (dueAt && scheduledAt > dueAt)
    return { kind: "window", reason: "it waits for the sending hours", until: scheduledAt };
  return { kind: "delay", reason: "its delay is not over", until: scheduledAt };
}

function heldByGate(verdict: unknown, scheduledAt: Date | null): Waiting | null {
  if (!isRecord(verdict) || !isRecord(verdict.result) || !scheduledAt) return null;
  const { kind, reason, until } = verdict.result;
  if (kind !== "wait" || typeof reason !== "string" || typeof until !== "string") return null;
  return new Date(until).getTime() === scheduledAt.getTime() ? { kind: "gate", reason, until: scheduledAt } : null;
}

function movedByPerson(result: unknown, scheduledAt: Date | null): Waiting | null {
  if (!isRecord(result) || !isRecord(result.moved) || !scheduledAt) return null;
  const { to, reason } = result.moved;
  if (typeof to !== "string" || new Date(to).getTime() !== scheduledAt.getTime()) return null;
  return { kind: "moved", reason: `it was moved by a person: ${String(reason)}`, until: scheduledAt };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
