import { useRef, type FocusEvent } from "react";

type Place = { element: HTMLInputElement | HTMLTextAreaElement; name: string };

/** The closing of a floating box gives the focus back to its button first. */
const AFTER_CLOSING_MS = 50;

/**
 * Remembers which of the named fields was written in last, and puts text where its cursor stands. `set` changes the form's
 * value; without a field written in, `otherwise` takes the text at its end.
 */
export function useInsert(names: readonly string[], set: (name: string, value: string) => void) {
  const last = useRef<Place>(undefined);
  const onFocus = ({ target }: FocusEvent) => {
    const isText = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
    if (isText && names.includes(target.name)) last.current = { element: target, name: target.name };
  };
  const insert = (text: string, within: HTMLElement | null, otherwise: string) => {
    const fallback = within?.querySelector(`[name="${otherwise}"]`);
    const place =
      last.current && last.current.element.isConnected
        ? last.current
        : fallback instanceof HTMLTextAreaElement
          ? { element: fallback, name: otherwise }
          : undefined;
    if (!place) return;
    const { element, name } = place;
    const { value } = element;
    const isFallback = place !== last.current;
    const start = isFallback ? value.length : (element.selectionStart ?? value.length);
    const end = isFallback ? value.length : (element.selectionEnd ?? start);
    set(name, value.slice(0, start) + text + value.slice(end));
    setTimeout(() => {
      element.focus();
      element.setSelectionRange(start + text.length, start + text.length);
    }, AFTER_CLOSING_MS);
  };
  return { onFocus, insert };
}
