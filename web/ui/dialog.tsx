import { clsx } from "clsx";
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { IconButton } from "#web/ui/button.tsx";
import { onPassedEscape } from "#web/ui/escape.ts";
import { useFocusReturn } from "#web/ui/focus-return.ts";

export type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** What the act does, in one or two lines. */
  description?: ReactNode;
  /** Buttons at the bottom: the act last, at the right. */
  actions?: ReactNode;
  width?: "sm" | "md" | "xl";
  children?: ReactNode;
};

const WIDTHS = { sm: "max-w-sm", md: "max-w-md", xl: "max-w-xl" };

/** One question or one short form over the page. On a phone it rises from the bottom edge. */
export function Dialog({ open, onOpenChange, title, description, actions, width = "md", children }: DialogProps) {
  const focus = useFocusReturn();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-veil" />
        <div className="pointer-events-none fixed inset-0 z-40 flex items-end justify-center sm:items-center sm:p-8">
          <Radix.Content
            {...(description ? {} : { "aria-describedby": undefined })}
            {...focus}
            onKeyDown={onPassedEscape(() => onOpenChange(false))}
            className={clsx(
              "pointer-events-auto flex outline-none max-h-[90dvh] w-full animate-rise flex-col rounded-t-lg bg-raised shadow-float sm:rounded-lg",
              WIDTHS[width],
              "max-sm:max-w-none",
            )}
          >
            <Head title={title} description={description} />
            {children ? (
              <div className="scroll-quiet relative min-h-0 overflow-y-auto px-4 pb-4">{children}</div>
            ) : null}
            {actions ? <Foot>{actions}</Foot> : null}
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}

export type SheetProps = Omit<DialogProps, "width"> & {
  /** `right`: a record beside its list. `left`: the rail on a phone. */
  side?: "right" | "left";
  /** A panel leaves the list beside it alive; a sheet for a form does not. */
  modal?: boolean;
};

/** A panel along one edge: the record of a chosen row, or a longer form. */
export function Sheet({ side = "right", modal = true, title, description, actions, children, ...rest }: SheetProps) {
  const focus = useFocusReturn();
  return (
    <Radix.Root {...rest} modal={modal}>
      <Radix.Portal>
        {modal ? <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-veil" /> : null}
        <Radix.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          {...focus}
          onKeyDown={onPassedEscape(() => rest.onOpenChange(false))}
          onInteractOutside={modal ? undefined : (event) => event.preventDefault()}
          className={clsx(
            "fixed inset-y-0 z-40 flex w-full flex-col bg-raised shadow-float outline-none",
            side === "right" ? "right-0 max-w-md animate-slide-in" : "left-0 max-w-70 animate-slide-from-left",
          )}
        >
          <Head title={title} description={description} />
          <div className="scroll-quiet relative min-h-0 grow overflow-y-auto px-4 pb-4">{children}</div>
          {actions ? <Foot>{actions}</Foot> : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Head({ title, description }: { title: string; description?: ReactNode }) {
  return (
    <div className="flex items-start gap-2 py-3 pr-2 pl-4">
      <div className="grid min-w-0 grow gap-1 py-1">
        <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
        {description ? (
          <Radix.Description className="max-w-prose text-base text-ink-muted">{description}</Radix.Description>
        ) : null}
      </div>
      <Radix.Close asChild>
        <IconButton icon={X} label="Close" quiet />
      </Radix.Close>
    </div>
  );
}

function Foot({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center justify-end gap-2 border-t px-4 py-3">{children}</div>;
}
