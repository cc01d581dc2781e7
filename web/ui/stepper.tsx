import { clsx } from "clsx";
import { Check } from "lucide-react";

export type StepperProps<Step extends string> = {
  label: string;
  steps: readonly { value: Step; label: string }[];
  current: Step;
  /** Going back loses nothing; going forward is the page's own button. */
  onBack: (step: Step) => void;
};

/** The steps of a wizard, named, with the way back. */
export function Stepper<Step extends string>({ label, steps, current, onBack }: StepperProps<Step>) {
  const at = steps.findIndex((step) => step.value === current);
  return (
    <nav aria-label={label}>
      <ol className="relative flex items-center gap-2 overflow-x-auto">
        {steps.map((step, index) => {
          const state = index < at ? "done" : index === at ? "current" : "ahead";
          return (
            <li key={step.value} className="flex shrink-0 items-center gap-2">
              {index > 0 ? <span aria-hidden className="h-px w-6 bg-line max-sm:w-3" /> : null}
              <StepName state={state} number={index + 1} label={step.label} onBack={() => onBack(step.value)} />
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

type StepNameProps = { state: "done" | "current" | "ahead"; number: number; label: string; onBack: () => void };

function StepName({ state, number, label, onBack }: StepNameProps) {
  const mark = (
    <span
      aria-hidden
      className={clsx(
        "flex size-5 items-center justify-center rounded-full text-xs font-medium tabular-nums",
        state === "done" && "bg-accent-soft text-accent-ink",
        state === "current" && "bg-accent text-on-accent",
        state === "ahead" && "bg-hover text-ink-subtle",
      )}
    >
      {state === "done" ? <Check className="icon size-3" /> : number}
    </span>
  );
  if (state === "done") {
    return (
      <button
        type="button"
        onClick={onBack}
        className="flex items-center gap-2 rounded-md py-1 text-base text-ink-muted"
      >
        {mark}
        <span className="underline-offset-4 hover:underline max-sm:sr-only">{label}</span>
        <span className="sr-only">(done, go back)</span>
      </button>
    );
  }
  return (
    <span
      aria-current={state === "current" ? "step" : undefined}
      className={clsx(
        "flex items-center gap-2 py-1 text-base",
        state === "current" ? "font-medium" : "text-ink-subtle max-sm:[&>span:last-child]:sr-only",
      )}
    >
      {mark}
      <span>{label}</span>
    </span>
  );
}
