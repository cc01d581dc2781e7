import { useQuery } from "@tanstack/react-query";
import { CircleStop, Pause, Play } from "lucide-react";
import { Suspense, useState } from "react";
import type { EnrollmentView } from "#domains/outreach/contract/enrollments.ts";
import { leadQuery } from "#web/leads/lead-query.ts";
import { leadName } from "#web/leads/words.ts";
import { EnrollmentState } from "#web/outreach/enrollment-state.tsx";
import { ExplainedSteps } from "#web/outreach/explained-steps.tsx";
import { explanationQuery, useHoldEnrollment } from "#web/outreach/enrollment-query.ts";
import { NextTouch } from "#web/outreach/next-touch.tsx";
import { problemOf } from "#web/problem.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { Sheet } from "#web/ui/dialog.tsx";
import { late } from "#web/ui/late.tsx";
import { SkeletonText } from "#web/ui/skeleton.tsx";
import { InlineError } from "#web/ui/states.tsx";

const SkipTouchDialog = late(() =>
  import("#web/outreach/decide-touch-dialogs.tsx").then((module) => module.SkipTouchDialog),
);
const MoveTouchDialog = late(() =>
  import("#web/outreach/decide-touch-dialogs.tsx").then((module) => module.MoveTouchDialog),
);
const StopEnrollmentDialog = late(() =>
  import("#web/outreach/stop-enrollment-dialog.tsx").then((module) => module.StopEnrollmentDialog),
);

export type ExplanationPanelProps = {
  enrollmentId: string;
  /** The execution that was asked about: it is open at the start. */
  touch?: string;
  /** What the page knows of how the lead answered when it ended: "SMS". */
  answeredBy?: (enrollment: EnrollmentView) => string | undefined;
  /** The page it lies over, to which it needs no link. */
  inPage: "lead" | "sequence";
  onClose: () => void;
};

/** Why each touch of one lead in one sequence went out or did not, and what comes next. */
export function ExplanationPanel({ enrollmentId, touch, answeredBy, inPage, onClose }: ExplanationPanelProps) {
  const { data, error, refetch } = useQuery(explanationQuery(enrollmentId));
  const lead = useQuery({ ...leadQuery(data?.leadId ?? ""), enabled: data !== undefined }).data;
  const whyNot = useWhyNot("outreach:write");
  const { pause, resume } = useHoldEnrollment();
  const [dialog, setDialog] = useState<"stop" | "skip" | "move">();
  const close = () => setDialog(undefined);
  const isOpen = data?.status === "ACTIVE" || data?.status === "PAUSED";
  const whyNotResume =
    data?.pausedBy && data.pausedBy !== "person" ? `It was paused with its ${data.pausedBy}; resume that` : null;
  return (
    <Sheet
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      modal={false}
      title={inPage === "lead" ? (data?.sequenceName ?? "Why") : lead ? leadName(lead) : "Why"}
      actions={
        data && isOpen ? (
          <>
            <Button icon={CircleStop} disabledReason={whyNot} onClick={() => setDialog("stop")}>
              Stop
            </Button>
            {data.status === "PAUSED" ? (
              <Button
                icon={Play}
                disabledReason={whyNot ?? whyNotResume}
                loading={resume.isPending}
                onClick={() => resume.mutate({ enrollmentId })}
              >
                Resume
              </Button>
            ) : (
              <Button
                icon={Pause}
                disabledReason={whyNot}
                loading={pause.isPending}
                onClick={() => pause.mutate({ enrollmentId })}
              >
                Pause
              </Button>
            )}
          </>
        ) : null
      }
    >
      {data ? (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
          <div className="grid gap-2">
            <EnrollmentState enrollment={data} steps={data.steps} answeredBy={answeredBy?.(data)} />
            {inPage === "lead" ? (
              <LinkButton
                size="sm"
                to="/sequences/$sequenceId"
                params={{ sequenceId: data.sequenceId }}
                className="justify-self-start"
              >
                Open sequence
              </LinkButton>
            ) : (
              <LinkButton size="sm" to="/leads/$leadId" params={{ leadId: data.leadId }} className="justify-self-start">
                Open lead
              </LinkButton>
            )}
          </div>
          {data.next ? (
            <section aria-label="What comes next" className="grid gap-2 rounded-lg border bg-sunken p-3">
              <NextTouch touch={data.next} zone={lead?.timeZone} />
              <div className="flex flex-wrap gap-2">
                <Button
                  size="sm"
                  disabledReason={whyNot ?? (withVendor(data.next) ? "It is being handed over" : null)}
                  onClick={() => setDialog("skip")}
                >
                  Leave out
                </Button>
                <Button
                  size="sm"
                  disabledReason={
                    whyNot ??
                    (withVendor(data.next) ? "It is being handed over" : null) ??
                    (data.status === "PAUSED" ? "Resume the lead first" : null) ??
                    (lead ? null : "The lead's time zone is not known yet")
                  }
                  onClick={() => setDialog("move")}
                >
                  Move
                </Button>
              </div>
            </section>
          ) : null}
          <ExplainedSteps steps={data.steps} touch={touch} zone={lead?.timeZone} hasEnded={!isOpen} />
        </div>
      ) : error ? (
        <InlineError problem={problemOf(error)} onRetry={() => void refetch()} />
      ) : (
        <SkeletonText lines={10} />
      )}
      <Suspense>
        {data && dialog === "stop" ? (
          <StopEnrollmentDialog enrollment={data} leadName={lead ? leadName(lead) : "this lead"} onClose={close} />
        ) : null}
        {data?.next && lead && dialog === "skip" ? (
          <SkipTouchDialog touch={data.next} zone={lead.timeZone} onClose={close} />
        ) : null}
        {data?.next && lead && dialog === "move" ? (
          <MoveTouchDialog touch={data.next} zone={lead.timeZone} onClose={close} />
        ) : null}
      </Suspense>
    </Sheet>
  );
}

/** What was given to a vendor can neither be left out nor moved. */
const withVendor = ({ waits }: { waits: { kind: string } }) =>
  waits.kind === "sending" || waits.kind === "retry" || waits.kind === "unknown";
