import { clsx } from "clsx";
import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { toneInk, type Tone } from "#web/ui/badge.tsx";

export type StatProps = {
  label: string;
  /** Formatted by the page, usually with NumberText. */
  value: ReactNode;
  /** The change against the compared period, in words: "+12% on last week". */
  change?: { direction: "up" | "down" | "same"; words: string; tone?: Tone };
  /** A Link around the figure: each number opens the list behind it. */
  link?: (figure: ReactNode) => ReactNode;
};

/** One figure with its name. Several stand in a StatRow. */
export function Stat({ label, value, change, link }: StatProps) {
  const figure = <span className="text-2xl font-semibold tabular-nums">{value}</span>;
  const Arrow = change?.direction === "up" ? ArrowUp : ArrowDown;
  return (
    <div className="grid min-w-0 content-start gap-1 px-4 py-3">
      <dt className="truncate text-sm text-ink-muted">{label}</dt>
      <dd className="truncate">{link ? link(figure) : figure}</dd>
      {change ? (
        <dd className={clsx("flex items-center gap-1 text-xs", toneInk[change.tone ?? "neutral"])}>
          {change.direction === "same" ? null : <Arrow className="icon size-3" aria-hidden />}
          {change.words}
        </dd>
      ) : null}
    </div>
  );
}

/** Figures side by side in one bordered row; two a line on a phone. */
export function StatRow({ children }: { children: ReactNode }) {
  return (
    <dl className="grid grid-cols-2 overflow-hidden rounded-lg border *:-mr-px *:-mb-px *:border-r *:border-b sm:auto-cols-fr sm:grid-flow-col sm:grid-cols-none">
      {children}
    </dl>
  );
}
