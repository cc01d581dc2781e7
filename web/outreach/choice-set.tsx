import { Combobox, type MultiComboboxProps } from "#web/ui/combobox.tsx";
import type { Option } from "#web/ui/select.tsx";

export type ChoiceSetProps<Value extends string> = Omit<
  MultiComboboxProps,
  "multiple" | "value" | "onChange" | "options" | "id" | "label"
> & {
  /** Names it: the id that its Field hands down. */
  id: string;
  value: readonly Value[];
  onChange: (value: Value[]) => void;
  options: readonly Option<Value>[];
};

/** Some of a closed set. */
export function ChoiceSet<Value extends string>({ value, onChange, options, ...rest }: ChoiceSetProps<Value>) {
  return (
    <Combobox
      {...rest}
      multiple
      value={value}
      options={options}
      onChange={(chosen) =>
        onChange(options.flatMap((option) => (chosen.includes(option.value) ? [option.value] : [])))
      }
    />
  );
}
