import { useMutation, useQuery, useQueryClient, useSuspenseQuery, type QueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { clsx } from "clsx";
import { Archive, ListFilter, Pause, Play, Trash2, UserPlus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { whyNotArchive, whyNotDelete } from "#domains/outreach/states.ts";
import { api } from "#web/api.ts";
import { leadNoun } from "#web/leads/words.ts";
import { sequenceSearch, type SequenceSearch } from "#web/outreach/search.ts";
import { Funnel } from "#web/outreach/sequence-funnel.tsx";
import { SequenceFaults } from "#web/outreach/sequence-faults.tsx";
import { otherTriggerKeys } from "#web/outreach/sequence-form.ts";
import { SequenceTabs } from "#web/outreach/sequence-tabs.tsx";
import { StepBuilder } from "#web/outreach/step-builder.tsx";
import { everEnrolled, sequenceLook, triggerWords, underWay } from "#web/outreach/words.ts";
import { problemOf } from "#web/problem.ts";
import { Page } from "#web/shell/page.tsx";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { StatusPill } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { ConfirmDialog } from "#web/ui/confirm-dialog.tsx";
import { DropdownMenu } from "#web/ui/dropdown-menu.tsx";
import { countOf } from "#web/ui/format.ts";
import { SkeletonText } from "#web/ui/skeleton.tsx";

const EnrollDialog = lazy(() =>
  import("#web/outreach/enroll-dialog.tsx").then((module) => ({ default: module.EnrollDialog })),
);
const BulkEnrollDialog = lazy(() =>
  import("#web/outreach/bulk-enroll-dialog.tsx").then((module) => ({ default: module.BulkEnrollDialog })),
);
const BulkEnrollPanel = lazy(() =>
  import("#web/outreach/bulk-enroll-panel.tsx").then((module) => ({ default: module.BulkEnrollPanel })),
);
const SequencePeople = lazy(() =>
  import("#web/outreach/sequence-people.tsx").then((module) => ({ default: module.SequencePeople })),
);
const SequenceSettings = lazy(() =>
  import("#web/outreach/sequence-settings.tsx").then((module) => ({ default: module.SequenceSettings })),
);

// Queries

const sequenceQuery = (sequenceId: string) => api.outreach.sequences.get.queryOptions({ input: { sequenceId } });
const readinessQuery = (sequenceId: string) => api.outreach.sequences.readiness.queryOptions({ input: { sequenceId } });
const statsQuery = (sequenceId: string) => api.outreach.sequences.stats.queryOptions({ input: { sequenceId } });

// Loader

export function load(queries: QueryClient, sequenceId: string) {
  void queries.prefetchQuery(readinessQuery(sequenceId));
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
  const queries = useQueryClient();
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
  const [dialog, setDialog] = useState<"enroll" | "bulk" | "archive" | "delete">();
  const close = () => setDialog(undefined);

  const saved = {
    onSuccess: async (next: typeof sequence) => {
      queries.setQueryData(sequenceQuery(sequenceId).queryKey, next);
      close();
      await queries.invalidateQueries({ queryKey: api.outreach.key() });
    },
  };
  const putSteps = useMutation(api.outreach.sequences.putSteps.mutationOptions(saved));
  const update = useMutation(api.outreach.sequences.update.mutationOptions(saved));
  const activate = useMutation(api.outreach.sequences.activate.mutationOptions(saved));
  const pause = useMutation(api.outreach.sequences.pause.mutationOptions(saved));
  const resume = useMutation(api.outreach.sequences.resume.mutationOptions(saved));
  const archive = useMutation(api.outreach.sequences.archive.mutationOptions(saved));
  const remove = useMutation({
    ...api.outreach.sequences.delete.mutationOptions(),
    onSuccess: async () => {
      await navigate({ to: "/sequences" });
      queries.removeQueries({ queryKey: sequenceQuery(sequenceId).queryKey });
      await queries.invalidateQueries({ queryKey: api.outreach.key() });
    },
  });

  const { name, status, enrolled } = sequence;
  const faults = isStandby ? (readiness?.faults ?? []) : [];
  const firstUnsaved = isDirty ? "Save or discard your changes first" : null;
  const whyNotGo = whyNot ?? firstUnsaved ?? faults[0]?.detail ?? null;
  const refused = [activate, pause, resume].find(({ error }) => error)?.error;
  const enrollButton = (
    <Button variant="primary" icon={UserPlus} disabledReason={whyNot}>
      Enrol leads
    </Button>
  );
  const enrollMenu = whyNot ? (
    enrollButton
  ) : (
    <DropdownMenu
      trigger={enrollButton}
      sections={[
        {
          items: [
            { label: "Choose leads by name", icon: UserPlus, onSelect: () => setDialog("enroll") },
            { label: "All leads of a filter", icon: ListFilter, onSelect: () => setDialog("bulk") },
          ],
        },
      ]}
    />
  );
  const act =
    status === "DRAFT" ? (
      <Button
        variant="primary"
        icon={Play}
        disabledReason={whyNotGo}
        loading={activate.isPending}
        onClick={() => activate.mutate({ sequenceId })}
      >
        Start sequence
      </Button>
    ) : status === "PAUSED" ? (
      <Button
        variant="primary"
        icon={Play}
        disabledReason={whyNotGo}
        loading={resume.isPending}
        onClick={() => resume.mutate({ sequenceId })}
      >
        Resume sequence
      </Button>
    ) : status === "ACTIVE" ? (
      <>
        <Button
          icon={Pause}
          disabledReason={whyNot}
          loading={pause.isPending}
          onClick={() => pause.mutate({ sequenceId })}
        >
          Pause sequence
        </Button>
        {enrollMenu}
      </>
    ) : null;

  return (
    <Page
      title={name}
      context={[sequence.description, `Who comes in: ${triggerWords[sequence.triggerType].label.toLowerCase()}`]
        .filter(Boolean)
        .join(" · ")}
      status={<StatusPill tone={sequenceLook[status].tone}>{sequenceLook[status].label}</StatusPill>}
      back={{ to: "/sequences", label: "Sequences" }}
      fill
      action={act}
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
        <SequenceFaults
          faults={faults}
          problem={refused ? problemOf(refused) : undefined}
          isPaused={status === "PAUSED"}
        />
        <SequenceTabs
          tab={tab}
          people={everEnrolled(enrolled)}
          unsaved={[...(isStepsDirty ? (["steps"] as const) : []), ...(isSettingsDirty ? (["settings"] as const) : [])]}
        />
        <div className={clsx("min-h-0 grow", tab === "steps" ? "flex" : "hidden")}>
          <StepBuilder
            key={sequenceId}
            sequence={sequence}
            whyNot={whyNot ?? whyNotChange(status)}
            onDirty={setIsStepsDirty}
            stats={stats?.steps}
            head={stats && stats.funnel.entered > 0 ? <Funnel funnel={stats.funnel} /> : null}
            onSave={(steps) => putSteps.mutateAsync({ sequenceId, steps })}
          />
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
                  onSave={({ triggerConfig, ...patch }) =>
                    update.mutateAsync({
                      ...patch,
                      triggerConfig: { ...otherTriggerKeys(sequence, patch.triggerType), ...triggerConfig },
                      sequenceId,
                    })
                  }
                />
              </Suspense>
            </div>
          </div>
        ) : null}
        {tab === "people" ? (
          <div className="flex min-h-0 min-w-0 grow flex-col pt-3">
            <Suspense>
              <BulkEnrollPanel sequenceId={sequenceId} openId={search.bulk} onOpen={(bulk) => change({ bulk })} />
              <SequencePeople
                sequenceId={sequenceId}
                enrolled={enrolled}
                status={search.status}
                row={search.row}
                touch={search.touch}
                onChange={change}
                enroll={status === "ACTIVE" ? enrollMenu : null}
              />
            </Suspense>
          </div>
        ) : null}
      </div>
      <Suspense>
        {dialog === "enroll" ? <EnrollDialog sequenceId={sequenceId} sequenceName={name} onClose={close} /> : null}
        {dialog === "bulk" ? (
          <BulkEnrollDialog
            sequence={{ id: sequenceId, name }}
            onStarted={({ id }) => change({ tab: "people", bulk: id })}
            onClose={close}
          />
        ) : null}
      </Suspense>
      <ConfirmDialog
        open={dialog === "archive"}
        onOpenChange={close}
        title={`Archive “${name}”?`}
        consequences={`It ends for ${countOf(underWay(enrolled), leadNoun)} under way: nothing more goes out to them. It cannot be started again.`}
        action="Archive sequence"
        loading={archive.isPending}
        error={archive.error ? problemOf(archive.error).title : undefined}
        onConfirm={() => archive.mutate({ sequenceId })}
      />
      <ConfirmDialog
        open={dialog === "delete"}
        onOpenChange={close}
        title={`Delete “${name}”?`}
        consequences={`Its ${countOf(sequence.steps.length, { one: "step", other: "steps" })} are gone for good; the scripts stay. Nobody was ever in it.`}
        action="Delete sequence"
        loading={remove.isPending}
        error={remove.error ? problemOf(remove.error).title : undefined}
        onConfirm={() => remove.mutate({ sequenceId })}
      />
    </Page>
  );
}

function whyNotChange(status: keyof typeof sequenceLook): string | null {
  if (status === "ACTIVE") return "Pause the sequence to change its steps";
  return status === "ARCHIVED" ? "An archived sequence stays as it is" : null;
}
