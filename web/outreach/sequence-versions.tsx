import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { History } from "lucide-react";
import type { SequenceDetail } from "#domains/outreach/contract/sequences.ts";
import type { VersionView } from "#domains/outreach/contract/versions.ts";
import { leadNoun } from "#web/leads/words.ts";
import { ChangeList } from "#web/outreach/change-list.tsx";
import type { SequenceSearch } from "#web/outreach/search.ts";
import { changesQuery, versionsQuery } from "#web/outreach/version-query.ts";
import { versionName } from "#web/outreach/version-words.ts";
import { problemOf } from "#web/problem.ts";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { countOf } from "#web/ui/format.ts";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { Select } from "#web/ui/select.tsx";
import { SkeletonText } from "#web/ui/skeleton.tsx";
import { EmptyState, InlineError } from "#web/ui/states.tsx";

export type SequenceVersionsProps = {
  sequence: SequenceDetail;
  /** The versions that are compared, as the address has them: `draft`, or a number. */
  from: string | undefined;
  to: string | undefined;
  onChange: (next: Partial<SequenceSearch>) => void;
};

const DRAFT = "draft";
const numberOf = (side: string | undefined) => (side && /^[1-9]\d{0,5}$/.test(side) ? Number(side) : undefined);

/** The versions of a sequence with who is inside each, and what differs between any two of them or the draft. */
export function SequenceVersions({ sequence, from, to, onChange }: SequenceVersionsProps) {
  const { id: sequenceId, version: newest, unpublished } = sequence;
  const list = useInfiniteQuery({ ...versionsQuery(sequenceId), enabled: newest !== null });
  const versions = list.data?.pages.flatMap(({ data }) => data) ?? [];
  if (newest === null)
    return (
      <EmptyState icon={History} title="No version yet">
        When you start the sequence its steps become version 1. What you change later is a draft until you publish it.
      </EmptyState>
    );
  // Unless told: what is not published, else what the newest version brought.
  const later = numberOf(to) ?? (to === DRAFT || unpublished > 0 ? undefined : newest);
  const earlier = numberOf(from) ?? (later === undefined ? newest : Math.max(1, later - 1));
  return (
    <div className="grid max-w-xl grid-cols-[minmax(0,1fr)] gap-6 px-4 py-4 sm:px-6">
      <Compare sequenceId={sequenceId} newest={newest} from={earlier} to={later} onChange={onChange} />
      <section aria-label="Versions" className="grid gap-2">
        <h2 className="text-base font-semibold">Versions</h2>
        {list.error ? (
          <InlineError problem={problemOf(list.error)} onRetry={() => void list.refetch()} />
        ) : list.data ? (
          <ol className="grid gap-2">
            {versions.map((version) => (
              <Line
                key={version.id}
                version={version}
                isNewest={version.number === newest}
                isShown={version.number === later}
                onShow={() => onChange({ from: undefined, to: String(version.number) })}
              />
            ))}
          </ol>
        ) : (
          <SkeletonText lines={4} />
        )}
        {list.hasNextPage ? (
          <Button
            className="justify-self-start"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Earlier versions
          </Button>
        ) : null}
      </section>
    </div>
  );
}

type CompareProps = {
  sequenceId: string;
  newest: number;
  from: number;
  to: number | undefined;
  onChange: SequenceVersionsProps["onChange"];
};

function Compare({ sequenceId, newest, from, to, onChange }: CompareProps) {
  const { data, error, refetch } = useQuery(changesQuery(sequenceId, { from, to }));
  const numbers = Array.from({ length: newest }, (_, index) => String(newest - index));
  const versions = numbers.map((value) => ({ value, label: `Version ${value}` }));
  return (
    <section aria-label="What differs" className="grid gap-3 rounded-lg border p-3">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="text-base font-semibold">What differs</h2>
        <span className="flex min-w-0 items-center gap-2 text-sm text-ink-muted">
          from
          <Select
            label="Earlier version"
            className="w-28"
            value={String(from)}
            options={versions}
            onChange={(value) => onChange({ from: value })}
          />
          to
          <Select
            label="Later version"
            className="w-28"
            value={to === undefined ? DRAFT : String(to)}
            options={[{ value: DRAFT, label: "Draft" }, ...versions]}
            onChange={(value) => onChange({ to: value, from: String(from) })}
          />
        </span>
      </div>
      {error ? (
        <InlineError problem={problemOf(error)} onRetry={() => void refetch()} />
      ) : data ? (
        data.changes.length > 0 ? (
          <ChangeList changes={data.changes} />
        ) : (
          <p className="text-sm text-ink-muted first-letter:uppercase">
            {versionName(to)} is as {versionName(from)}.
          </p>
        )
      ) : (
        <SkeletonText lines={2} />
      )}
    </section>
  );
}

type LineProps = { version: VersionView; isNewest: boolean; isShown: boolean; onShow: () => void };

function Line({ version, isNewest, isShown, onShow }: LineProps) {
  const { number, note, publishedAt, by, inside } = version;
  return (
    <li
      className={clsx(
        "flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border px-3 py-2",
        isShown && "border-accent",
      )}
    >
      <div className="grid min-w-0 grow basis-60 gap-1">
        <p className="text-base font-medium">
          Version {number}
          {isNewest ? <span className="font-normal text-ink-muted"> · whoever comes in goes through it</span> : null}
        </p>
        <p className="text-sm text-ink-muted">
          <RelativeTime at={publishedAt} />
          {by.name ? ` by ${by.name}` : null}
        </p>
        {note ? <p className="text-sm wrap-anywhere">{note}</p> : null}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {inside > 0 ? (
          <LinkButton size="sm" to="." search={{ tab: "people", version: String(number) }}>
            {countOf(inside, leadNoun)} inside
          </LinkButton>
        ) : (
          <span className="text-sm text-ink-muted">nobody inside</span>
        )}
        {number > 1 ? (
          <Button size="sm" onClick={onShow}>
            What it brought
          </Button>
        ) : null}
      </div>
    </li>
  );
}
