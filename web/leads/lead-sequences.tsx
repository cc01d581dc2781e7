import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleStop, Ellipsis, Pause, Play, Workflow } from "lucide-react";
import { Suspense, useState } from "react";
import type { EnrollmentView } from "#domains/outreach/contract/enrollments.ts";
import { EnrollmentState } from "#web/outreach/enrollment-state.tsx";
import { explanationQuery, leadEnrollmentsQuery, useHoldEnrollment } from "#web/outreach/enrollment-query.ts";
import { NextTouch } from "#web/outreach/next-touch.tsx";
import { problemOf } from "#web/problem.ts";
import { useMay, useWhyNot } from "#web/shell/viewer.tsx";
import { Button, IconButton } from "#web/ui/button.tsx";
import { DropdownMenu } from "#web/ui/dropdown-menu.tsx";
import { late } from "#web/ui/late.tsx";
import { SkeletonText } from "#web/ui/skeleton.tsx";
import { InlineError } from "#web/ui/states.tsx";

const StopEnrollmentDialog = late(() =>
  import("#web/outreach/stop-enrollment-dialog.tsx").then((module) => module.StopEnrollmentDialog),
);

/** As many ended sequences as are shown before somebody asks for all. */
const FEW = 3;

export type LeadSequencesProps = {
  leadId: string;
  leadName: string;
  zone: string;
  /** On which channel the lead had answered when a sequence ended, in words. */
  answeredBy: (enrollment: EnrollmentView) => string | undefined;
  onWhy: (enrollmentId: string) => void;
};

/** The sequences a lead is or was in: where it stands, what comes next, and why. */
export function LeadSequences({ leadId, leadName, zone, answeredBy, onWhy }: LeadSequencesProps) {
  const may = useMay()("outreach:read");
  const { data, error, refetch } = useQuery({ ...leadEnrollmentsQuery(leadId), enabled: may });
  const [isAll, setIsAll] = useState(false);
  const [stopping, setStopping] = useState<EnrollmentView>();
  if (!may) return null;
  const open = data?.data.filter(({ status }) => status === "ACTIVE" || status === "PAUSED") ?? [];
  const ended = data?.data.filter(({ status }) => status !== "ACTIVE" && status !== "PAUSED") ?? [];
  const shown = [...open, ...(isAll ? ended : ended.slice(0, FEW))];
  return (
    <section aria-label="Sequences" className="grid grid-cols-[minmax(0,1fr)] gap-2 pb-6">
      <h2 className="text-sm font-semibold">Sequences</h2>
      {data ? (
        shown.length > 0 ? (
          <ul className="grid grid-cols-[minmax(0,1fr)] rounded-lg border">
            {shown.map((enrollment) => (
              <li key={enrollment.id} className="min-w-0 px-3 py-2 not-first:border-t">
                <Enrollment
                  enrollment={enrollment}
                  zone={zone}
                  answeredBy={answeredBy(enrollment)}
                  onWhy={() => onWhy(enrollment.id)}
                  onStop={() => setStopping(enrollment)}
                />
              </li>
            ))}
          </ul>
        ) : (
          <p className="text-sm text-ink-muted">In no sequence yet. Enrol this lead, and its steps appear here.</p>
        )
      ) : error ? (
        <InlineError problem={problemOf(error)} onRetry={() => void refetch()} />
      ) : (
        <SkeletonText lines={2} />
      )}
      {ended.length > FEW && !isAll ? (
        <Button size="sm" variant="ghost" className="justify-self-start" onClick={() => setIsAll(true)}>
          {`Show ${ended.length - FEW} more that ended`}
        </Button>
      ) : null}
      <Suspense>
        {stopping ? (
          <StopEnrollmentDialog enrollment={stopping} leadName={leadName} onClose={() => setStopping(undefined)} />
        ) : null}
      </Suspense>
    </section>
  );
}

type EnrollmentProps = {
  enrollment: EnrollmentView;
  zone: string;
  answeredBy: string | undefined;
  onWhy: () => void;
  onStop: () => void;
};

function Enrollment({ enrollment, zone, answeredBy, onWhy, onStop }: EnrollmentProps) {
  const { id: enrollmentId, sequenceId, sequenceName, status, next, pausedBy } = enrollment;
  const isOpen = status === "ACTIVE" || status === "PAUSED";
  // How many steps there are is known to the explanation; the panel then opens at once.
  const steps = useQuery({ ...explanationQuery(enrollmentId), enabled: isOpen }).data?.steps;
  const whyNot = useWhyNot("outreach:write");
  const { pause, resume } = useHoldEnrollment();
  const whyNotResume = pausedBy && pausedBy !== "person" ? `It was paused with its ${pausedBy}; resume that` : null;
  const isBusy = pause.isPending || resume.isPending;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-2 gap-y-1">
      <div className="grid min-w-0 gap-1 py-1">
        <p className="flex min-w-0 items-center gap-2">
          <Workflow className="icon text-ink-muted" aria-hidden />
          <Link
            to="/sequences/$sequenceId"
            params={{ sequenceId }}
            className="truncate rounded-md text-base font-medium hover:underline"
          >
            {sequenceName}
          </Link>
        </p>
        <EnrollmentState enrollment={enrollment} steps={steps} answeredBy={answeredBy} />
      </div>
      <div className="flex items-center gap-1">
        <Button size="sm" variant="ghost" aria-label={`Why, ${sequenceName}`} onClick={onWhy}>
          Why?
        </Button>
        {isOpen ? (
          <DropdownMenu
            trigger={<IconButton size="sm" icon={Ellipsis} label={`More for ${sequenceName}`} />}
            sections={[
              {
                items: [
                  status === "PAUSED"
                    ? {
                        label: "Resume for this lead",
                        icon: Play,
                        disabledReason: whyNot ?? whyNotResume ?? (isBusy ? "One moment" : null),
                        onSelect: () => resume.mutate({ enrollmentId }),
                      }
                    : {
                        label: "Pause for this lead",
                        icon: Pause,
                        disabledReason: whyNot ?? (isBusy ? "One moment" : null),
                        onSelect: () => pause.mutate({ enrollmentId }),
                      },
                ],
              },
              {
                items: [
                  {
                    label: "Stop for this lead",
                    icon: CircleStop,
                    danger: true,
                    disabledReason: whyNot,
                    onSelect: onStop,
                  },
                ],
              },
            ]}
          />
        ) : null}
      </div>
      {next ? (
        <div className="col-span-2 pb-1">
          <NextTouch touch={next} zone={zone} />
        </div>
      ) : null}
    </div>
  );
}
