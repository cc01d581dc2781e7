import { clsx } from "clsx";
import { Menu, Search } from "lucide-react";
import { useEffect, useState, type ReactNode } from "react";
import { CollisionPlace } from "#web/shell/collision-place.tsx";
import { OfflineBanner } from "#web/shell/offline-banner.tsx";
import { loadPalette, PaletteFrame } from "#web/shell/palette-frame.tsx";
import { Rail } from "#web/shell/rail.tsx";
import { useViewer } from "#web/shell/viewer.tsx";
import { IconButton } from "#web/ui/button.tsx";
import { Sheet } from "#web/ui/dialog.tsx";
import { whenIdle } from "#web/ui/idle.ts";

// Whoever opens the palette is told when it cannot be fetched.
const fetchPalette = () => void loadPalette().catch(() => undefined);

const COLLAPSED = "throughline.rail";

/** The frame around every page of someone who has signed in: rail, palette, banner; the page scrolls by itself. */
export function AppFrame({ children }: { children: ReactNode }) {
  const [collapsed, setCollapsed] = useStoredFlag(COLLAPSED);
  const [palette, setPalette] = useState(false);
  const [sheet, setSheet] = useState(false);
  const { workspace } = useViewer();

  useEffect(() => whenIdle(fetchPalette), []);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey) || event.shiftKey || event.altKey)
        return;
      event.preventDefault();
      // Held down, it would open and close.
      if (!event.repeat) setPalette((open) => !open);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);

  const search = () => {
    setSheet(false);
    setPalette(true);
  };
  return (
    <div className="flex h-dvh flex-col bg-sunken md:flex-row">
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <header className="flex h-12 shrink-0 items-center gap-2 border-b px-2 md:hidden">
        <IconButton icon={Menu} label="Menu" onClick={() => setSheet(true)} />
        <span className="grow truncate text-base font-semibold">{workspace.name}</span>
        <IconButton icon={Search} label="Search and commands" onClick={search} />
      </header>
      <section
        aria-label="Workspace"
        onPointerEnter={fetchPalette}
        className={clsx("hidden shrink-0 transition-[width] duration-150 md:block", collapsed ? "w-13" : "w-55")}
      >
        <Rail collapsed={collapsed} onCollapse={setCollapsed} onSearch={search} />
      </section>
      <Sheet open={sheet} onOpenChange={setSheet} side="left" title="Menu">
        <div className="-mx-4 -mt-2 h-full">
          <Rail collapsed={false} onSearch={search} onGo={() => setSheet(false)} />
        </div>
      </Sheet>
      <div className="flex min-h-0 min-w-0 grow flex-col bg-canvas md:my-2 md:mr-2 md:overflow-hidden md:rounded-lg md:border">
        <OfflineBanner />
        <main id="content" tabIndex={-1} className="flex min-h-0 grow flex-col outline-none">
          {children}
        </main>
      </div>
      <CollisionPlace />
      {palette ? <PaletteFrame onClose={() => setPalette(false)} /> : null}
    </div>
  );
}

function useStoredFlag(key: string) {
  const [flag, setFlag] = useState(() => {
    try {
      return localStorage.getItem(key) === "1";
    } catch {
      // Storage can be forbidden: the rail is wide then.
      return false;
    }
  });
  const store = (next: boolean) => {
    setFlag(next);
    try {
      localStorage.setItem(key, next ? "1" : "0");
    } catch {
      // Lasts as long as the page.
    }
  };
  return [flag, store] as const;
}
