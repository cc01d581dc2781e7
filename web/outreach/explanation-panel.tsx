import { useQuery } from "@tanstack/react-query";
import { CircleStop, Pause, Play } from "lucide-react";
import { lazy, Suspense, useState } from "react";
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
import { SkeletonText } from "#web/ui/skeleton.tsx";
import { InlineError } from "#web/ui/states.tsx";

const StopEnrollmentDialog = lazy(() =>
  import("#web/outreach/stop-enrollment-dialog.tsx").then((module) => ({ default: module.StopEnrollmentDialog })),
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
  const [isStopping, setIsStopping] = useState(false);
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
            <Button icon={CircleStop} disabledReason={whyNot} onClick={() => setIsStopping(true)}>
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
            <section aria-label="What comes next" className="rounded-lg border bg-sunken p-3">
              <NextTouch touch={data.next} zone={lead?.timeZone} />
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
        {data && isStopping ? (
          <StopEnrollmentDialog
            enrollment={data}
            leadName={lead ? leadName(lead) : "this lead"}
            onClose={() => setIsStopping(false)}
          />
        ) : null}
      </Suspense>
    </Sheet>
  );
}
