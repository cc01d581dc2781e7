import { X } from "lucide-react";
import { useId, useSyncExternalStore, type ReactNode } from "react";
import { IconButton } from "#web/ui/button.tsx";
import { Sheet } from "#web/ui/dialog.tsx";
import { wasPassedOn } from "#web/ui/escape.ts";

const wide = typeof matchMedia === "undefined" ? undefined : matchMedia("(min-width: 64rem)");

function subscribe(listener: () => void) {
  wide?.addEventListener("change", listener);
  return () => wide?.removeEventListener("change", listener);
}

export type SidePanelProps = {
  title: string;
  onClose: () => void;
  /** At the right of the title: a link to the record's page. */
  actions?: ReactNode;
  children: ReactNode;
};

/** The record of the open row: beside the list where there is room, over it where there is not. */
export function SidePanel({ title, onClose, actions, children }: SidePanelProps) {
  const isWide = useSyncExternalStore(subscribe, () => wide?.matches ?? true);
  const id = useId();
  if (!isWide) {
    return (
      <Sheet open onOpenChange={(open) => (open ? undefined : onClose())} title={title}>
        {actions ? <div className="flex flex-wrap gap-2 pb-4">{actions}</div> : null}
        {children}
      </Sheet>
    );
  }
  return (
    <aside
      aria-labelledby={id}
      className="flex w-96 shrink-0 animate-slide-in flex-col border-t border-l"
      onKeyDown={(event) => {
        if ((event.key === "Escape" && !event.defaultPrevented) || wasPassedOn(event)) onClose();
      }}
    >
      <header className="flex items-center gap-2 py-2 pr-2 pl-4">
        <h2 id={id} className="min-w-0 grow truncate text-base font-semibold">
          {title}
        </h2>
        {actions}
        <IconButton icon={X} label="Close panel" onClick={onClose} />
      </header>
      <div className="scroll-quiet relative min-h-0 grow overflow-y-auto px-4 pb-4">{children}</div>
    </aside>
  );
}
