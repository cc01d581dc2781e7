import { useQuery, useSuspenseQuery, type QueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { clsx } from "clsx";
import { Archive, FlaskConical, Trash2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { whyNotArchive, whyNotDelete } from "#domains/outreach/states.ts";
import { sequenceSearch, type SequenceSearch } from "#web/outreach/search.ts";
import { Funnel } from "#web/outreach/sequence-funnel.tsx";
import { GoneBanner } from "#web/outreach/gone-banner.tsx";
import { LaunchList } from "#web/outreach/launch-list.tsx";
import { EndSequenceDialogs, EnrollMenu, StartOrPause } from "#web/outreach/sequence-acts.tsx";
import { readinessQuery, sequenceQuery, statsQuery, useSequenceActs } from "#web/outreach/sequence-query.ts";
import { SequenceTabs } from "#web/outreach/sequence-tabs.tsx";
import { StepsPending } from "#web/outreach/steps-pending.tsx";
import { UnpublishedBanner } from "#web/outreach/unpublished-banner.tsx";
import { everEnrolled, sequenceLook, triggerWords } from "#web/outreach/words.ts";
import { problemOf } from "#web/problem.ts";
import { Page } from "#web/shell/page.tsx";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { StatusPill } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { late } from "#web/ui/late.tsx";
import { SkeletonText } from "#web/ui/skeleton.tsx";

const loadBuilder = () => import("#web/outreach/step-builder.tsx");
const StepBuilder = lazy(() => loadBuilder().then((module) => ({ default: module.StepBuilder })));
const EnrollDialog = late(() => import("#web/outreach/enroll-dialog.tsx").then((module) => module.EnrollDialog));
const BulkEnrollDialog = late(() =>
  import("#web/outreach/bulk-enroll-dialog.tsx").then((module) => module.BulkEnrollDialog),
);
const SimulateDialog = late(() => import("#web/outreach/simulate-dialog.tsx").then((module) => module.SimulateDialog));
const BulkEnrollPanel = lazy(() =>
  import("#web/outreach/bulk-enroll-panel.tsx").then((module) => ({ default: module.BulkEnrollPanel })),
);
const SequencePeople = lazy(() =>
  import("#web/outreach/sequence-people.tsx").then((module) => ({ default: module.SequencePeople })),
);
const SequenceVersions = lazy(() =>
  import("#web/outreach/sequence-versions.tsx").then((module) => ({ default: module.SequenceVersions })),
);
const SequenceSettings = lazy(() =>
  import("#web/outreach/sequence-settings.tsx").then((module) => ({ default: module.SequenceSettings })),
);

// Loader

export function load(queries: QueryClient, sequenceId: string) {
  void queries.prefetchQuery(readinessQuery(sequenceId));
  // On its way with the data, so that the page's head need not wait for the forms.
  void loadBuilder();
  return queries.ensureQueryData(sequenceQuery(sequenceId));
}

// Page

const route = getRouteApi("/frame/sequences/$sequenceId");

export function SequencePage() {
  const { sequenceId } = route.useParams();
  const search = route.useSearch();
  const { tab = "steps" } = search;
  const navigate = route.useNavigate();
  const change = (next: Partial<SequenceSearch>) =>
    void navigate({ search: (now) => sequenceSearch({ ...now, ...next }), replace: true });
  const { data: sequence } = useSuspenseQuery(sequenceQuery(sequenceId));
  const isStandby = sequence.status === "DRAFT" || sequence.status === "PAUSED";
  const readiness = useQuery({ ...readinessQuery(sequenceId), enabled: isStandby }).data;
  const stats = useQuery({ ...statsQuery(sequenceId), enabled: sequence.status !== "DRAFT" }).data;
  const whyNot = useWhyNot("outreach:write");
  const [isStepsDirty, setIsStepsDirty] = useState(false);
  const [isSettingsDirty, setIsSettingsDirty] = useState(false);
  const isDirty = isStepsDirty || isSettingsDirty;
  // Once opened, a form stays, so that looking at another view loses nothing.
  const [hasSettings, setHasSettings] = useState(tab === "settings");
  if (tab === "settings" && !hasSettings) setHasSettings(true);
  const [dialog, setDialog] = useState<"enroll" | "bulk" | "simulate" | "archive" | "delete">();
  const close = () => setDialog(undefined);

  const acts = useSequenceActs(sequenceId, close);

  const { name, status, enrolled } = sequence;
  const faults = isStandby ? (readiness?.faults ?? []) : [];
  const whyNotStart = isDirty ? "Save or discard your changes first" : (faults[0]?.detail ?? null);
  const refused = [acts.activate, acts.pause, acts.resume].find(({ error }) => error)?.error;
  const funnel = stats && stats.funnel.entered > 0 ? <Funnel funnel={stats.funnel} /> : null;
  const enrollMenu = status === "ACTIVE" ? <EnrollMenu whyNot={whyNot} onChoose={setDialog} /> : null;

  return (
    <Page
      title={name}
      context={[sequence.description, `Who comes in: ${triggerWords[sequence.triggerType].label.toLowerCase()}`]
        .filter(Boolean)
        .join(" · ")}
      status={<StatusPill tone={sequenceLook[status].tone}>{sequenceLook[status].label}</StatusPill>}
      back={{ to: "/sequences", label: "Sequences" }}
      fill
      action={
        <>
          {status === "ARCHIVED" ? null : (
            <Button
              icon={FlaskConical}
              disabledReason={whyNot ?? (isDirty ? "Save or discard your changes first" : null)}
              onClick={() => setDialog("simulate")}
            >
              Simulate
            </Button>
          )}
          <StartOrPause sequence={sequence} acts={acts} whyNot={whyNot} whyNotStart={whyNotStart} />
          {enrollMenu}
        </>
      }
      menu={[
        {
          items: [
            {
              label: "Archive sequence",
              icon: Archive,
              danger: true,
              disabledReason: whyNot ?? whyNotArchive({ status })?.detail,
              onSelect: () => setDialog("archive"),
            },
            {
              label: "Delete sequence",
              icon: Trash2,
              danger: true,
              disabledReason: whyNot ?? whyNotDelete({ status, enrollments: everEnrolled(enrolled) })?.detail,
              onSelect: () => setDialog("delete"),
            },
          ],
        },
      ]}
    >
      <div className="flex min-h-0 min-w-0 grow flex-col">
        <LaunchList
          sequence={sequence}
          points={isStandby ? readiness?.points : undefined}
          problem={refused ? problemOf(refused) : undefined}
        />
        <GoneBanner
          warnings={sequence.warnings}
          todo="Change it under Steps or Settings; what is changed in steps is published before people go by it."
        />
        <UnpublishedBanner sequence={sequence} whyNot={whyNot} isDirty={isStepsDirty} />
        <SequenceTabs
          tab={tab}
          people={everEnrolled(enrolled)}
          unsaved={[...(isStepsDirty ? (["steps"] as const) : []), ...(isSettingsDirty ? (["settings"] as const) : [])]}
        />
        <div className={clsx("min-h-0 grow", tab === "steps" ? "flex" : "hidden")}>
          <Suspense
            fallback={<StepsPending steps={sequence.steps.length} hasFigures={funnel !== null} head={funnel} />}
          >
            <StepBuilder
              key={sequenceId}
              sequence={sequence}
              whyNot={whyNot ?? whyNotChange(status)}
              onDirty={setIsStepsDirty}
              stats={stats?.steps}
              head={funnel}
              onSave={acts.saveSteps}
            />
          </Suspense>
        </div>
        {hasSettings ? (
          <div
            className={clsx("scroll-quiet relative min-h-0 grow overflow-y-auto", tab === "settings" ? "" : "hidden")}
          >
            <div className="max-w-xl px-4 py-4 sm:px-6">
              <Suspense fallback={<SkeletonText lines={8} />}>
                <SequenceSettings
                  key={sequenceId}
                  sequence={sequence}
                  whyNot={whyNot ?? (status === "ARCHIVED" ? "An archived sequence stays as it is" : null)}
                  onDirty={setIsSettingsDirty}
                  onSave={acts.saveSettings}
                />
              </Suspense>
            </div>
          </div>
        ) : null}
        {tab === "versions" ? (
          <div className="scroll-quiet relative min-h-0 grow overflow-y-auto">
            <Suspense>
              <SequenceVersions sequence={sequence} from={search.from} to={search.to} onChange={change} />
            </Suspense>
          </div>
        ) : null}
        {tab === "people" ? (
          <div className="flex min-h-0 min-w-0 grow flex-col pt-3">
            <Suspense>
              <BulkEnrollPanel sequenceId={sequenceId} openId={search.bulk} onOpen={(bulk) => change({ bulk })} />
              <SequencePeople
                q={search.q}
                sequenceId={sequenceId}
                enrolled={enrolled}
                status={search.status}
                newest={sequence.version}
                version={search.version}
                row={search.row}
                touch={search.touch}
                onChange={change}
                enroll={enrollMenu}
              />
            </Suspense>
          </div>
        ) : null}
      </div>
      <Suspense>
        {dialog === "enroll" ? <EnrollDialog sequenceId={sequenceId} sequenceName={name} onClose={close} /> : null}
        {dialog === "simulate" ? <SimulateDialog sequence={sequence} onClose={close} /> : null}
        {dialog === "bulk" ? (
          <BulkEnrollDialog
            sequence={{ id: sequenceId, name }}
            onStarted={({ id }) => change({ tab: "people", bulk: id })}
            onClose={close}
          />
        ) : null}
      </Suspense>
      <EndSequenceDialogs
        sequence={sequence}
        acts={acts}
        open={dialog === "archive" || dialog === "delete" ? dialog : undefined}
        onClose={close}
      />
    </Page>
  );
}

function whyNotChange(status: keyof typeof sequenceLook): string | null {
  return status === "ARCHIVED" ? "An archived sequence stays as it is" : null;
}
