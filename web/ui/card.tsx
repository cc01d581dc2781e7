import { clsx } from "clsx";
import { useId, type ReactNode } from "react";

export type CardProps = {
  title?: string;
  /** One line that says what the card is about or affects. */
  description?: ReactNode;
  /** Buttons at the right of the title. */
  actions?: ReactNode;
  /** No padding around the content: for tables and lists. */
  flush?: boolean;
  className?: string;
  children?: ReactNode;
};

/** A bordered region. With a title it is a landmark of that name. */
export function Card({ title, description, actions, flush, className, children }: CardProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={title ? id : undefined}
      className={clsx("min-w-0 rounded-lg border bg-canvas", className)}
    >
      {title ? (
        <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 pt-3 pb-3">
          <div className="grid min-w-0 gap-1">
            <h2 id={id} className="text-base font-semibold">
              {title}
            </h2>
            {description ? <p className="max-w-prose text-sm text-ink-muted">{description}</p> : null}
          </div>
          {actions ? <div className="flex gap-2">{actions}</div> : null}
        </header>
      ) : null}
      {children ? <div className={clsx(!flush && "px-4 pb-4", !flush && !title && "pt-4")}>{children}</div> : null}
    </section>
  );
}
