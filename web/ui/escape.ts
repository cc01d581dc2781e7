import type { KeyboardEvent as ReactKeyboardEvent } from "react";

/*
 * Escape closes the uppermost thing that floats, and a tooltip counts as one. Nobody means the tooltip: whoever presses Escape on a greyed button
 * of a dialog wants to leave the dialog, and gets there with one press.
 */
const passedOn = new WeakSet<Event>();

/** For a tooltip: it goes, and the key is left to what is around it. */
export const passOnEscape = (event: KeyboardEvent): void => void passedOn.add(event);

export const wasPassedOn = ({ key, nativeEvent }: ReactKeyboardEvent): boolean =>
  key === "Escape" && passedOn.has(nativeEvent);

/** For what is around it: hears an Escape that a tooltip has passed on. */
export const onPassedEscape = (close: () => void) => (event: ReactKeyboardEvent) => {
  if (wasPassedOn(event)) close();
};
