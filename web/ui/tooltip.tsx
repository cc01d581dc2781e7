import { Tooltip as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { passOnEscape } from "#web/ui/escape.ts";
import { Kbd } from "#web/ui/kbd.tsx";

export type TooltipProps = {
  content: ReactNode;
  /** Keys that do the same, shown after the words. */
  keys?: readonly string[];
  side?: "top" | "right" | "bottom" | "left";
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** One element that can take focus and pointer events. */
  children: ReactNode;
};

/** A short explanation on hover and focus. Never the only place where something is said. */
export function Tooltip({ content, keys, side = "top", open, onOpenChange, children }: TooltipProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={4}
          collisionPadding={8}
          onEscapeKeyDown={passOnEscape}
          className="z-50 flex max-w-sm animate-fade items-center gap-2 rounded-md bg-raised px-2 py-1 text-xs text-ink shadow-float"
        >
          {content}
          {keys ? <Kbd keys={keys} /> : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Once around the application: the second tooltip in a row opens without waiting. */
export function TooltipProvider({ children }: { children: ReactNode }) {
  return (
    <Radix.Provider delayDuration={400} skipDelayDuration={200}>
      {children}
    </Radix.Provider>
  );
}
