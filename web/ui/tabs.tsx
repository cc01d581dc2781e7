import { clsx } from "clsx";
import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { fadeEdges } from "#web/ui/fade-edges.ts";
import { formatNumber } from "#web/ui/format.ts";

export type Tab<Value extends string = string> = {
  value: Value;
  label: string;
  /** A count after the word; not shown when undefined. */
  count?: number;
  content: ReactNode;
};

export type TabsProps<Value extends string> = {
  label: string;
  /** Kept in the URL by the page, so that a reload and a colleague see the same tab. */
  value: Value;
  onChange: (value: Value) => void;
  tabs: readonly Tab<Value>[];
  /** In a page that is filled to its edges, as by a table. */
  fill?: boolean;
  className?: string;
};

/** Views of one thing, one at a time. */
export function Tabs<Value extends string>({
  label,
  value,
  onChange,
  tabs,
  fill = false,
  className,
}: TabsProps<Value>) {
  const choose = (chosen: string) => {
    const tab = tabs.find((candidate) => candidate.value === chosen);
    if (tab) onChange(tab.value);
  };
  return (
    <Radix.Root value={value} onValueChange={choose} className={clsx("flex min-h-0 min-w-0 flex-col", className)}>
      <Radix.List
        ref={fadeEdges}
        aria-label={label}
        className={clsx(
          "fade-edges scroll-hidden relative flex shrink-0 gap-4 overflow-x-auto border-b",
          fill && "px-4 sm:px-6",
        )}
      >
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.value}
            value={tab.value}
            className={clsx(
              "-mb-px flex h-9 pointer-coarse:h-11 shrink-0 items-center gap-2 border-b-2 border-transparent text-base text-ink-muted transition-colors",
              "hover:text-ink focus-visible:-outline-offset-2 data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink",
            )}
          >
            {tab.label}
            {tab.count === undefined ? null : (
              <span className="text-xs text-ink-subtle tabular-nums">{formatNumber(tab.count)}</span>
            )}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content
          key={tab.value}
          value={tab.value}
          className={clsx("min-h-0 grow", fill ? "flex flex-col pt-2 data-[state=inactive]:hidden" : "pt-4")}
        >
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
