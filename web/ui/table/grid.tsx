import { useRouter } from "@tanstack/react-router";
import {
  columnVisibilityFeature,
  rowSelectionFeature,
  tableFeatures,
  useTable,
  type RowData,
  type RowSelectionState,
} from "@tanstack/react-table";
import { useEffect, useEffectEvent, useId, useMemo, useRef, useState } from "react";
import { InlineError } from "#web/ui/states.tsx";
import { BulkBar } from "#web/ui/table/bulk-bar.tsx";
import type { DataTableProps } from "#web/ui/table/data-table.tsx";
import { GridHead } from "#web/ui/table/grid-head.tsx";
import { GridRow, SkeletonRow } from "#web/ui/table/grid-row.tsx";
import { FoundLine, SearchLine } from "#web/ui/table/search-line.tsx";
import { useRowWindow } from "#web/ui/table/row-window.ts";
import { tracksOf } from "#web/ui/table/layout.ts";
import { useTableKeys } from "#web/ui/table/use-table-keys.ts";

const ROW_HEIGHT = 36;

/** Ask for the next page when this many rows are left below the last one in view. */
const AHEAD = 20;

/** A search that took so many pages rests between them: a person may make 1,200 requests a minute, and wants to do other things meanwhile. */
const UNHURRIED = 20;
const REST_MS = 50;

const features = tableFeatures({ rowSelectionFeature, columnVisibilityFeature });
const NO_SELECTION: RowSelectionState = {};

