import { clsx } from "clsx";
import { CircleAlert } from "lucide-react";
import { useId, type ReactNode } from "react";

/** What a Field hands to the control inside it. */
export type FieldControl = { id: string; "aria-describedby"?: string; "aria-invalid"?: boolean };

export type FieldProps = {
  label: string;
  /** One line under the label that says what the value is for. */
  hint?: ReactNode;
  /** What is wrong and what to do; replaces nothing, appears under the control. */
  error?: string;
  /** Most fields are needed; the few that are not say so. */
  optional?: boolean;
  className?: string;
  children: (control: FieldControl) => ReactNode;
};

/** Label, hint, control and error as one thing, tied together for screen readers. */
export function Field({ label, hint, error, optional, className, children }: FieldProps) {
  const id = useId();
  const hintId = hint ? `${id}-hint` : undefined;
  const errorId = error ? `${id}-error` : undefined;
  const describedBy = [hintId, errorId].filter(Boolean).join(" ") || undefined;
  return (
    <div className={clsx("grid min-w-0 content-start gap-1", className)}>
      <label htmlFor={id} className="text-sm font-medium text-ink">
        {label}
        {optional ? <span className="font-normal text-ink-subtle"> (optional)</span> : null}
      </label>
      {hint ? (
        <p id={hintId} className="max-w-prose text-xs text-ink-subtle">
          {hint}
        </p>
      ) : null}
      {children({ id, "aria-describedby": describedBy, "aria-invalid": error ? true : undefined })}
      {error ? <FieldError id={errorId}>{error}</FieldError> : null}
    </div>
  );
}

/** The line under a control that says what is wrong. */
export function FieldError({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <p id={id} role="alert" className="flex items-start gap-1 text-xs text-danger-ink">
      <CircleAlert className="icon size-3.5 translate-y-px" aria-hidden />
      <span>{children}</span>
    </p>
  );
}
