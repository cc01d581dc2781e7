import { useInfiniteQuery, useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { FileUp } from "lucide-react";
import { useRef, useState, type DragEvent } from "react";
import { api } from "#web/api.ts";
import { importLook, importStepFor } from "#web/leads/import-words.ts";
import { leadNoun } from "#web/leads/words.ts";
import { problemOf } from "#web/problem.ts";
import { Page } from "#web/shell/page.tsx";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { StatusPill } from "#web/ui/badge.tsx";
import { Banner } from "#web/ui/banner.tsx";
import { Button } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { countOf } from "#web/ui/format.ts";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { Skeleton } from "#web/ui/skeleton.tsx";
import { InlineError } from "#web/ui/states.tsx";
import { keyset } from "#web/ui/table/source.ts";

// Queries

const importsQuery = api.leads.imports.list.infiniteOptions({ ...keyset, input: (cursor) => ({ cursor, limit: 20 }) });

// Loader

export function load(queries: QueryClient) {
  void queries.prefetchInfiniteQuery(importsQuery);
}

// Page

/** Where an import begins, and those that were made before. */
export function ImportsPage() {
  return (
    <Page
      title="Import leads"
      context="From a CSV or TSV file. Nothing is written before you have seen what would happen."
      back={{ to: "/leads", label: "Leads" }}
      narrow
    >
      <div className="grid gap-6">
        <DropFile />
        <EarlierImports />
      </div>
    </Page>
  );
}

function DropFile() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const whyNot = useWhyNot("leads:import");
  const upload = useMutation({
    ...api.leads.imports.upload.mutationOptions(),
    onSuccess: async (uploaded) => {
      const { looksHeaderless, ...view } = uploaded;
      queries.setQueryData(api.leads.imports.get.queryKey({ input: { importId: view.id } }), view);
      queries.setQueryData(api.leads.imports.proposal.queryKey({ input: { importId: view.id } }), {
        columns: view.columns,
        looksHeaderless,
      });
      await navigate({ to: "/leads/import/$importId", params: { importId: view.id } });
    },
  });
  const take = (file: File | undefined) => {
    if (file && !whyNot && !upload.isPending) upload.mutate({ file });
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={`grid justify-items-center gap-4 rounded-lg border border-dashed px-4 py-12 text-center transition-colors ${over ? "border-accent bg-accent-soft" : ""}`}
    >
      <FileUp className="icon text-ink-subtle" aria-hidden />
      <div className="grid gap-1">
        <p className="font-semibold">{upload.isPending ? "Uploading and reading the file…" : "Drop a file here"}</p>
        <p className="text-sm text-ink-muted">CSV or TSV, at most 512 MB, one lead a row, with a row of headers.</p>
      </div>
      <input
        ref={input}
        type="file"
        accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values"
        aria-label="File to import"
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => {
          take(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
      <Button
        variant="primary"
        disabledReason={whyNot}
        loading={upload.isPending}
        onClick={() => input.current?.click()}
      >
        Choose file
      </Button>
      {upload.error ? (
        <div className="w-full max-w-prose text-left">
          <Banner tone="danger">{sentenceOf(upload.error)}</Banner>
        </div>
      ) : null}
    </div>
  );
}

function sentenceOf(error: unknown): string {
  const { title, detail } = problemOf(error);
  return detail ? `${title}. ${detail}` : title;
}

function EarlierImports() {
  const query = useInfiniteQuery(importsQuery);
  const imports = query.data?.pages.flatMap(({ data }) => data) ?? [];
  if (query.data && imports.length === 0) return null;
  return (
    <Card title="Earlier imports">
      {query.error ? (
        <InlineError problem={problemOf(query.error)} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <Skeleton className="w-60" />
      ) : null}
      <ul className="grid gap-3">
        {imports.map((job) => (
          <li key={job.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
            <Link
              to="/leads/import/$importId"
              params={{ importId: job.id }}
              search={{ step: importStepFor(job.status) }}
              className="min-w-0 grow truncate font-medium underline-offset-4 hover:underline"
            >
              {job.fileName}
            </Link>
            <span className="text-ink-muted tabular-nums">
              {job.created + job.updated > 0 ? countOf(job.created + job.updated, leadNoun) : null}
            </span>
            <StatusPill tone={importLook[job.status].tone}>{importLook[job.status].label}</StatusPill>
            <span className="text-ink-subtle">
              <RelativeTime at={job.createdAt} />
            </span>
          </li>
        ))}
      </ul>
      {query.hasNextPage ? (
        <Button
          size="sm"
          variant="ghost"
          className="mt-2"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show earlier
        </Button>
      ) : null}
    </Card>
  );
}
