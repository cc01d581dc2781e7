import { clsx } from "clsx";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

/** The four meanings, plus neutral for what has none and accent for what is chosen. */
export const TONES = ["neutral", "accent", "positive", "warning", "danger", "info"] as const;
export type Tone = (typeof TONES)[number];

const SOFT: Record<Tone, string> = {
  neutral: "bg-hover text-ink-muted",
  accent: "bg-accent-soft text-accent-ink",
  positive: "bg-positive-soft text-positive-ink",
  warning: "bg-warning-soft text-warning-ink",
  danger: "bg-danger-soft text-danger-ink",
  info: "bg-info-soft text-info-ink",
};

const DOT: Record<Tone, string> = {
  neutral: "bg-control",
  accent: "bg-accent",
  positive: "bg-positive",
  warning: "bg-warning",
  danger: "bg-danger",
  info: "bg-info",
};

/** The words in a tone, for text outside of badges. */
export const toneInk: Record<Tone, string> = {
  neutral: "text-ink-muted",
  accent: "text-accent-ink",
  positive: "text-positive-ink",
  warning: "text-warning-ink",
  danger: "text-danger-ink",
  info: "text-info-ink",
};

/** A word or number attached to something: a tag, a count, "default". */
export function Badge(props: { tone?: Tone; icon?: LucideIcon; className?: string; children: ReactNode }) {
  const { tone = "neutral", icon: Icon, className, children } = props;
  return (
    <span
      className={clsx(
        "inline-flex h-5 max-w-full items-center gap-1 rounded-full px-2 text-xs font-medium whitespace-nowrap",
        SOFT[tone],
        className,
      )}
    >
      {Icon ? <Icon className="icon size-3" aria-hidden /> : null}
      <span className="truncate">{children}</span>
    </span>
  );
}

/** The state something is in: a dot and a word. In tables the word carries it, the colour only helps. */
export function StatusPill({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className="inline-flex h-5 max-w-full items-center gap-2 text-sm whitespace-nowrap text-ink">
      <span className={clsx("size-2 shrink-0 rounded-full", DOT[tone])} aria-hidden />
      <span className="truncate">{children}</span>
    </span>
  );
}
