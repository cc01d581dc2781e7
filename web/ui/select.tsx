import { clsx } from "clsx";
import { Check, ChevronDown } from "lucide-react";
import { Select as Radix } from "radix-ui";
import { useEffect, useState, type ReactNode } from "react";
import type { ControlProps, Named } from "#web/ui/control.ts";

export type Option<Value extends string = string> = {
  value: Value;
  label: string;
  /** One line under the label, for choices that need explaining. */
  hint?: string;
  icon?: ReactNode;
  disabled?: boolean;
};

export type SelectProps<Value extends string> = Omit<ControlProps<Value, HTMLButtonElement>, "value"> &
  Named & {
    /** Empty or undefined: nothing is chosen yet. */
    value: Value | "" | undefined;
    options: readonly Option<Value>[];
    placeholder?: string;
    className?: string;
  };

/** One of a few fixed choices. More than about twelve: use a Combobox. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const {
    options,
    placeholder = "Choose…",
    label,
    value,
    onChange,
    onBlur,
    name,
    disabled,
    className,
    ...rest
  } = props;
  const [open, setOpen] = useState(false);
  useInertPage(open);
  const chosen = options.find((option) => option.value === value);
  const choose = (chosen: string) => {
    const option = options.find((candidate) => candidate.value === chosen);
    if (option) onChange(option.value);
  };
  return (
    <Radix.Root
      value={value ?? ""}
      onValueChange={choose}
      open={open}
      onOpenChange={setOpen}
      name={name}
      disabled={disabled}
    >
      <Radix.Trigger
        {...rest}
        aria-label={label}
        // Whoever is at the open list has not left the field.
        onBlur={open ? undefined : onBlur}
        className={clsx(
          "control",
          "inline-flex items-center justify-between gap-2 text-left data-placeholder:text-ink-subtle",
          className,
        )}
      >
        <span className="truncate">
          <Radix.Value placeholder={placeholder}>{chosen?.label}</Radix.Value>
        </span>
        <ChevronDown className="icon text-ink-subtle" aria-hidden />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className={clsx(
            "menu",
            "max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width)",
          )}
        >
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                disabled={option.disabled}
                className={clsx("menu-item", "pr-8")}
              >
                {option.icon}
                <Radix.ItemText>
                  <span className="block">{option.label}</span>
                  {option.hint ? <span className="block text-xs text-ink-subtle">{option.hint}</span> : null}
                </Radix.ItemText>
                <Radix.ItemIndicator className="absolute right-2">
                  <Check className="icon text-accent-ink" aria-hidden />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/**
 * The open list takes the focus and hides the page from screen readers; `inert` tells the same to everything else that
 * walks over the page, keyboards included.
 */
function useInertPage(open: boolean) {
  useEffect(() => {
    const page = document.getElementById("root");
    if (page) page.inert = open;
    return () => {
      if (page) page.inert = false;
    };
  }, [open]);
}
