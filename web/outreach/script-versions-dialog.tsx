import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { clsx } from "clsx";
import { useState } from "react";
import type { VersionComparison, VersionHeadView } from "#domains/outreach/contract/script-versions.ts";
import { api } from "#web/api.ts";
import { problemOf } from "#web/problem.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Badge } from "#web/ui/badge.tsx";
import { Banner } from "#web/ui/banner.tsx";
import { Button } from "#web/ui/button.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Field } from "#web/ui/field.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { Select } from "#web/ui/select.tsx";
import { SkeletonText } from "#web/ui/skeleton.tsx";
import { InlineError } from "#web/ui/states.tsx";

export type ScriptVersionsDialogProps = {
  scriptId: string;
  /** The version of the text as it stands. */
  currentId: string | null;
  /** Of the script as it stands. */
  updatedAt: string;
  name: string;
  onClose: () => void;
};

const PAGE = 50;

/** Every text that a script has had: what changed between two of them, and the way back to one. */
export function ScriptVersionsDialog({ scriptId, currentId, updatedAt, name, onClose }: ScriptVersionsDialogProps) {
  const versions = useInfiniteQuery(
    api.outreach.scriptVersions.list.infiniteOptions({
      input: (cursor: string | undefined) => ({ scriptId, limit: PAGE, cursor }),
      initialPageParam: undefined,
      getNextPageParam: (page) => page.next_cursor ?? undefined,
    }),
  );
  const all = versions.data?.pages.flatMap(({ data }) => data) ?? [];
  const [chosen, setChosen] = useState<{ from?: number; to?: number }>({});
  const latest = all[0]?.number;
  const to = chosen.to ?? latest;
  const from = chosen.from ?? (to === undefined ? undefined : Math.max(1, to - 1));
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      width="xl"
      title={`Versions of “${name}”`}
      description="Each change of the words is kept. What was sent says which version it was."
      actions={<Button onClick={onClose}>Close</Button>}
    >
      {versions.error ? (
        <InlineError problem={problemOf(versions.error)} onRetry={() => void versions.refetch()} />
      ) : latest === undefined || to === undefined || from === undefined ? (
        versions.isPending ? (
          <SkeletonText lines={6} />
        ) : (
          <p className="text-sm text-ink-muted">The first change of the words begins its history.</p>
        )
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4 pt-1">
          {latest === 1 ? (
            <p className="text-sm text-ink-muted">The words were never changed.</p>
          ) : (
            <>
              <div className="grid gap-3 sm:grid-cols-2">
                <Choice
                  label="From"
                  versions={all}
                  value={from}
                  onChange={(number) => setChosen({ from: number, to })}
                />
                <Choice label="To" versions={all} value={to} onChange={(number) => setChosen({ from, to: number })} />
              </div>
              <Changes scriptId={scriptId} from={from} to={to} />
            </>
          )}
          <section aria-label="Versions" className="grid gap-2">
            <h3 className="text-sm font-medium">All versions</h3>
            <ol className="grid divide-y rounded-lg border">
              {all.map((version) => (
                <Line
                  key={version.id}
                  version={version}
                  scriptId={scriptId}
                  expectedUpdatedAt={updatedAt}
                  isCurrent={version.id === currentId}
                  onCompare={() => setChosen({ from: version.number, to: latest })}
                />
              ))}
            </ol>
            {versions.hasNextPage ? (
              <Button size="sm" loading={versions.isFetchingNextPage} onClick={() => void versions.fetchNextPage()}>
                Show earlier versions
              </Button>
            ) : null}
          </section>
        </div>
      )}
    </Dialog>
  );
}

type ChoiceProps = {
  label: string;
  versions: readonly VersionHeadView[];
  value: number;
  onChange: (number: number) => void;
};

function Choice({ label, versions, value, onChange }: ChoiceProps) {
  const options = versions.map(({ number, by }) => ({
    value: String(number),
    label: `Version ${number}`,
    hint: by.name ?? undefined,
  }));
  return (
    <Field label={label}>
      {(control) => (
        <Select {...control} options={options} value={String(value)} onChange={(number) => onChange(Number(number))} />
      )}
    </Field>
  );
}

