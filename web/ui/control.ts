import type { Ref } from "react";

/** Every control has a name: from the Field around it, which hands down an `id`, or from its own `label`. */
export type Named = { id: string; label?: string } | { id?: string; label: string };

/** What every control takes, whatever its value: text, choice, number of choices or yes/no. */
export type ControlProps<Value, Element extends HTMLElement = HTMLInputElement> = Named & {
  value: Value;
  onChange: (value: Value) => void;
  onBlur?: () => void;
  name?: string;
  disabled?: boolean;
  ref?: Ref<Element>;
  "aria-describedby"?: string;
  "aria-invalid"?: boolean;
};
