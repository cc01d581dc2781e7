import type { LinkProps } from "@tanstack/react-router";
import { type InfiniteData, type UseInfiniteQueryResult, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState, type ReactNode } from "react";
import { problemOf, type Problem } from "#web/problem.ts";
import type { RowCount } from "#web/ui/format.ts";
import { tookLongSearch } from "#web/ui/table/long-search.ts";

/**
 * One page of a list, as every list of the API answers: rows, and where to go on. `looked`: so many rows were looked at, and then reading
 * stopped before the page was full.
 */
export type Page<Row> = { data: readonly Row[]; next_cursor: string | null; looked?: number };

/** The options that make any list operation page by cursor: `api.leads.list.infiniteOptions({ ...keyset, input })`. */
export const keyset = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page: { next_cursor: string | null }) => page.next_cursor ?? undefined,
};

/** What is looked for is rare, and no index finds it: the list is read on page after page, until the person has enough of it. */
export type LongSearch = {
  /** Rows that were looked at until now. */
  looked: number;
  isStopped: boolean;
  stop: () => void;
  goOn: () => void;
  /** Pages that were asked for one after the other. */
  pages: number;
};

/** A long search that is over. */
export type FoundSearch = {
  /** Rows that were looked at. */
  looked: number;
  /** Begins it anew, at the first page. */
  again: () => void;
};

/** What a table needs to know about its rows: which, how many, and how the asking went. */
export type TableSource<Row> = {
  rows: readonly Row[];
  /** Undefined while it is not known. */
  count: RowCount | undefined;
  state: "loading" | "ready" | "failed";
  problem: Problem | undefined;
  retry: () => void;
  hasMore: boolean;
  loadingMore: boolean;
  moreFailed: boolean;
  loadMore: () => void;
  /** Set while the last page is short and the list is not at its end. */
  search: LongSearch | undefined;
  /** Set once a long search is over: the rows stay as they were found, whatever happens. */
  found: FoundSearch | undefined;
};

/** Joins the pages of an infinite query into one list of rows. */
export function useTableSource<Row>(
  query: UseInfiniteQueryResult<InfiniteData<Page<Row>>>,
  count?: RowCount,
): TableSource<Row> {
  const pages = query.data?.pages;
  const rows = useMemo(() => pages?.flatMap((page) => page.data) ?? [], [pages]);
  // Of which search it was said: another has another first page.
  const [stopped, setStopped] = useState<Page<Row>>();
  const isShort = query.hasNextPage && (pages?.at(-1)?.looked ?? 0) > 0;
  const search: LongSearch | undefined =
    pages && isShort
      ? {
          looked: lookedAt(pages),
          isStopped: stopped !== undefined && stopped === pages[0],
          stop: () => setStopped(pages[0]),
          goOn: () => setStopped(undefined),
          pages: pages.length,
        }
      : undefined;
  const queries = useQueryClient();
  const again = () => {
    // Asking for all its pages once more would show nothing of how far that is.
    const own = queries
      .getQueryCache()
      .getAll()
      .find(({ state }) => state.data === query.data);
    if (own) void queries.resetQueries({ queryKey: own.queryKey, exact: true });
    else void query.refetch();
  };
  const isOver = pages !== undefined && search === undefined && tookLongSearch({ state: { data: query.data } });
  return {
    rows,
    search,
    found: isOver ? { looked: lookedAt(pages), again } : undefined,
    count: countOfRows(count, rows.length, pages !== undefined && !query.hasNextPage),
    // Rows that are there stay there, also when asking again has failed.
    state: pages ? "ready" : query.isError ? "failed" : "loading",
    problem: query.error ? problemOf(query.error) : undefined,
    retry: () => void query.refetch(),
    hasMore: query.hasNextPage,
    loadingMore: query.isFetchingNextPage,
    moreFailed: query.isFetchNextPageError,
    loadMore: () => void query.fetchNextPage(),
  };
}

const lookedAt = (pages: readonly Page<unknown>[]) => pages.reduce((sum, { looked }) => sum + (looked ?? 0), 0);

/** Rows that are all here are counted, whatever was estimated; an estimate below them says nothing. */
function countOfRows(count: RowCount | undefined, rows: number, areAll: boolean): RowCount | undefined {
  if (count?.exact) return count;
  if (areAll) return { value: rows, exact: true };
  return count && count.value >= rows ? count : undefined;
}

/** One column. The first of a table stays in view and names its row. */
export type Column<Row> = {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** Least width in px; 160 unless given. */
  width?: number;
  /** Share of the spare width; 1 unless given, 0 for a fixed width. */
  grow?: number;
  /** Numbers stand at the end, under each other. */
  align?: "start" | "end";
  /** The list can be sorted by it; the name the API knows, if not the column's. */
  sort?: true | string;
  /** Not shown until the person asks for it. */
  hidden?: boolean;
  /** It holds what can be done with the row: its name is for screen readers only, and it is always shown. */
  acts?: boolean;
};

/** Where a row leads: what a Link takes. */
export type RowLink = Pick<LinkProps, "to" | "params" | "search">;

/** `created_at` ascending, `-created_at` descending: as it stands in the URL and in the API. */
export type Sort = string;