type LineProps = {
  version: VersionHeadView;
  scriptId: string;
  expectedUpdatedAt: string;
  isCurrent: boolean;
  onCompare: () => void;
};

function Line({ version, scriptId, expectedUpdatedAt, isCurrent, onCompare }: LineProps) {
  const { number, by, createdAt, restoredFrom } = version;
  const queries = useQueryClient();
  const whyNot = useWhyNot("outreach:write");
  const restore = useMutation({
    ...api.outreach.scriptVersions.restore.mutationOptions(),
    // Refused, too: somebody else's words are shown before one decides again.
    onSettled: () => queries.invalidateQueries({ queryKey: api.outreach.key() }),
  });
  const problem = restore.error ? problemOf(restore.error) : undefined;
  return (
    <li className="grid gap-2 px-3 py-2 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-medium tabular-nums">Version {number}</span>
        {isCurrent ? <Badge tone="accent">Now</Badge> : null}
        <span className="min-w-0 grow text-ink-muted">
          {by.name ?? "By itself"}, <RelativeTime at={createdAt} />
          {restoredFrom === null ? null : `, put back from ${restoredFrom}`}
        </span>
        {isCurrent ? null : (
          <>
            <Button size="sm" variant="ghost" onClick={onCompare}>
              Compare
              <span className="sr-only"> version {number} with the latest</span>
            </Button>
            <Button
              size="sm"
              disabledReason={whyNot}
              loading={restore.isPending}
              onClick={() => restore.mutate({ scriptId, versionNumber: number, expectedUpdatedAt })}
            >
              Put back
              <span className="sr-only"> version {number}</span>
            </Button>
          </>
        )}
      </div>
      {problem ? (
        <Banner tone="danger">
          <p className="font-medium">{problem.title}</p>
          {problem.errors?.map(({ detail }) => <p key={detail}>{detail}</p>) ?? <p>{problem.detail}</p>}
        </Banner>
      ) : null}
    </li>
  );
}

const PARTS: Record<VersionComparison["changes"][number]["part"], string> = {
  subject: "Subject",
  preheader: "Preheader",
  content: "Text",
  format: "Written as",
  voice: "Voice settings",
};

function Changes({ scriptId, from, to }: { scriptId: string; from: number; to: number }) {
  const { data, error, refetch } = useQuery({
    ...api.outreach.scriptVersions.compare.queryOptions({ input: { scriptId, from, to } }),
    placeholderData: keepPreviousData,
  });
  if (error) return <InlineError problem={problemOf(error)} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonText lines={4} />;
  return (
    <section aria-label="Changes" aria-live="polite" className="grid grid-cols-[minmax(0,1fr)] gap-3">
      {data.changes.length === 0 ? (
        <p className="text-sm text-ink-muted">
          {from === to ? "Choose two versions to see what changed." : "These two say the same."}
        </p>
      ) : (
        data.changes.map(({ part, diff }) => (
          <div key={part} className="grid grid-cols-[minmax(0,1fr)] gap-1 text-sm">
            <h3 className="font-medium">{PARTS[part]}</h3>
            <p className="rounded-lg border bg-sunken p-3 wrap-anywhere whitespace-pre-wrap">
              {diff.map(({ kind, text }, index) => (
                <Run key={`${index} ${kind}`} kind={kind} text={text} />
              ))}
            </p>
          </div>
        ))
      )}
    </section>
  );
}

/** Told by more than its colour: what went is struck through, what came is underlined. */
function Run({ kind, text }: { kind: "same" | "removed" | "added"; text: string }) {
  if (kind === "same") return text;
  const Tag = kind === "added" ? "ins" : "del";
  return (
    <Tag
      className={clsx(
        "rounded-[4px]",
        kind === "added"
          ? "bg-positive-soft text-positive-ink underline"
          : "bg-danger-soft text-danger-ink line-through",
      )}
    >
      <span className="sr-only">{kind === "added" ? " added: " : " removed: "}</span>
      {text}
    </Tag>
  );
}