/** The table itself: everything that begins anew when the list's filters change. */
export function Grid<Row extends RowData>(props: DataTableProps<Row>) {
  const { source, columns, noun, bulk, rowId, sort, onSort, onOpen, rowLink } = props;
  const router = useRouter();
  const gridId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(-1);
  const [everything, setEverything] = useState(false);
  const [rowSelection, setRowSelection] = useState(NO_SELECTION);

  const definitions = useMemo(() => columns.map(({ id, header }) => ({ id, header })), [columns]);
  const table = useTable({
    features,
    data: source.rows,
    columns: definitions,
    getRowId: rowId,
    state: { rowSelection },
    onRowSelectionChange: setRowSelection,
  });
  const rows = table.getRowModel().rows;

  const { view, scrollTo } = useRowWindow(scroller, rows.length, ROW_HEIGHT);
  const wantsMore =
    source.hasMore &&
    !source.loadingMore &&
    !source.moreFailed &&
    !source.search?.isStopped &&
    view.last >= rows.length - AHEAD;
  const loadMore = useEffectEvent(() => source.loadMore());
  const rest = (source.search?.pages ?? 0) > UNHURRIED ? REST_MS : 0;
  useEffect(() => {
    if (!wantsMore) return undefined;
    if (rest === 0) {
      loadMore();
      return undefined;
    }
    const later = setTimeout(loadMore, rest);
    return () => clearTimeout(later);
  }, [wantsMore, rest]);

  const clear = () => {
    setEverything(false);
    setRowSelection(NO_SELECTION);
  };
  const toggle = (index: number, range: boolean) => {
    const row = rows[index];
    if (!row || !bulk) return;
    if (everything) {
      // All but this one, of the rows that are here: the rest was never seen.
      setEverything(false);
      table.toggleAllRowsSelected(true);
      row.toggleSelected(false);
      return;
    }
    row.getToggleSelectedHandler()({ target: { checked: !row.getIsSelected() }, shiftKey: range });
  };
  const open = (index: number, newTab: boolean) => {
    const row = rows[index]?.original;
    if (!row) return;
    const link = rowLink?.(row);
    if (link && newTab) window.open(router.buildLocation(link).href, "_blank", "noopener");
    else if (onOpen) onOpen(row);
    else if (link) void router.navigate(link);
  };
  const move = (to: number | "first" | "last") => {
    const last = rows.length - 1;
    const wanted = to === "first" ? 0 : to === "last" ? last : active + to;
    const next = Math.max(0, Math.min(last, wanted));
    setActive(next);
    scrollTo(next);
    if (props.openId && onOpen && rows[next]) onOpen(rows[next].original);
  };
  useTableKeys({
    grid,
    onMove: move,
    onToggle: () => toggle(active, false),
    onOpen: (newTab) => open(active, newTab),
    onClear: clear,
  });

  const chosenIds = table.getSelectedRowIds();
  const selectable = bulk !== undefined && bulk.length > 0;
  const allLoaded = rows.length > 0 && (everything || table.getIsAllRowsSelected());
  const layout = tracksOf(columns, selectable);

  return (
    <div className="relative flex min-h-0 grow flex-col border-t">
      <div
        ref={scroller}
        className="scroll-quiet relative min-h-0 grow overflow-auto has-[>[role=grid]:focus-visible]:outline-2 has-[>[role=grid]:focus-visible]:-outline-offset-2 has-[>[role=grid]:focus-visible]:outline-accent"
      >
        <div
          ref={grid}
          data-table-grid
          role="grid"
          tabIndex={0}
          aria-label={props.label}
          aria-rowcount={source.count?.exact ? source.count.value + 1 : -1}
          aria-multiselectable={selectable || undefined}
          aria-activedescendant={active >= 0 ? `${gridId}-${active}` : undefined}
          aria-busy={source.state === "loading" || undefined}
          className="w-full outline-none"
          style={{ minWidth: layout.minWidth }}
        >
          <GridHead
            columns={columns}
            tracks={layout.tracks}
            selection={selectable ? (allLoaded ? true : chosenIds.length > 0 ? "mixed" : false) : undefined}
            onToggleAll={(checked) => (checked ? table.toggleAllRowsSelected(true) : clear())}
            sort={sort}
            onSort={onSort}
          />
          <div role="rowgroup" style={{ paddingTop: view.before, paddingBottom: view.after }}>
            {rows.slice(view.first, view.last + 1).map((row, offset) => {
              const index = view.first + offset;
              return (
                <GridRow
                  key={row.id}
                  id={`${gridId}-${index}`}
                  index={index}
                  row={row.original}
                  name={props.rowName(row.original)}
                  columns={columns}
                  tracks={layout.tracks}
                  link={rowLink?.(row.original)}
                  active={index === active}
                  opened={row.id === props.openId}
                  selected={selectable ? everything || row.getIsSelected() : undefined}
                  onToggle={(range) => toggle(index, range)}
                  onOpen={onOpen || rowLink ? (newTab) => open(index, newTab) : undefined}
                />
              );
            })}
          </div>
        </div>
        {source.search ? (
          <SearchLine search={source.search} noun={noun} onGone={() => grid.current?.focus({ preventScroll: true })} />
        ) : source.state === "loading" || source.loadingMore ? (
          <SkeletonRows
            columns={columns.length}
            tracks={layout.tracks}
            minWidth={layout.minWidth}
            many={!rows.length}
          />
        ) : source.found ? (
          <FoundLine found={source.found} noun={noun} />
        ) : null}
        {source.moreFailed && source.problem ? (
          <div className="sticky left-0 px-4">
            <InlineError problem={source.problem} onRetry={source.loadMore} />
          </div>
        ) : null}
      </div>
      {everything || chosenIds.length > 0 ? (
        <BulkBar
          noun={noun}
          selection={everything ? { kind: "all", count: source.count } : { kind: "rows", ids: chosenIds }}
          total={source.count}
          canSelectAll={allLoaded && source.hasMore}
          actions={bulk ?? []}
          onSelectAll={() => setEverything(true)}
          onClear={clear}
        />
      ) : null}
    </div>
  );
}

function SkeletonRows(props: { columns: number; tracks: string; minWidth: string; many: boolean }) {
  return (
    <div aria-hidden style={{ minWidth: props.minWidth }}>
      {Array.from({ length: props.many ? 16 : 3 }, (_, index) => (
        <SkeletonRow key={index} columns={props.columns} tracks={props.tracks} seed={index} />
      ))}
    </div>
  );
}
