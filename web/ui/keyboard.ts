/** True when a key press belongs to a text field, a menu or an open dialog, so that single-letter shortcuts must rest. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing) return true;
  if (!(event.target instanceof HTMLElement)) return false;
  if (event.target.closest("input, textarea, select, [contenteditable=true], [role=menu], [role=listbox]")) return true;
  // Radix locks the page's scrolling while something modal is open.
  return document.body.hasAttribute("data-scroll-locked");
}

/** True when Enter and Space would press the focused element itself. */
export function isPressable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("a, button, [role=button], [role=tab], summary") !== null;
}
