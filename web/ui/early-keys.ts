/*
 * A dialog whose code is on its way has no field yet, but whoever opened it types on. Those keys are held and put into its first field as soon as
 * it has one; until then they must not reach the page behind, where single letters are commands.
 */

type Early = string | { press: "Tab" | "Escape" };

const FIELDS = "input, textarea, [contenteditable=true]";

/**
 * Holds what is typed from now on until a field inside a dialog takes the focus, then types it there: letters, what was taken back, Tab to the
 * next field, Escape. Pressing anything with the pointer ends it. Returns the way to give up.
 */
export function holdKeys(): () => void {
  let held: Early[] = [];

  const press = (event: KeyboardEvent) => {
    if (event.isComposing || isCommand(event)) return;
    const next = afterKey(held, event.key);
    if (!next) return;
    held = next;
    event.preventDefault();
    event.stopPropagation();
  };
  const arrive = ({ target }: FocusEvent) => {
    const dialog = target instanceof HTMLElement && target.closest<HTMLElement>("[role=dialog], [role=alertdialog]");
    if (!dialog) return;
    end();
    // After the focus has been dealt with by all who listen to it.
    queueMicrotask(() => typeInto(dialog, held));
  };
  const end = () => {
    document.removeEventListener("keydown", press, true);
    document.removeEventListener("focusin", arrive, true);
    document.removeEventListener("pointerdown", end, true);
  };
  document.addEventListener("keydown", press, true);
  document.addEventListener("focusin", arrive, true);
  document.addEventListener("pointerdown", end, true);
  return end;
}

/** Types into a field at its caret, as if by hand: whoever listens to the field hears of it. */
export function typeText(field: HTMLElement, text: string): void {
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) {
    field.textContent += text;
  } else {
    const prototype = field instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype;
    const at = field.selectionStart ?? field.value.length;
    const value = field.value.slice(0, at) + text + field.value.slice(field.selectionEnd ?? at);
    // The prototype's own setter: React overrides the element's, and would not see a change.
    Object.getOwnPropertyDescriptor(prototype, "value")?.set?.call(field, value);
  }
  field.dispatchEvent(new InputEvent("input", { bubbles: true, data: text, inputType: "insertText" }));
}

/** With AltGr letters are typed, with Ctrl, Alt and the command key none. */
const isCommand = (event: KeyboardEvent) =>
  event.metaKey || ((event.ctrlKey || event.altKey) && !event.getModifierState("AltGraph"));

/** What is held after one more key; undefined for a key that is none of ours. */
function afterKey(held: readonly Early[], key: string): Early[] | undefined {
  const last = held.at(-1);
  if (key === "Tab" || key === "Escape") return [...held, { press: key }];
  // Nothing to be sent yet: a press that is held down must not open the same thing again.
  if (key === "Enter") return [...held];
  if (key === "Backspace") return typeof last === "string" ? held.slice(0, -1) : [...held];
  return Array.from(key).length === 1 ? [...held, key] : undefined;
}

function typeInto(dialog: HTMLElement, held: readonly Early[]): void {
  let letters = "";
  const flush = () => {
    const { activeElement } = document;
    if (letters && activeElement instanceof HTMLElement && activeElement.matches(FIELDS))
      typeText(activeElement, letters);
    letters = "";
  };
  for (const one of held) {
    if (typeof one === "string") {
      letters += one;
      continue;
    }
    flush();
    if (one.press === "Tab") focusNext(dialog);
    else document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  }
  flush();
}

function focusNext(dialog: HTMLElement): void {
  const fields = [...dialog.querySelectorAll<HTMLElement>(`${FIELDS}, select, [role=combobox]`)];
  const at = fields.findIndex((field) => field === document.activeElement);
  fields[at + 1]?.focus();
}
