import { clsx } from "clsx";
import { Check, Minus } from "lucide-react";
import { Checkbox as RadixCheckbox, RadioGroup as RadixRadio, Switch as RadixSwitch } from "radix-ui";
import { useId, type ReactNode, type Ref } from "react";
import type { Option } from "#web/ui/select.tsx";

type Choice<Value> = {
  value: Value;
  onChange: (value: Value) => void;
  onBlur?: () => void;
  name?: string;
  disabled?: boolean;
  label: string;
  hint?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
};

export type CheckboxProps = Omit<Choice<boolean>, "value"> & {
  /** `mixed`: some of what this box stands for is chosen. */
  value: boolean | "mixed";
  /** The name is for screen readers only, as in a table's first column. */
  hideLabel?: boolean;
};

/** Yes or no, taking effect when the form is saved. */
export function Checkbox({ value, onChange, label, hint, hideLabel, ...rest }: CheckboxProps) {
  const id = useId();
  const hintId = hint ? `${id}-hint` : undefined;
  const box = (
    <RadixCheckbox.Root
      {...rest}
      id={id}
      checked={value === "mixed" ? "indeterminate" : value}
      onCheckedChange={(checked) => onChange(checked === true)}
      aria-label={hideLabel ? label : undefined}
      aria-describedby={hintId}
      className={clsx(
        "relative flex size-4 shrink-0 items-center justify-center rounded-[4px] border border-control bg-canvas transition-colors",
        "hover:border-ink-subtle data-[state=checked]:border-accent data-[state=checked]:bg-accent",
        "data-[state=indeterminate]:border-accent data-[state=indeterminate]:bg-accent",
        "disabled:cursor-not-allowed disabled:opacity-60",
        // The box is 16 px; a finger gets more without moving the row.
        "after:absolute after:-inset-2 pointer-coarse:after:-inset-3.5",
      )}
    >
      <RadixCheckbox.Indicator className="text-on-accent">
        {value === "mixed" ? (
          <Minus className="icon size-3 stroke-3" aria-hidden />
        ) : (
          <Check className="icon size-3 stroke-3" aria-hidden />
        )}
      </RadixCheckbox.Indicator>
    </RadixCheckbox.Root>
  );
  if (hideLabel) return box;
  return (
    <div className="flex items-start gap-2">
      <span className="flex h-5 items-center">{box}</span>
      <Words htmlFor={id} hintId={hintId} label={label} hint={hint} />
    </div>
  );
}

/** On or off, taking effect at once. */
export function Switch({ value, onChange, label, hint, ...rest }: Choice<boolean>) {
  const id = useId();
  const hintId = hint ? `${id}-hint` : undefined;
  return (
    <div className="flex items-start justify-between gap-4">
      <Words htmlFor={id} hintId={hintId} label={label} hint={hint} />
      <RadixSwitch.Root
        {...rest}
        id={id}
        checked={value}
        onCheckedChange={onChange}
        aria-describedby={hintId}
        className={clsx(
          "relative h-5 w-9 shrink-0 rounded-full border border-control bg-control transition-colors",
          "data-[state=checked]:border-accent data-[state=checked]:bg-accent after:absolute after:-inset-2 pointer-coarse:after:-inset-3",
          "disabled:cursor-not-allowed disabled:opacity-60",
        )}
      >
        <RadixSwitch.Thumb className="block size-4 translate-x-px rounded-full bg-[white] transition-transform data-[state=checked]:translate-x-4" />
      </RadixSwitch.Root>
    </div>
  );
}

export type RadioGroupProps<Value extends string> = {
  value: Value | "";
  onChange: (value: Value) => void;
  onBlur?: () => void;
  name?: string;
  disabled?: boolean;
  label: string;
  options: readonly Option<Value>[];
  ref?: Ref<HTMLDivElement>;
};

/** One of two to five choices that are worth reading side by side. */
export function RadioGroup<Value extends string>({ value, onChange, label, options, ...rest }: RadioGroupProps<Value>) {
  const id = useId();
  const choose = (chosen: string) => {
    const option = options.find((candidate) => candidate.value === chosen);
    if (option) onChange(option.value);
  };
  return (
    <div className="grid gap-2">
      <span id={`${id}-name`} className="text-sm font-medium">
        {label}
      </span>
      <RadixRadio.Root
        {...rest}
        value={value}
        onValueChange={choose}
        aria-labelledby={`${id}-name`}
        className="grid gap-2"
      >
        {options.map((option) => {
          const itemId = `${id}-${option.value}`;
          const hintId = option.hint ? `${itemId}-hint` : undefined;
          return (
            <div key={option.value} className="flex items-start gap-2">
              <span className="flex h-5 items-center">
                <RadixRadio.Item
                  id={itemId}
                  value={option.value}
                  disabled={option.disabled}
                  aria-describedby={hintId}
                  className={clsx(
                    "relative flex size-4 items-center justify-center rounded-full border border-control bg-canvas",
                    "hover:border-ink-subtle data-[state=checked]:border-accent data-[state=checked]:bg-accent",
                    "after:absolute after:-inset-2 disabled:cursor-not-allowed disabled:opacity-60",
                  )}
                >
                  <RadixRadio.Indicator className="size-2 rounded-full bg-on-accent" />
                </RadixRadio.Item>
              </span>
              <Words htmlFor={itemId} hintId={hintId} label={option.label} hint={option.hint} />
            </div>
          );
        })}
      </RadixRadio.Root>
    </div>
  );
}

function Words(props: { htmlFor: string; hintId?: string; label: string; hint?: ReactNode }) {
  return (
    <span className="grid min-w-0">
      <label htmlFor={props.htmlFor} className="text-base">
        {props.label}
      </label>
      {props.hint ? (
        <span id={props.hintId} className="max-w-prose text-xs text-ink-subtle">
          {props.hint}
        </span>
      ) : null}
    </span>
  );
}
