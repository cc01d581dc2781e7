import type { EnrollmentView } from "#domains/outreach/contract/enrollments.ts";
import { endInWords, enrollmentLook } from "#web/outreach/enrollment-words.ts";
import { StatusPill } from "#web/ui/badge.tsx";
import { channelLook } from "#web/ui/channel-icon.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";

export type EnrollmentStateProps = {
  enrollment: Pick<
    EnrollmentView,
    "status" | "endReason" | "completedAt" | "pausedAt" | "enrolledAt" | "run" | "version" | "next" | "repliedOn"
  >;
  /** Its steps in their order; undefined while they are not known. */
  steps: readonly { stepOrder: number }[] | undefined;
  /** The channel on which the lead answered, where the enrollment itself does not keep it. */
  answeredBy?: string;
};

/** Where a lead stands in a sequence, in one plain line: "Stopped: the lead replied (SMS, 2 min ago)". */
export function EnrollmentState({ enrollment, steps, answeredBy }: EnrollmentStateProps) {
  const { status, endReason, repliedOn, completedAt, pausedAt, enrolledAt, run, version, next } = enrollment;
  const { label, tone } = enrollmentLook[status];
  const ended = status === "COMPLETED" || status === "CANCELLED" || status === "CONVERTED";
  const since = ended ? completedAt : status === "PAUSED" ? pausedAt : enrolledAt;
  const position = next && steps ? steps.findIndex(({ stepOrder }) => stepOrder === next.stepOrder) + 1 : 0;
  const why = status === "COMPLETED" ? "every step is done" : endReason ? endInWords(endReason) : undefined;
  const by = endReason === "replied" ? (repliedOn ? channelLook[repliedOn].name : answeredBy) : undefined;
  return (
    <p className="flex min-w-0 flex-wrap items-baseline gap-x-2 text-sm">
      <StatusPill tone={tone}>{why ? `${label}: ${why}` : label}</StatusPill>
      <span className="text-ink-muted">
        {ended ? (
          <>
            ({by ? `${by}, ` : null}
            {since ? <RelativeTime at={since} /> : null})
          </>
        ) : (
          <>
            {position > 0 ? `step ${position} of ${steps?.length ?? 0}, ` : null}
            {status === "PAUSED" ? "since " : "enrolled "}
            {since ? <RelativeTime at={since} /> : null}
          </>
        )}
        {run > 1 ? ` · run ${run}` : null}
        {` · version ${version}`}
      </span>
    </p>
  );
}
