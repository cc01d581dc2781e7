const IS_MAC = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Keys as people know them: `["mod", "k"]` shows ⌘K on a Mac and Ctrl K elsewhere. */
export function Kbd({ keys }: { keys: readonly string[] }) {
  return (
    <kbd className="inline-flex items-center gap-1 font-sans text-xs text-ink-subtle">
      {keys.map((key) => (
        <span key={key} className="min-w-4 rounded-md border border-line bg-sunken px-1 text-center leading-4">
          {keyName(key)}
        </span>
      ))}
    </kbd>
  );
}

function keyName(key: string): string {
  if (key === "mod") return IS_MAC ? "⌘" : "Ctrl";
  if (key === "shift") return IS_MAC ? "⇧" : "Shift";
  if (key === "enter") return "↵";
  return key.length === 1 ? key.toUpperCase() : key;
}
