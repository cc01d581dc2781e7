import { clsx } from "clsx";
import { Search, X } from "lucide-react";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { Kbd } from "#web/ui/kbd.tsx";
import { isTyping } from "#web/ui/keyboard.ts";

/** Long enough that typing a word asks once, short enough to feel immediate. */
const PAUSE_MS = 200;

export type SearchBoxProps = {
  label: string;
  placeholder?: string;
  /** Kept in the URL by the page. */
  value: string;
  /** Called when the typing pauses, or at once on Enter. */
  onChange: (value: string) => void;
  className?: string;
};

/** Finds within a list. The key `/` jumps into it, Escape leaves it. */
export function SearchBox({ label, placeholder = "Search", value, onChange, className }: SearchBoxProps) {
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(value);

  useEffect(() => {
    // The value changed from outside (back button, "clear filters"); while someone types, their words win.
    if (document.activeElement !== input.current) setTyped(value);
  }, [value]);

  const send = useEffectEvent((text: string) => {
    if (text !== value) onChange(text);
  });
  useEffect(() => {
    const timer = setTimeout(() => send(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);

  useEffect(() => {
    const jump = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.metaKey || event.ctrlKey || event.altKey || isTyping(event)) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    document.addEventListener("keydown", jump);
    return () => document.removeEventListener("keydown", jump);
  }, []);

  return (
    <div role="search" className={clsx("relative flex w-60 max-w-full items-center max-sm:w-full", className)}>
      <Search className="icon pointer-events-none absolute left-2 text-ink-subtle" aria-hidden />
      <input
        ref={input}
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && typed.trim() !== value) onChange(typed.trim());
          if (event.key === "Escape") input.current?.blur();
        }}
        className={clsx(
          "control",
          "peer h-7 pr-7 pl-8 text-sm pointer-coarse:h-11 [&::-webkit-search-cancel-button]:hidden",
        )}
      />
      {typed ? (
        <button
          type="button"
          aria-label="Clear search"
          onClick={() => {
            setTyped("");
            if (value) onChange("");
            input.current?.focus();
          }}
          className="absolute right-1 flex size-5 items-center justify-center rounded-md text-ink-subtle hover:bg-hover"
        >
          <X className="icon size-3" aria-hidden />
        </button>
      ) : (
        <span className="pointer-events-none absolute right-1 peer-focus:hidden pointer-coarse:hidden" aria-hidden>
          <Kbd keys={["/"]} />
        </span>
      )}
    </div>
  );
}
