import type { LucideIcon } from "lucide-react";
import { useId, type ReactNode } from "react";
import type { Deliveries } from "#web/messaging/deliveries.ts";
import { Button } from "#web/ui/button.tsx";
import { SkeletonText } from "#web/ui/skeleton.tsx";
import { EmptyState, ErrorState, InlineError } from "#web/ui/states.tsx";

export type PaneProps = {
  title: string;
  icon: LucideIcon;
  source: Deliveries;
  /** What to do so that something stands here. */
  empty: { title: string; words: string };
  children: ReactNode;
};

/** One device of the sandbox: its name, and its own loading, empty and error states. */
export function Pane({ title, icon: Icon, source, empty, children }: PaneProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="flex h-full min-h-0 min-w-0 flex-col overflow-hidden rounded-lg border bg-raised"
    >
      <header className="flex h-9 shrink-0 items-center gap-2 border-b px-3">
        <Icon className="icon text-ink-muted" aria-hidden />
        <h2 id={id} className="text-sm font-medium">
          {title}
        </h2>
      </header>
      <div className="flex min-h-0 grow flex-col">
        {source.rows.length > 0 ? (
          <>
            {source.problem ? <InlineError problem={source.problem} onRetry={source.retry} /> : null}
            {children}
          </>
        ) : source.problem ? (
          <ErrorState problem={source.problem} onRetry={source.retry} />
        ) : source.state === "loading" ? (
          <div className="p-3">
            <SkeletonText lines={8} />
          </div>
        ) : (
          <EmptyState icon={Icon} title={empty.title}>
            {empty.words}
          </EmptyState>
        )}
      </div>
    </section>
  );
}

/** Goes further back, where there is more. */
export function LoadEarlier({ source }: { source: Deliveries }) {
  if (!source.hasMore) return null;
  return (
    <div className="flex justify-center p-2">
      <Button size="sm" variant="ghost" loading={source.loadingMore} onClick={source.loadMore}>
        Load earlier ones
      </Button>
    </div>
  );
}
