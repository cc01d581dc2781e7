import { clsx } from "clsx";
import { Link } from "@tanstack/react-router";
import { useRef, type MouseEvent, type ReactNode } from "react";
import { Checkbox } from "#web/ui/choices.tsx";
import { Skeleton } from "#web/ui/skeleton.tsx";
import { stickyFirst } from "#web/ui/table/grid-head.tsx";
import type { Column, RowLink } from "#web/ui/table/source.ts";

export type GridRowProps<Row> = {
  id: string;
  index: number;
  row: Row;
  name: string;
  columns: readonly Column<Row>[];
  tracks: string;
  link?: RowLink;
  /** Where the keyboard stands. */
  active: boolean;
  /** Shown in the side panel now. */
  opened: boolean;
  /** Undefined where rows cannot be chosen. */
  selected: boolean | undefined;
  onToggle: (range: boolean) => void;
  onOpen?: (newTab: boolean) => void;
};

/** One row. A click anywhere on it opens it; its first cell is the link or button that the keyboard reaches. */
export function GridRow<Row>(props: GridRowProps<Row>) {
  const { row, columns, selected, active, opened, onOpen } = props;
  const shift = useRef(false);
  const selectable = selected !== undefined;
  const press = (event: MouseEvent<HTMLElement>) => {
    if (!onOpen || isOwnControl(event)) return;
    onOpen(event.metaKey || event.ctrlKey);
  };
  // Sticky cells need a ground of their own, or the others would shine through.
  const ground =
    opened || selected ? "bg-accent-soft" : active ? "bg-hover" : "bg-canvas hover:bg-hover group-hover:bg-hover";
  return (
    <div
      role="row"
      id={props.id}
      aria-rowindex={props.index + 2}
      aria-selected={selected}
      onClick={press}
      className={clsx("group grid h-9 grid-rows-1 border-b text-sm", ground, onOpen && "cursor-default")}
      style={{ gridTemplateColumns: props.tracks }}
    >
      {selectable ? (
        <div
          role="gridcell"
          className={clsx(
            "sticky left-0 z-10 flex items-center pl-4 sm:pl-6",
            ground,
            active && "shadow-[inset_2px_0_var(--accent)]",
          )}
          onClickCapture={(event) => {
            shift.current = event.shiftKey;
          }}
          onClick={(event) => event.stopPropagation()}
        >
          <Checkbox
            value={selected}
            onChange={() => props.onToggle(shift.current)}
            label={`Select ${props.name}`}
            hideLabel
          />
        </div>
      ) : null}
      {columns.map((column, index) => (
        <div
          key={column.id}
          role="gridcell"
          className={clsx(
            "flex min-w-0 items-center px-2",
            column.align === "end" && "justify-end pr-6 tabular-nums",
            index === 0 && stickyFirst(selectable),
            index === 0 && clsx("z-10 font-medium", ground),
            index === 0 && active && !selectable && "shadow-[inset_2px_0_var(--accent)]",
          )}
        >
          <div className="min-w-0 truncate">
            {index === 0 ? (
              <Opener link={props.link} onOpen={onOpen}>
                {column.cell(row)}
              </Opener>
            ) : (
              column.cell(row)
            )}
          </div>
        </div>
      ))}
    </div>
  );
}

type OpenerProps = { link?: RowLink; onOpen?: (newTab: boolean) => void; children: ReactNode };

function Opener({ link, onOpen, children }: OpenerProps) {
  const look = "rounded-md underline-offset-4 hover:underline focus-visible:outline-offset-2";
  if (link) {
    return (
      <Link
        {...link}
        className={look}
        onClick={(event) => {
          event.stopPropagation();
          // A plain click is the row's own; with a modifier the browser opens the page.
          if (event.metaKey || event.ctrlKey || event.shiftKey || !onOpen) return;
          event.preventDefault();
          onOpen(false);
        }}
      >
        {children}
      </Link>
    );
  }
  if (!onOpen) return children;
  return (
    <button
      type="button"
      className={look}
      onClick={(event) => {
        event.stopPropagation();
        onOpen(false);
      }}
    >
      {children}
    </button>
  );
}

function isOwnControl(event: MouseEvent<HTMLElement>): boolean {
  if (!(event.target instanceof Element)) return false;
  const control = event.target.closest("a, button, input, label, [role=checkbox], [role=menuitem]");
  return control !== null && event.currentTarget.contains(control);
}

// Uneven widths, so that the skeleton looks like text and not like a wall.
const WIDTHS = ["w-3/5", "w-2/5", "w-1/2", "w-3/4"];

/** A row to come. */
export function SkeletonRow({ columns, tracks, seed }: { columns: number; tracks: string; seed: number }) {
  const cells = tracks.startsWith("2.5rem") ? columns + 1 : columns;
  return (
    <div className="grid h-9 items-center border-b" style={{ gridTemplateColumns: tracks }}>
      {Array.from({ length: cells }, (_, index) => (
        <div key={index} className={clsx("px-2", index === 0 && "pl-4 sm:pl-6")}>
          <Skeleton
            className={cells > columns && index === 0 ? "size-4" : WIDTHS[(seed * 3 + index) % WIDTHS.length]}
          />
        </div>
      ))}
    </div>
  );
}
