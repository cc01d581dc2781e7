import { useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { problemOf } from "#web/problem.ts";
import { LinkButton } from "#web/ui/button.tsx";
import { Skeleton } from "#web/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#web/ui/states.tsx";

/** A page that failed to load or to draw. The frame around it still works. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const problem = problemOf(error);
  if (problem.status === 404) return <NotFound />;
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <div className="relative grow overflow-y-auto">
      <title>Something went wrong · Throughline</title>
      <h1 className="sr-only">Something went wrong</h1>
      <ErrorState problem={problem} onRetry={retry} />
    </div>
  );
}

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <div className="relative grow overflow-y-auto">
      <title>Not found · Throughline</title>
      <h1 className="sr-only">Not found</h1>
      <EmptyState
        icon={Compass}
        title="There is nothing at this address"
        action={<LinkButton to="/">Go home</LinkButton>}
      >
        It may have been deleted, or it belongs to another workspace.
      </EmptyState>
    </div>
  );
}

/** While a list's page is on its way: its head, its toolbar, its rows. */
export function ListPending() {
  return (
    <Pending>
      <HeadPending />
      <div className="flex gap-2 px-4 pb-2 sm:px-6">
        <Skeleton className="h-7 w-60" />
        <Skeleton className="h-7 w-20" />
      </div>
      <div className="overflow-hidden border-t">
        {Array.from({ length: 20 }, (_, row) => (
          <div key={row} className="flex h-9 items-center gap-8 border-b px-4 sm:px-6">
            <Skeleton className={row % 3 === 0 ? "w-40" : "w-32"} />
            <Skeleton className={row % 2 === 0 ? "w-24" : "w-32"} />
            <Skeleton className="w-20 max-sm:hidden" />
            <Skeleton className="w-28 max-sm:hidden" />
          </div>
        ))}
      </div>
    </Pending>
  );
}

/** While a record's page is on its way: its three columns. */
export function RecordPending() {
  return (
    <Pending>
      <HeadPending />
      <div className="flex min-h-0 grow gap-8 overflow-hidden border-t px-4 py-4 sm:px-6">
        <Lines count={6} className="w-60 max-lg:hidden" />
        <Lines count={12} className="grow" />
        <Lines count={8} className="w-70 max-lg:hidden" />
      </div>
    </Pending>
  );
}

/** While any other page is on its way. */
export function PagePending() {
  return (
    <Pending>
      <HeadPending />
      <Lines count={8} className="max-w-xl px-4 sm:px-6" />
    </Pending>
  );
}

// The router waits 150 ms before it shows any of these, so the bars need not wait once more.
function Pending({ children }: { children: React.ReactNode }) {
  return (
    <div role="status" className="flex min-h-0 grow flex-col overflow-hidden [--appear-after:0ms]">
      <span className="sr-only">Loading…</span>
      {children}
    </div>
  );
}

function HeadPending() {
  return (
    <div className="grid gap-3 px-4 pt-6 pb-4 sm:px-6">
      <Skeleton className="h-4 w-40" />
      <Skeleton className="w-60" />
    </div>
  );
}

function Lines({ count, className }: { count: number; className: string }) {
  return (
    <div className={className}>
      {Array.from({ length: count }, (_, line) => (
        <Skeleton key={line} className={`mb-4 ${line % 3 === 0 ? "w-1/2" : line % 3 === 1 ? "w-5/6" : "w-2/3"}`} />
      ))}
    </div>
  );
}
