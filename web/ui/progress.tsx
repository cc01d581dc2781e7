import { Progress as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { formatNumber, formatShare } from "#web/ui/format.ts";

export type ProgressProps = {
  label: string;
  /** How much is done; null while the total is not known. */
  value: number | null;
  total: number;
  /** Rate and time left: "2,300 rows/s, 40 s left". */
  detail?: ReactNode;
};

/** Long work on its way: how much of how much, and what is left. */
export function Progress({ label, value, total, detail }: ProgressProps) {
  const share = value === null || total === 0 ? null : Math.min(1, value / total);
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 text-sm">
        <span className="font-medium">{label}</span>
        <span className="text-ink-muted tabular-nums">
          {value === null
            ? "Starting…"
            : `${formatNumber(value)} of ${formatNumber(total)} (${formatShare(share ?? 0)})`}
        </span>
      </div>
      <Radix.Root
        value={share === null ? null : Math.round(share * 100)}
        aria-label={label}
        className="h-2 overflow-hidden rounded-full bg-pressed"
      >
        <Radix.Indicator
          className="h-full origin-left rounded-full bg-accent transition-transform duration-200"
          style={{ transform: `scaleX(${share ?? 0})` }}
        />
      </Radix.Root>
      {detail ? <div className="text-xs text-ink-subtle tabular-nums">{detail}</div> : null}
    </div>
  );
}
