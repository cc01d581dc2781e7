import { useSuspenseQuery, type QueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { mayImport } from "#domains/leads/rules.ts";
import { ImportMapping } from "#web/leads/import-mapping.tsx";
import { ImportPreview } from "#web/leads/import-preview.tsx";
import { importQuery } from "#web/leads/import-query.ts";
import { ImportRun } from "#web/leads/import-run.tsx";
import { importLook, importStepFor } from "#web/leads/import-words.ts";
import type { ImportStep } from "#web/leads/search.ts";
import { Page } from "#web/shell/page.tsx";
import { StatusPill } from "#web/ui/badge.tsx";
import { countOf, formatNumber } from "#web/ui/format.ts";
import { Stepper } from "#web/ui/stepper.tsx";

const STEPS = [
  { value: "file", label: "File" },
  { value: "map", label: "Columns" },
  { value: "preview", label: "Preview" },
  { value: "run", label: "Import" },
] as const;

// Loader

export function load(queries: QueryClient, importId: string) {
  return queries.ensureQueryData(importQuery(importId));
}

// Page

const route = getRouteApi("/frame/leads/import/$importId");

export function ImportPage() {
  const { importId } = route.useParams();
  const { step: wanted } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: job } = useSuspenseQuery(importQuery(importId));
  const usual = importStepFor(job.status);
  // An import that has begun is only looked at; one that has not is mapped or previewed.
  const step: ImportStep = mayImport(job.status, "map") ? (wanted === "run" || !wanted ? usual : wanted) : "run";
  const go = (next: ImportStep) => void navigate({ search: { step: next } });
  // An address without a step means the one that the import has come to: the browser's back button would lead there.
  const previewed = async () => {
    await navigate({ search: { step: "map" }, replace: true });
    go("preview");
  };
  const back = (to: (typeof STEPS)[number]["value"]) =>
    to === "file" ? void navigate({ to: "/leads/import" }) : go(to);
  const rows = job.rowsTotal === null ? null : countOf(job.rowsTotal, { one: "row", other: "rows" });
  return (
    <Page
      title={job.fileName}
      status={<StatusPill tone={importLook[job.status].tone}>{importLook[job.status].label}</StatusPill>}
      context={[
        rows && (job.status === "COMPLETED" ? rows : `about ${rows}`),
        countOf(job.headers.length, { one: "column", other: "columns" }),
        `${formatNumber(Math.max(1, Math.round(job.fileBytes / 1024)))} kB`,
        job.encoding,
      ]
        .filter(Boolean)
        .join(" · ")}
      back={{ to: "/leads/import", label: "Import leads" }}
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
        {mayImport(job.status, "map") ? (
          <Stepper label="Steps of the import" steps={STEPS} current={step} onBack={back} />
        ) : null}
        {step === "map" ? <ImportMapping job={job} onDone={() => void previewed()} /> : null}
        {step === "preview" ? <ImportPreview job={job} onBack={() => go("map")} onStarted={() => go("run")} /> : null}
        {step === "run" ? <ImportRun job={job} /> : null}
      </div>
    </Page>
  );
}
