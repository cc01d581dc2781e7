import { Skeleton } from "#web/ui/skeleton.tsx";

/** While the home page is on its way: its head, its line and its cards. */
export function HomePending() {
  return (
    <div role="status" className="flex min-h-0 grow flex-col overflow-hidden [--appear-after:0ms]">
      <span className="sr-only">Loading…</span>
      <div className="grid gap-3 px-4 pt-6 pb-4 sm:px-6">
        <Skeleton className="h-4 w-40" />
        <Skeleton className="w-60" />
      </div>
      <div className="grid gap-4 px-4 sm:px-6 lg:grid-cols-12">
        <div className="h-16 rounded-lg border lg:col-span-12" />
        <CardPending lines={4} className="lg:col-span-5" />
        <CardPending lines={6} className="lg:col-span-7" />
        <CardPending lines={6} className="lg:col-span-12" />
      </div>
    </div>
  );
}

function CardPending({ lines, className }: { lines: number; className: string }) {
  return (
    <div className={`rounded-lg border p-4 ${className}`}>
      <Lines count={lines} />
    </div>
  );
}

/** Rows of a list to come, 36 px each. */
export function Lines({ count }: { count: number }) {
  return (
    <div aria-hidden>
      {Array.from({ length: count }, (_, line) => (
        <div key={line} className="flex h-9 items-center gap-4">
          <Skeleton className="size-4" />
          <Skeleton className={line % 2 === 0 ? "w-32" : "w-40"} />
          <Skeleton className="ml-auto w-16" />
        </div>
      ))}
    </div>
  );
}
