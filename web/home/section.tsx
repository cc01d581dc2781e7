import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { problemOf } from "#web/problem.ts";
import { InlineError } from "#web/ui/states.tsx";

export type SectionBodyProps<Data> = {
  query: UseQueryResult<Data>;
  pending: ReactNode;
  /** The card pads its content by itself. */
  padded?: boolean;
  children: (data: Data) => ReactNode;
};

/** What a card of the home page shows: its content, its skeleton, or what went wrong; the cards beside it still work. */
export function SectionBody<Data>({ query, pending, padded, children }: SectionBodyProps<Data>) {
  const { data, error, refetch } = query;
  return (
    <>
      {error ? (
        <div className={padded ? "-mx-2" : "px-2"}>
          <InlineError problem={problemOf(error)} onRetry={() => void refetch()} />
        </div>
      ) : null}
      {data === undefined ? (error ? null : pending) : children(data)}
    </>
  );
}
