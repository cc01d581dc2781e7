import { Search } from "lucide-react";
import { Dialog } from "radix-ui";
import { useCallback, useEffect, useRef, useState, type ComponentType, type ReactNode } from "react";
import { problemOf } from "#web/problem.ts";
import { Kbd } from "#web/ui/kbd.tsx";

/** The longest text that the lists search for. */
export const MOST_LETTERS = 200;

export const PALETTE_PLACEHOLDER = "Search or do something…";
export const PALETTE_INPUT = "h-12 min-w-0 grow bg-transparent text-lg outline-none";

/** What was typed, and where the caret stands, before the palette itself was there. */
export type Typed = { text: string; from: number; to: number };

export type PaletteProps = { typed: Typed; onDone: () => void };

let Palette: ComponentType<PaletteProps> | undefined;

/** Fetches what finds and offers commands, once. */
export async function loadPalette(): Promise<void> {
  Palette ??= (await import("#web/shell/command-palette.tsx")).Palette;
}

/** The palette's window. Its field stands the moment it opens, so that no key is lost; what finds and offers commands follows. */
export function PaletteFrame({ onClose }: { onClose: () => void }) {
  return (
    <Dialog.Root open onOpenChange={onClose}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 animate-fade bg-veil" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-x-2 top-[12dvh] z-50 mx-auto max-w-lg animate-rise overflow-hidden rounded-lg bg-raised shadow-float"
        >
          <Dialog.Title className="sr-only">Search and commands</Dialog.Title>
          <PaletteBody onDone={onClose} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const NOTHING: Typed = { text: "", from: 0, to: 0 };

function PaletteBody({ onDone }: { onDone: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  // Letters that are being put together by an input method would be lost with the field.
  const isComposing = useRef(false);
  const [text, setText] = useState("");
  const [typed, setTyped] = useState<Typed | undefined>(Palette && NOTHING);
  const [failure, setFailure] = useState<string>();

  const handOver = useCallback(() => {
    const input = field.current;
    if (!Palette || !input || isComposing.current) return;
    const end = input.value.length;
    setTyped({ text: input.value, from: input.selectionStart ?? end, to: input.selectionEnd ?? end });
  }, []);
  useEffect(() => {
    if (Palette) return undefined;
    let isOpen = true;
    void loadPalette().then(
      () => isOpen && handOver(),
      (error: unknown) => isOpen && setFailure(problemOf(error).title),
    );
    return () => {
      isOpen = false;
    };
  }, [handOver]);

  if (Palette && typed) return <Palette typed={typed} onDone={onDone} />;
  return (
    <>
      <PaletteHead>
        <input
          ref={field}
          autoFocus
          aria-label="Search and commands"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onCompositionStart={() => (isComposing.current = true)}
          onCompositionEnd={() => {
            isComposing.current = false;
            handOver();
          }}
          maxLength={MOST_LETTERS}
          placeholder={PALETTE_PLACEHOLDER}
          className={PALETTE_INPUT}
        />
      </PaletteHead>
      <p role={failure ? "alert" : "status"} className="px-3 py-9 text-center text-sm text-ink-subtle">
        {failure ?? "Loading…"}
      </p>
    </>
  );
}

/** The line of the field. */
export function PaletteHead({ children }: { children: ReactNode }) {
  return (
    <div className="flex items-center gap-2 border-b px-3">
      <Search className="icon text-ink-subtle" aria-hidden />
      {children}
      <Kbd keys={["Esc"]} />
    </div>
  );
}
