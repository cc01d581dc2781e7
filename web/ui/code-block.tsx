import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { IconButton } from "#web/ui/button.tsx";

/** Copies a text and says so for a moment. Where the browser forbids the clipboard, it says that instead. */
export function CopyButton({ text, label = "Copy" }: { text: string; label?: string }) {
  const [outcome, setOutcome] = useState<"copied" | "refused">();
  const copy = async () => {
    // Without https the clipboard does not exist.
    const done = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    setOutcome(done ? "copied" : "refused");
    setTimeout(() => setOutcome(undefined), 2000);
  };
  const words =
    outcome === "copied" ? "Copied" : outcome === "refused" ? "Select the text and copy it yourself" : label;
  return (
    <>
      <IconButton size="sm" icon={outcome === "copied" ? Check : Copy} label={words} onClick={() => void copy()} />
      <span role="status" className="sr-only">
        {outcome ? words : ""}
      </span>
    </>
  );
}

export type CodeBlockProps = {
  /** What it is: "DNS record", "Request body". */
  label: string;
  children: string;
  /** Break long lines instead of scrolling sideways. */
  wrap?: boolean;
};

/** Text for machines, with a button that copies it. */
export function CodeBlock({ label, children, wrap }: CodeBlockProps) {
  return (
    <figure className="min-w-0 overflow-hidden rounded-lg border bg-sunken">
      <figcaption className="flex h-8 items-center justify-between border-b pr-1 pl-3 text-xs font-medium text-ink-muted">
        {label}
        <CopyButton text={children} label={`Copy ${label}`} />
      </figcaption>
      <pre
        // A region that scrolls must be reachable by keyboard.
        tabIndex={0}
        role="region"
        aria-label={label}
        className={
          wrap
            ? "p-3 font-mono text-xs leading-5 break-words whitespace-pre-wrap"
            : "scroll-quiet overflow-x-auto p-3 font-mono text-xs leading-5"
        }
      >
        <code>{children}</code>
      </pre>
    </figure>
  );
}
