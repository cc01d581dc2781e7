import { ListChecks, X } from "lucide-react";
import { Button, IconButton } from "#web/ui/button.tsx";
import { DropdownMenu } from "#web/ui/dropdown-menu.tsx";
import { countOf, rowCountOf, type Noun, type RowCount } from "#web/ui/format.ts";
import type { BulkAction, Selection } from "#web/ui/table/selection.ts";

export type BulkBarProps = {
  noun: Noun;
  selection: Selection;
  /** Offered when more rows match than are chosen. */
  total: RowCount | undefined;
  canSelectAll: boolean;
  actions: readonly BulkAction[];
  onSelectAll: () => void;
  onClear: () => void;
};

/** Floats over the table while rows are chosen: how many, what can be done with exactly them, and the way out. */
export function BulkBar({ noun, selection, total, canSelectAll, actions, onSelectAll, onClear }: BulkBarProps) {
  const howMany = wordsOf(selection, noun);
  const acts = actions
    .filter((action) => !(action.rowsOnly && selection.kind === "all"))
    .map(({ label, icon, danger, disabledReason, onRun }) => ({
      words: label(howMany),
      icon,
      danger,
      disabledReason,
      onRun: () => onRun(selection, onClear),
    }));
  const all =
    canSelectAll && selection.kind === "rows"
      ? { words: total ? `Select all ${rowCountOf(total, noun)}` : "Select all that match", onRun: onSelectAll }
      : null;
  return (
    <div
      role="region"
      aria-label="Selection"
      className="absolute inset-x-2 bottom-4 z-30 mx-auto flex w-fit max-w-[calc(100%-1rem)] animate-rise items-center gap-2 rounded-lg bg-raised p-2 pl-3 shadow-float"
    >
      <span role="status" className="shrink-0 text-sm font-medium tabular-nums">
        {howMany} selected
      </span>
      <span className="hidden min-w-0 flex-wrap items-center gap-2 sm:flex">
        {all ? (
          <Button size="sm" variant="ghost" onClick={all.onRun}>
            {all.words}
          </Button>
        ) : null}
        <span aria-hidden className="h-4 w-px bg-line" />
        {acts.map(({ words, icon, danger, disabledReason, onRun }) => (
          <Button
            key={words}
            size="sm"
            icon={icon}
            variant={danger ? "danger" : "secondary"}
            disabledReason={disabledReason}
            onClick={onRun}
          >
            {words}
          </Button>
        ))}
      </span>
      {/* On a phone behind one button: the rows under the bar are what is being chosen. */}
      <span className="ml-auto sm:hidden">
        <DropdownMenu
          trigger={
            <Button size="sm" icon={ListChecks}>
              Actions
            </Button>
          }
          sections={[
            ...(all ? [{ items: [{ label: all.words, onSelect: all.onRun }] }] : []),
            { items: acts.map(({ words, onRun, ...act }) => ({ ...act, label: words, onSelect: onRun })) },
          ]}
        />
      </span>
      <IconButton size="sm" icon={X} label="Clear selection" onClick={onClear} />
    </div>
  );
}

function wordsOf(selection: Selection, noun: Noun): string {
  if (selection.kind === "rows") return countOf(selection.ids.length, noun);
  return selection.count ? rowCountOf(selection.count, noun) : `all matching ${noun.other}`;
}
