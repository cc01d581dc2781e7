import { ArrowDownUp, FileText, ListFilter, Minus, Plus, Timer, type LucideIcon } from "lucide-react";
import type { StepChangeView } from "#domains/outreach/contract/versions.ts";

const LOOKS: Record<StepChangeView["kind"], { icon: LucideIcon; className: string }> = {
  added: { icon: Plus, className: "text-positive-ink" },
  removed: { icon: Minus, className: "text-danger-ink" },
  moved: { icon: ArrowDownUp, className: "text-ink-muted" },
  delay: { icon: Timer, className: "text-ink-muted" },
  script: { icon: FileText, className: "text-ink-muted" },
  conditions: { icon: ListFilter, className: "text-ink-muted" },
};

/** What differs between two lists of steps, in words. */
export function ChangeList({ changes }: { changes: readonly StepChangeView[] }) {
  if (changes.length === 0) return <p className="text-sm text-ink-muted">Nothing differs.</p>;
  return (
    <ul className="grid gap-1 text-sm">
      {changes.map(({ kind, stepId, words }) => {
        const { icon: Icon, className } = LOOKS[kind];
        return (
          <li key={`${stepId} ${kind}`} className="flex gap-2">
            <Icon className={`icon mt-0.5 shrink-0 ${className}`} aria-hidden />
            <span className="min-w-0 wrap-anywhere">{words}</span>
          </li>
        );
      })}
    </ul>
  );
}
