import { RotateCw, Search, Square } from "lucide-react";
import { useLayoutEffect, useEffectEvent, useRef } from "react";
import { Button } from "#web/ui/button.tsx";
import { countOf, type Noun } from "#web/ui/format.ts";
import type { FoundSearch, LongSearch } from "#web/ui/table/source.ts";

export type SearchLineProps = {
  search: LongSearch;
  noun: Noun;
  /** The search has ended while its button had the focus. */
  onGone: () => void;
};

/** Under the rows that were found until now: how far the search has come, and the way to stop it or to go on. */
export function SearchLine({ search, noun, onGone }: SearchLineProps) {
  const line = useRef<HTMLDivElement>(null);
  const gone = useEffectEvent(onGone);
  useLayoutEffect(() => {
    const element = line.current;
    return () => {
      if (element?.contains(document.activeElement)) gone();
    };
  }, []);
  const looked = `${countOf(search.looked, noun)} looked through`;
  return (
    <div
      ref={line}
      className="sticky left-0 flex w-fit flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 text-sm text-ink-muted sm:px-6"
    >
      {/* What is heard once, and not with each number. */}
      <span role="status" className="sr-only">
        {search.isStopped ? `Stopped. ${looked}.` : "Searching"}
      </span>
      <span aria-hidden={search.isStopped} className="tabular-nums">
        {search.isStopped ? `Stopped: ${looked}` : `Searching… ${looked}`}
      </span>
      <Button
        size="sm"
        icon={search.isStopped ? Search : Square}
        onClick={search.isStopped ? search.goOn : search.stop}
      >
        {search.isStopped ? "Search on" : "Stop"}
      </Button>
    </div>
  );
}

/** Under the rows that a long search has found: they stay as they were then, until the person asks again. */
export function FoundLine({ found, noun }: { found: FoundSearch; noun: Noun }) {
  return (
    <div className="sticky left-0 flex w-fit flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 text-sm text-ink-muted sm:px-6">
      <span className="tabular-nums">{`As found in ${countOf(found.looked, noun)}. What has changed since is not shown.`}</span>
      <Button size="sm" icon={RotateCw} onClick={found.again}>
        Search again
      </Button>
    </div>
  );
}
