import { useEffect } from "react";
import { Toaster, toast } from "sonner";

/** The messages themselves, at the lower right; along the lower edge on a phone. */
export function Place({ onPlaced }: { onPlaced: (sonner: typeof toast) => void }) {
  // Runs after the list of messages has begun to listen.
  useEffect(() => onPlaced(toast), [onPlaced]);
  return (
    <Toaster
      position="bottom-right"
      gap={8}
      closeButton
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-full items-start gap-2 rounded-lg bg-raised p-3 pr-8 font-sans text-base text-ink shadow-float sm:w-90",
          content: "grid grow gap-1",
          title: "font-medium",
          description: "text-sm text-ink-muted",
          actionButton:
            "ml-auto h-7 shrink-0 rounded-md border border-line px-2 text-sm font-medium text-accent-ink hover:bg-hover",
          closeButton:
            "absolute top-2 right-2 flex size-6 items-center justify-center rounded-md text-ink-subtle hover:bg-hover [&>svg]:size-3",
          icon: "mt-px flex size-4 items-center [&>svg]:size-4",
          success: "[&_[data-icon]]:text-positive-ink",
          error: "[&_[data-icon]]:text-danger-ink",
        },
      }}
    />
  );
}
