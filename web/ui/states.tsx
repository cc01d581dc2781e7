import { CloudOff, Lock, RotateCw, TriangleAlert, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { UNREACHABLE, type Problem } from "#web/problem.ts";
import { Button } from "#web/ui/button.tsx";
import { CopyButton } from "#web/ui/code-block.tsx";

export type EmptyStateProps = {
  icon: LucideIcon;
  /** What would stand here: "No sequences yet". */
  title: string;
  /** What it is good for, in a line or two. */
  children?: ReactNode;
  /** One act, and beside it a link to the demo or the docs. */
  action?: ReactNode;
};

/** Nothing is here yet: what this is, and the one thing to do next. */
export function EmptyState({ icon: Icon, title, children, action }: EmptyStateProps) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-4 px-4 py-12 text-center">
      <span className="flex size-10 items-center justify-center rounded-lg border bg-raised text-ink-subtle">
        <Icon className="icon" aria-hidden />
      </span>
      <div className="grid gap-1">
        <p className="text-base font-semibold">{title}</p>
        {children ? <div className="text-base text-balance text-ink-muted">{children}</div> : null}
      </div>
      {action ? <div className="flex flex-wrap items-center justify-center gap-2">{action}</div> : null}
    </div>
  );
}

/** What happened, the request's id for support, and a retry. Decides by itself when it was a missing permission. */
export function ErrorState({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  if (problem.status === 403) return <NoPermission detail={problem.detail} />;
  const Icon = problem.code === UNREACHABLE ? CloudOff : TriangleAlert;
  return (
    <div role="alert" className="mx-auto flex max-w-md flex-col items-center gap-4 px-4 py-12 text-center">
      <span className="flex size-10 items-center justify-center rounded-lg bg-danger-soft text-danger-ink">
        <Icon className="icon" aria-hidden />
      </span>
      <div className="grid gap-1">
        <p className="text-base font-semibold">{problem.title}</p>
        {problem.detail ? <p className="text-base text-balance text-ink-muted">{problem.detail}</p> : null}
      </div>
      {onRetry ? (
        <Button icon={RotateCw} onClick={onRetry}>
          Try again
        </Button>
      ) : null}
      {problem.request_id ? <RequestId id={problem.request_id} /> : null}
    </div>
  );
}

export type NoPermissionProps = {
  /** What is missing, in the server's words. */
  detail?: string;
  /** Who can give it: "An owner of this workspace". */
  whoCanGiveIt?: string;
};

/** The page exists, but not for this person: says who can open it. */
export function NoPermission({ detail, whoCanGiveIt = "An owner of this workspace" }: NoPermissionProps) {
  return (
    <EmptyState icon={Lock} title="You do not have access to this">
      {detail ? <p>{detail}</p> : null}
      <p>{whoCanGiveIt} can give it to you under Settings, Members.</p>
    </EmptyState>
  );
}

/** A failure inside a page whose other parts still work: one line, and a retry. */
export function InlineError({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  return (
    <div role="alert" className="flex flex-wrap items-center gap-2 px-2 py-2 text-sm text-danger-ink">
      <TriangleAlert className="icon" aria-hidden />
      <span className="min-w-0 grow basis-40">
        {problem.title}
        {problem.detail ? `. ${problem.detail}` : ""}
      </span>
      {onRetry ? (
        <Button size="sm" variant="ghost" onClick={onRetry}>
          Try again
        </Button>
      ) : null}
    </div>
  );
}

function RequestId({ id }: { id: string }) {
  return (
    <p className="flex items-center gap-1 text-xs text-ink-subtle">
      Request <code className="font-mono">{id}</code>
      <CopyButton text={id} label="Copy request id" />
    </p>
  );
}
