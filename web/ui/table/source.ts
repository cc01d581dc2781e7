import type { LinkProps } from "@tanstack/react-router";
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { useMemo, type ReactNode } from "react";
import { problemOf, type Problem } from "#web/problem.ts";
import type { RowCount } from "#web/ui/format.ts";

/** One page of a list, as every list of the API answers: rows, and where to go on. */
export type Page<Row> = { data: readonly Row[]; next_cursor: string | null };

/** The options that make any list operation page by cursor: `api.leads.list.infiniteOptions({ ...keyset, input })`. */
export const keyset = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page: { next_cursor: string | null }) => page.next_cursor ?? undefined,
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
};

/** Joins the pages of an infinite query into one list of rows. */
export function useTableSource<Row>(
  query: UseInfiniteQueryResult<InfiniteData<Page<Row>>>,
  count?: RowCount,
): TableSource<Row> {
  const pages = query.data?.pages;
  const rows = useMemo(() => pages?.flatMap((page) => page.data) ?? [], [pages]);
  return {
    rows,
    count: count ?? (pages && !query.hasNextPage ? { value: rows.length, exact: true } : undefined),
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
