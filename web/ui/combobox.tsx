import { clsx } from "clsx";
import { Command } from "cmdk";
import { Check, ChevronsUpDown } from "lucide-react";
import { Popover as Radix } from "radix-ui";
import { useId, useState } from "react";
import type { ControlProps } from "#web/ui/control.ts";
import type { Option } from "#web/ui/select.tsx";

type Shared = {
  options: readonly Option[];
  placeholder?: string;
  /** Shown when nothing matches what was typed. */
  emptyText?: string;
  /** Search at the server: called with what is typed; `options` then hold the answer as it is. */
  onSearch?: (text: string) => void;
  loading?: boolean;
  className?: string;
};

export type ComboboxProps = Shared & { multiple?: false } & ControlProps<string, HTMLButtonElement>;
export type MultiComboboxProps = Shared & { multiple: true } & ControlProps<readonly string[], HTMLButtonElement>;

/** One (or with `multiple`, several) of many choices, found by typing. */
export function Combobox(props: ComboboxProps | MultiComboboxProps) {
  const { options, placeholder = "Choose…", id, ref, label, name, disabled, onBlur, className } = props;
  const [open, setOpen] = useState(false);
  const listId = useId();
  const chosen: readonly string[] = props.multiple ? props.value : props.value ? [props.value] : [];
  const words = chosen.map((value) => options.find((option) => option.value === value)?.label ?? value).join(", ");

  const choose = (value: string) => {
    if (!props.multiple) {
      props.onChange(value);
      setOpen(false);
    } else {
      const without = props.value.filter((item) => item !== value);
      props.onChange(without.length < props.value.length ? without : [...props.value, value]);
    }
  };

  return (
    <Radix.Root open={open} onOpenChange={setOpen}>
      <Radix.Trigger asChild>
        <button
          type="button"
          role="combobox"
          ref={ref}
          id={id}
          name={name}
          disabled={disabled}
          // Whoever is at the open list has not left the field.
          onBlur={open ? undefined : onBlur}
          aria-label={label ? (words ? `${label}: ${words}` : label) : undefined}
          aria-describedby={props["aria-describedby"]}
          aria-invalid={props["aria-invalid"]}
          aria-expanded={open}
          aria-controls={open ? listId : undefined}
          className={clsx("control", "inline-flex items-center justify-between gap-2 text-left", className)}
        >
          <span className={clsx("truncate", !words && "text-ink-subtle")}>{words || placeholder}</span>
          <ChevronsUpDown className="icon text-ink-subtle" aria-hidden />
        </button>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          id={listId}
          sideOffset={4}
          collisionPadding={8}
          align="start"
          aria-label={label ?? placeholder}
          className={clsx("menu", "w-(--radix-popover-trigger-width) min-w-52 p-0")}
        >
          <OptionList
            options={options}
            chosen={chosen}
            onChoose={choose}
            onSearch={props.onSearch}
            loading={props.loading}
            emptyText={props.emptyText}
          />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

type OptionListProps = Shared & { chosen: readonly string[]; onChoose: (value: string) => void };

/** The searchable list by itself, for boxes that open from something else than a field. */
export function OptionList({
  options,
  chosen,
  onChoose,
  onSearch,
  loading,
  emptyText = "Nothing found",
}: OptionListProps) {
  return (
    <Command label="Choices" shouldFilter={!onSearch} loop>
      <Command.Input
        placeholder="Search…"
        onValueChange={onSearch}
        className="h-9 w-full border-b bg-transparent px-3 text-base outline-none pointer-coarse:h-11"
      />
      <Command.List label="Choices" className="scroll-quiet max-h-64 overflow-y-auto p-1">
        <Command.Empty className="px-2 py-4 text-center text-sm text-ink-subtle">
          {loading ? "Searching…" : emptyText}
        </Command.Empty>
        {options.map((option) => (
          <Command.Item
            key={option.value}
            value={option.value}
            keywords={[option.label]}
            disabled={option.disabled}
            onSelect={() => onChoose(option.value)}
            className="menu-item"
          >
            {option.icon}
            <span className="grid min-w-0 grow">
              <span className="truncate">{option.label}</span>
              {option.hint ? <span className="truncate text-xs text-ink-subtle">{option.hint}</span> : null}
            </span>
            {chosen.includes(option.value) ? (
              <>
                <Check className="icon text-accent-ink" aria-hidden />
                <span className="sr-only">(chosen)</span>
              </>
            ) : null}
          </Command.Item>
        ))}
      </Command.List>
    </Command>
  );
}
