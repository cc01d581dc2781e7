import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "@tanstack/react-router";
import type { ImportView, PreviewRowView } from "#domains/leads/contract.ts";
import { api } from "#web/api.ts";
import { outcomeLook } from "#web/leads/import-words.ts";
import { fieldName } from "#web/leads/words.ts";
import { problemOf } from "#web/problem.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Badge } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { countOf } from "#web/ui/format.ts";
import { Skeleton } from "#web/ui/skeleton.tsx";
import { ErrorState, InlineError } from "#web/ui/states.tsx";

export type ImportPreviewProps = { job: ImportView; onBack: () => void; onStarted: () => void };

/** What the first rows would do, worked out by the import's own rules; nothing is written yet. */
export function ImportPreview({ job, onBack, onStarted }: ImportPreviewProps) {
  const queries = useQueryClient();
  const whyNot = useWhyNot("leads:import");
  const preview = useQuery({
    ...api.leads.imports.preview.queryOptions({ input: { importId: job.id } }),
    // What would happen depends on leads that others change meanwhile.
    staleTime: 0,
  });
  const start = useMutation({
    ...api.leads.imports.start.mutationOptions(),
    onSuccess: (view) => {
      queries.setQueryData(api.leads.imports.get.queryKey({ input: { importId: job.id } }), view);
      onStarted();
    },
  });
  const rows = preview.data?.data;
  if (preview.error && !rows) {
    return <ErrorState problem={problemOf(preview.error)} onRetry={() => void preview.refetch()} />;
  }
  const total = job.rowsTotal === null ? "all rows" : `about ${countOf(job.rowsTotal, { one: "row", other: "rows" })}`;
  return (
    <div className="grid max-w-xl grid-cols-[minmax(0,1fr)] gap-6">
      <Card
        title="What would happen"
        description={rows ? `${sumOf(rows)} among the first ${rows.length}. Nothing is written yet.` : undefined}
        flush
      >
        {rows ? (
          <ol>
            {rows.map((row) => (
              <PreviewRow key={row.line} row={row} headers={headersOf(job)} />
            ))}
          </ol>
        ) : (
          <div className="grid gap-4 p-4">
            {Array.from({ length: 8 }, (_, line) => (
              <Skeleton key={line} className={line % 2 ? "w-40" : "w-60"} />
            ))}
          </div>
        )}
      </Card>
      {start.error ? <InlineError problem={problemOf(start.error)} /> : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onBack}>Change columns</Button>
        <Button
          variant="primary"
          disabledReason={whyNot}
          loading={start.isPending}
          onClick={() => start.mutate({ importId: job.id })}
        >
          {`Import ${total}`}
        </Button>
      </div>
    </div>
  );
}

function sumOf(rows: readonly PreviewRowView[]): string {
  const sums = Object.entries({
    "would be new leads": rows.filter(({ outcome }) => outcome === "create").length,
    "would update a lead": rows.filter(({ outcome }) => outcome === "update").length,
    "would change nothing": rows.filter(({ outcome }) => outcome === "unchanged").length,
    "would be left out": rows.filter(({ outcome }) => outcome === "faulty" || outcome === "conflict").length,
  });
  return sums.flatMap(([words, count]) => (count > 0 ? `${count} ${words}` : [])).join(", ");
}

/** What the file calls the columns that are kept or fill fields of the workspace's own: their keys are in small letters. */
const headersOf = ({ columns }: ImportView): ReadonlyMap<string, string> =>
  new Map(
    columns.flatMap(({ field, metaKey, customKey, header }): [string, string][] => {
      const key = field === "meta" ? metaKey : field === "custom" ? customKey : undefined;
      return key && header ? [[`${field}.${key}`, header]] : [];
    }),
  );

function PreviewRow({ row, headers }: { row: PreviewRowView; headers: ReadonlyMap<string, string> }) {
  const changes = changesOf(row, headers);
  const { label, tone } = outcomeLook[row.outcome];
  return (
    <li className="grid grid-cols-[3rem_6rem_minmax(0,1fr)] items-start gap-x-3 border-t px-4 py-2 text-sm">
      <span className="text-right leading-5 text-ink-subtle tabular-nums">{row.line}</span>
      <span>
        <Badge tone={tone}>{label}</Badge>
      </span>
      <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-1">
        <p className="truncate">{whom(row)}</p>
        {changes.length > 0 ? <p className="text-xs break-words text-ink-muted">{changes.join(" · ")}</p> : null}
        {row.faults.map(({ column, value, reason }) => (
          <p key={`${column}${value}${reason}`} className="text-xs break-words text-danger-ink">
            {column ? `${column}: ` : ""}
            {reason}
          </p>
        ))}
      </div>
    </li>
  );
}

function whom({ lead, sameAsLine, otherLeadId, outcome, cells, changes }: PreviewRowView): ReactNode {
  if (outcome === "conflict") {
    return (
      <>
        One lead by its ID, another by its e-mail
        {lead ? <LeadLink id={lead.id}>{lead.name}</LeadLink> : null}
        {otherLeadId ? <LeadLink id={otherLeadId}>the other lead</LeadLink> : null}
      </>
    );
  }
  if (sameAsLine !== null) return `The same person as in line ${sameAsLine}`;
  if (lead) return <LeadLink id={lead.id}>{lead.name}</LeadLink>;
  const name = NAMES.map((field) => wordsOf(changes.find((change) => change.field === field)?.to))
    .join(" ")
    .trim();
  if (name) return <span className="font-medium">{name}</span>;
  return cells
    .filter((cell) => cell.trim() !== "")
    .slice(0, 4)
    .join(" · ");
}

function LeadLink({ id, children }: { id: string; children: ReactNode }) {
  return (
    <Link
      to="/leads/$leadId"
      params={{ leadId: id }}
      className="ml-1 font-medium underline underline-offset-4 first:ml-0"
    >
      {children}
    </Link>
  );
}

// How the zone is known is told by the zone itself; the cells as they were stand in the file.
const UNTOLD = ["timeZoneSource", "meta.raw"];
const NAMES = ["firstName", "lastName"];

/** What the row would write, one text a field. Of a new lead only the new values: before there was nothing. */
function changesOf({ changes, outcome }: PreviewRowView, headers: ReadonlyMap<string, string>): string[] {
  const isNew = outcome === "create";
  return changes
    .flatMap((change) => (change.field === "meta" ? keptOf(change) : [change]))
    .filter(({ field }) => !UNTOLD.includes(field) && !(isNew && NAMES.includes(field)))
    .map(({ field, from, to }) => {
      const before = isNew ? "" : wordsOf(from);
      return `${headers.get(field) ?? fieldName(field)}: ${before === "" ? "" : `${before} → `}${wordsOf(to)}`;
    });
}

/** The kept columns one by one, those that differ. */
function keptOf({ from, to }: PreviewRowView["changes"][number]): PreviewRowView["changes"] {
  const before = entriesOf(from);
  return [...entriesOf(to)].flatMap(([key, value]) => {
    const old = before.get(key);
    return wordsOf(old) === wordsOf(value) ? [] : [{ field: `meta.${key}`, from: old, to: value }];
  });
}

const entriesOf = (value: unknown): ReadonlyMap<string, unknown> =>
  new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);

function wordsOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(wordsOf).join(", ");
  return JSON.stringify(value);
}
