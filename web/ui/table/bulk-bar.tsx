import { X } from "lucide-react";
import { Button, IconButton } from "#web/ui/button.tsx";
import { fadeEdges } from "#web/ui/fade-edges.ts";
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
  return (
    <div
      role="region"
      aria-label="Selection"
      className="absolute inset-x-2 bottom-4 z-30 mx-auto flex w-fit max-w-[calc(100%-1rem)] animate-rise items-center gap-2 rounded-lg bg-raised p-2 pl-3 shadow-float"
    >
      <span role="status" className="shrink-0 text-sm font-medium tabular-nums">
        {howMany} selected
      </span>
      {/* On a phone one line that scrolls: the rows under it are what is being chosen. */}
      <div
        ref={fadeEdges}
        className="fade-edges scroll-hidden relative flex min-w-0 items-center gap-2 max-sm:overflow-x-auto max-sm:py-1 sm:flex-wrap"
      >
        {canSelectAll && selection.kind === "rows" ? (
          <Button size="sm" variant="ghost" onClick={onSelectAll}>
            {total ? `Select all ${rowCountOf(total, noun)}` : "Select all that match"}
          </Button>
        ) : null}
        <span aria-hidden className="h-4 w-px bg-line max-sm:hidden" />
        {actions
          .filter((action) => !(action.rowsOnly && selection.kind === "all"))
          .map((action) => {
            const words = action.label(howMany);
            return (
              <Button
                key={words}
                size="sm"
                icon={action.icon}
                variant={action.danger ? "danger" : "secondary"}
                disabledReason={action.disabledReason}
                onClick={() => action.onRun(selection, onClear)}
              >
                {words}
              </Button>
            );
          })}
      </div>
      <IconButton size="sm" icon={X} label="Clear selection" onClick={onClear} />
    </div>
  );
}

function wordsOf(selection: Selection, noun: Noun): string {
  if (selection.kind === "rows") return countOf(selection.ids.length, noun);
  return selection.count ? rowCountOf(selection.count, noun) : `all matching ${noun.other}`;
}
