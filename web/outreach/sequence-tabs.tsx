import { clsx } from "clsx";
import { Link } from "@tanstack/react-router";
import { SEQUENCE_TABS, type SequenceTab } from "#web/outreach/search.ts";
import { formatNumber } from "#web/ui/format.ts";

const words: Record<SequenceTab, string> = {
  steps: "Steps",
  people: "People",
  versions: "Versions",
  settings: "Settings",
};

export type SequenceTabsProps = {
  tab: SequenceTab;
  /** How many people are or were in it. */
  people: number;
  /** Which tabs hold unsaved changes. */
  unsaved: readonly SequenceTab[];
};

/** The views of a sequence, as links: none of them forgets what is being typed in another. */
export function SequenceTabs({ tab, people, unsaved }: SequenceTabsProps) {
  return (
    <nav aria-label="Views of the sequence" className="flex shrink-0 gap-4 overflow-x-auto border-b px-4 sm:px-6">
      {SEQUENCE_TABS.map((value) => (
        <Link
          key={value}
          to="."
          search={value === "steps" ? {} : { tab: value }}
          replace
          aria-current={value === tab ? "page" : undefined}
          className={clsx(
            "-mb-px flex h-9 shrink-0 items-center gap-2 border-b-2 text-base transition-colors hover:text-ink focus-visible:-outline-offset-2",
            value === tab ? "border-accent font-medium text-ink" : "border-transparent text-ink-muted",
          )}
        >
          {words[value]}
          {value === "people" ? (
            <span className="text-xs text-ink-subtle tabular-nums">{formatNumber(people)}</span>
          ) : null}
          {unsaved.includes(value) ? <span className="text-xs text-warning-ink">unsaved</span> : null}
        </Link>
      ))}
    </nav>
  );
}
