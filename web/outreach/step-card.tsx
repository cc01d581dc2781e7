import { clsx } from "clsx";
import { ArrowDown, ArrowUp, GripVertical, Trash2 } from "lucide-react";
import type { StepStatsView } from "#domains/outreach/contract/stats.ts";
import { ConditionSentence } from "#web/outreach/condition-sentence.tsx";
import type { StepTyped } from "#web/outreach/step-form.ts";
import { Badge } from "#web/ui/badge.tsx";
import { IconButton } from "#web/ui/button.tsx";
import { ChannelIcon } from "#web/ui/channel-icon.tsx";
import { formatNumber } from "#web/ui/format.ts";

export type StepCardProps = {
  step: StepTyped;
  /** What became of everybody who came to it. */
  stats: StepStatsView | undefined;
  /** What names each step of the list, in their order. */
  refs: readonly string[];
  /** From 0. */
  position: number;
  isChosen: boolean;
  isDragged: boolean;
  whyNot: string | null;
  onChoose: () => void;
  onUp: (() => void) | undefined;
  onDown: (() => void) | undefined;
  onRemove: () => void;
};

/** One step of the path: what goes out, how it went, and the ways to move or remove it. */
export function StepCard(props: StepCardProps) {
  const { step, stats, refs, position, isChosen, isDragged, whyNot, onChoose, onUp, onDown, onRemove } = props;
  const name = `step ${position + 1}`;
  return (
    <div
      className={clsx(
        "flex flex-wrap items-center gap-1 rounded-lg border bg-canvas py-2 pr-2",
        isChosen && "border-accent bg-accent-soft",
        isDragged && "opacity-50",
      )}
    >
      <span
        aria-hidden
        data-handle
        title={whyNot ?? "Drag to move"}
        // With fingers and with keys the arrows do the same.
        className={clsx(
          "flex h-8 w-6 shrink-0 items-center justify-center text-ink-subtle pointer-coarse:hidden",
          whyNot === null ? "cursor-grab active:cursor-grabbing" : "opacity-50",
        )}
      >
        <GripVertical className="icon" />
      </span>
      <button
        type="button"
        aria-pressed={isChosen}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
        onClick={onChoose}
        onKeyDown={(event) => {
          const act = event.key === "ArrowUp" ? onUp : event.key === "ArrowDown" ? onDown : undefined;
          if (!event.altKey || !act || whyNot !== null) return;
          event.preventDefault();
          act();
        }}
        className="grid min-w-0 grow basis-40 gap-1 rounded-md px-2 py-1 text-left hover:bg-hover"
      >
        <span className="flex min-w-0 items-center gap-2 text-base font-medium">
          <ChannelIcon channel={step.channel} />
          <span className="truncate">
            {position + 1}. {step.scriptName ?? "No script yet"}
          </span>
          {step.isActive ? null : <Badge>Switched off</Badge>}
        </span>
        <ConditionSentence conditions={step.conditions} refs={refs} />
        {stats ? <StepFigures stats={stats} /> : null}
      </button>
      <span className="flex">
        <IconButton
          icon={ArrowUp}
          label={`Move ${name} up`}
          size="sm"
          disabledReason={whyNot ?? (onUp ? null : "It is the first step")}
          onClick={onUp}
        />
        <IconButton
          icon={ArrowDown}
          label={`Move ${name} down`}
          size="sm"
          disabledReason={whyNot ?? (onDown ? null : "It is the last step")}
          onClick={onDown}
        />
        <IconButton icon={Trash2} label={`Remove ${name}`} size="sm" disabledReason={whyNot} onClick={onRemove} />
      </span>
    </div>
  );
}

/** Nothing before anybody came to the step; then always how many were sent, and of the rest what there is. */
function StepFigures({ stats: { planned, sent, delivered, failed, skipped, replied } }: { stats: StepStatsView }) {
  if (planned + sent + failed + skipped === 0) return null;
  const rest = [
    [delivered, "delivered"],
    [replied, "answered"],
    [failed, "failed"],
    [skipped, "skipped"],
    [planned, "planned"],
  ] as const;
  const words = rest.flatMap(([count, word]) => (count > 0 ? [`${formatNumber(count)} ${word}`] : []));
  return (
    <span className="text-xs text-ink-muted tabular-nums">{[`${formatNumber(sent)} sent`, ...words].join(" · ")}</span>
  );
}
