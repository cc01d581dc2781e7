import { useRef } from "react";

/**
 * Where the focus goes when something opens over the page, and where it goes back to when that closes: to whatever opened it, for the
 * line of a menu to the menu's button. Props for the content of a dialog, which has no trigger of its own.
 */
export function useFocusReturn() {
  const openers = useRef<readonly HTMLElement[]>([]);
  return {
    onOpenAutoFocus: (event: Event) => {
      event.preventDefault();
      if (!(event.currentTarget instanceof HTMLElement)) return;
      openers.current = openersOf(document.activeElement);
      dialogs.set(event.currentTarget, openers.current);
      focusFirstField(event.currentTarget);
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      // Whoever has gone on to something else stays there.
      if (document.activeElement && document.activeElement !== document.body) return;
      const opener = openers.current.find((element) => element.isConnected) ?? document.querySelector("main");
      opener?.focus();
    },
  };
}

/** What opened the dialogs that are open: one may follow from another, and be gone before it. */
const dialogs = new WeakMap<Element, readonly HTMLElement[]>();

function openersOf(focused: Element | null): readonly HTMLElement[] {
  if (!(focused instanceof HTMLElement) || focused === document.body) return [];
  const menu = focused.closest("[role=menu]");
  const button = menu && document.getElementById(menu.getAttribute("aria-labelledby") ?? "");
  const dialog = focused.closest("[role=dialog]");
  return [button ?? focused, ...((dialog && dialogs.get(dialog)) ?? [])];
}

// Not the cross, which stands first: a form begins at its first field, a text at its beginning.
function focusFirstField(content: HTMLElement) {
  const field = content.querySelector("input, textarea, select, [role=combobox]");
  (field instanceof HTMLElement ? field : content).focus();
}
