import { clsx } from "clsx";
import type { HTMLInputTypeAttribute, ReactNode } from "react";
import type { ControlProps } from "#web/ui/control.ts";

export type InputProps = ControlProps<string> & {
  type?: Exclude<HTMLInputTypeAttribute, "checkbox" | "radio" | "file">;
  placeholder?: string;
  autoComplete?: string;
  autoFocus?: boolean;
  inputMode?: "text" | "decimal" | "numeric" | "tel" | "email" | "url" | "search";
  maxLength?: number;
  readOnly?: boolean;
  /** Words inside the field, before or after the value: a currency, a unit. */
  prefix?: ReactNode;
  suffix?: ReactNode;
  className?: string;
};

/** One line of text. The value is always a string; forms convert on submit. */
export function Input({ label, onChange, prefix, suffix, className, type = "text", ...rest }: InputProps) {
  const input = (
    <input
      {...rest}
      type={type}
      aria-label={label}
      onChange={(event) => onChange(event.target.value)}
      className={clsx("control", prefix && "pl-8", suffix && "pr-16", className)}
    />
  );
  if (!prefix && !suffix) return input;
  return (
    <span className="relative flex w-full items-center">
      {prefix ? <span className="pointer-events-none absolute left-2 text-sm text-ink-subtle">{prefix}</span> : null}
      {input}
      {suffix ? <span className="pointer-events-none absolute right-2 text-sm text-ink-subtle">{suffix}</span> : null}
    </span>
  );
}

export type TextareaProps = ControlProps<string, HTMLTextAreaElement> & {
  placeholder?: string;
  rows?: number;
  maxLength?: number;
  readOnly?: boolean;
  /** Fixed-width letters, for templates and code. */
  mono?: boolean;
  className?: string;
};

/** Several lines of text; grows with what is typed, from `rows` upward. */
export function Textarea({ label, onChange, rows = 3, mono, className, ...rest }: TextareaProps) {
  return (
    <textarea
      {...rest}
      rows={rows}
      aria-label={label}
      onChange={(event) => onChange(event.target.value)}
      className={clsx(
        "control",
        "scroll-quiet field-sizing-content h-auto max-h-96 py-1 leading-5 pointer-coarse:h-auto",
        mono && "font-mono text-sm",
        className,
      )}
      style={{ minHeight: `${rows * 1.25 + 0.625}rem` }}
    />
  );
}
