import type { RowData } from "@tanstack/react-table";
import { Columns3, SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { Button, IconButton } from "#web/ui/button.tsx";
import { DropdownMenu } from "#web/ui/dropdown-menu.tsx";
import { rowCountOf, type Noun } from "#web/ui/format.ts";
import { EmptyState, ErrorState, InlineError } from "#web/ui/states.tsx";
import { Grid } from "#web/ui/table/grid.tsx";
import type { BulkAction } from "#web/ui/table/selection.ts";
import type { Column, RowLink, Sort, TableSource } from "#web/ui/table/source.ts";
import { useColumnChoice } from "#web/ui/table/use-column-choice.ts";

export type DataTableProps<Row extends RowData> = {
  /** Names the person's choice of columns in the browser's storage: `leads`. */
  id: string;
  /** What screen readers call the table. */
  label: string;
  noun: Noun;
  source: TableSource<Row>;
  columns: readonly Column<Row>[];
  rowId: (row: Row) => string;
  /** The row in words, for its checkbox: the person's name. */
  rowName: (row: Row) => string;
  /** The row's own page: reached by ⌘-click, or by a click where there is no side panel. */
  rowLink?: (row: Row) => RowLink;
  /** Opens the side panel; the page keeps the open row's id in the URL. */
  onOpen?: (row: Row) => void;
  openId?: string;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  /** Without acts there are no checkboxes. */
  bulk?: readonly BulkAction[];
  /** Whose columns are shown, where somebody else than the browser's storage says so: a saved view. */
  columnChoice?: ReturnType<typeof useColumnChoice>;
  /** Filter chips, search, saved views. */
  toolbar?: ReactNode;
  /** The filters and sort that decide which rows stand here: when they change, selection and scroll begin anew. */
  scope?: unknown;
  /** Set when the filters, and not an empty workspace, may be why there is nothing. */
  onClearFilters?: () => void;
  /** An EmptyState: what this list is for and the first thing to do. */
  empty: ReactNode;
};

/**
 * A list of any length: virtual 36-px rows, sticky head and first column, selection with a bulk bar, column choice,
 * sorting, paging by cursor while scrolling, keys j / k / x / Enter, and its own loading, empty and error states.
 * It fills the height of its parent.
 */
export function DataTable<Row extends RowData>(props: DataTableProps<Row>) {
  const { source, columns, noun, toolbar } = props;
  const own = useColumnChoice(props.id, columns);
  const { visible, setVisible } = props.columnChoice ?? own;
  const shown = columns.filter((column, index) => index === 0 || column.acts || visible[column.id]);
  return (
    <div className="flex min-h-0 min-w-0 grow flex-col">
      <div className="flex flex-wrap items-center gap-2 px-4 pb-2 sm:px-6">
        {toolbar}
        <div className="ml-auto flex items-center gap-2">
          <span role="status" className="text-xs whitespace-nowrap text-ink-subtle tabular-nums">
            {source.count && source.rows.length > 0 ? rowCountOf(source.count, noun) : ""}
          </span>
          <DropdownMenu
            trigger={<IconButton size="sm" icon={Columns3} label="Choose columns" />}
            sections={[
              {
                heading: "Columns",
                items: columns
                  .slice(1)
                  .filter(({ acts }) => !acts)
                  .map((column) => ({
                    label: column.header,
                    checked: visible[column.id] ?? false,
                    onSelect: () => setVisible({ ...visible, [column.id]: !visible[column.id] }),
                  })),
              },
            ]}
          />
        </div>
      </div>
      {source.state === "ready" && source.problem && !source.moreFailed ? (
        <div className="border-t px-4 sm:px-6">
          <InlineError problem={source.problem} onRetry={source.retry} />
        </div>
      ) : null}
      <Body {...props} columns={shown} />
    </div>
  );
}

function Body<Row extends RowData>(props: DataTableProps<Row>) {
  const { source, noun, onClearFilters } = props;
  if (source.state === "failed" && source.problem) {
    return (
      <div className="relative grow overflow-y-auto border-t">
        <ErrorState problem={source.problem} onRetry={source.retry} />
      </div>
    );
  }
  if (source.state === "ready" && source.rows.length === 0 && !source.hasMore) {
    return (
      <div className="relative grow overflow-y-auto border-t">
        {onClearFilters ? (
          <EmptyState
            icon={SearchX}
            title={`No ${noun.other} match`}
            action={<Button onClick={onClearFilters}>Clear filters</Button>}
          >
            Try fewer filters or another spelling.
          </EmptyState>
        ) : (
          props.empty
        )}
      </div>
    );
  }
  return <Grid key={JSON.stringify(props.scope)} {...props} />;
}
