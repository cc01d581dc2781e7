import { clsx } from "clsx";
import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import { Checkbox } from "#web/ui/choices.tsx";
import type { Column, Sort } from "#web/ui/table/source.ts";

export type GridHeadProps<Row> = {
  columns: readonly Column<Row>[];
  tracks: string;
  /** Undefined where rows cannot be chosen. */
  selection: boolean | "mixed" | undefined;
  onToggleAll: (checked: boolean) => void;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
};

/** The sticky head: names, sorting, and the box that chooses all rows that are loaded. */
export function GridHead<Row>({ columns, tracks, selection, onToggleAll, sort, onSort }: GridHeadProps<Row>) {
  const selectable = selection !== undefined;
  return (
    <div role="rowgroup" className="sticky top-0 z-20">
      <div role="row" aria-rowindex={1} className="grid h-9 border-b bg-canvas" style={{ gridTemplateColumns: tracks }}>
        {selectable ? (
          <div role="columnheader" className="sticky left-0 z-10 flex items-center bg-canvas pl-4 sm:pl-6">
            <Checkbox value={selection} onChange={onToggleAll} label="Select all loaded rows" hideLabel />
          </div>
        ) : null}
        {columns.map((column, index) => (
          <Head
            key={column.id}
            column={column}
            first={index === 0}
            selectable={selectable}
            sort={sort}
            onSort={onSort}
          />
        ))}
      </div>
    </div>
  );
}

type HeadProps<Row> = {
  column: Column<Row>;
  first: boolean;
  selectable: boolean;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
};

function Head<Row>({ column, first, selectable, sort, onSort }: HeadProps<Row>) {
  const key = column.sort === true ? column.id : column.sort;
  const direction =
    key === undefined || !onSort ? undefined : sort === key ? "up" : sort === `-${key}` ? "down" : "none";
  const Arrow = direction === "up" ? ArrowUp : direction === "down" ? ArrowDown : ChevronsUpDown;
  return (
    <div
      role="columnheader"
      aria-sort={direction === "up" ? "ascending" : direction === "down" ? "descending" : undefined}
      className={clsx(
        "flex min-w-0 items-center px-2 text-xs font-medium text-ink-subtle",
        column.align === "end" && "justify-end pr-6",
        first && stickyFirst(selectable),
        first && "z-10 bg-canvas",
      )}
    >
      {direction && key ? (
        <button
          type="button"
          onClick={() => onSort?.(direction === "up" ? `-${key}` : key)}
          className={clsx(
            "group relative -mx-1 flex h-6 min-w-0 items-center gap-1 rounded-md px-1 hover:bg-hover hover:text-ink",
            direction !== "none" && "text-ink",
            column.align === "end" && "flex-row-reverse",
          )}
        >
          <span className="truncate">{column.header}</span>
          <Arrow
            className={clsx(
              "icon size-3",
              // Beside the word, so that it takes no width from it.
              direction === "none" && "absolute opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100",
              direction === "none" && (column.align === "end" ? "-left-3" : "-right-3"),
            )}
            aria-hidden
          />
        </button>
      ) : (
        <span className={column.acts ? "sr-only" : "truncate"}>{column.header}</span>
      )}
    </div>
  );
}

/** The first column stays in view beside the checkboxes, or at the edge where there are none. */
export function stickyFirst(selectable: boolean): string {
  return selectable ? "sticky left-10" : "sticky left-0 pl-4 sm:pl-6";
}
