import { useSyncExternalStore } from "react";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

// The same two names stand in public/theme-boot.js, which runs before the first paint.
const STORED = "throughline.theme";
const darkSystem = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

function read(): Theme {
  try {
    const stored = localStorage.getItem(STORED);
    return THEMES.find((theme) => theme === stored) ?? "system";
  } catch {
    // Storage can be forbidden; the system's own choice then stands.
    return "system";
  }
}

let chosen = read();

function apply() {
  const dark = chosen === "dark" || (chosen === "system" && darkSystem.matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  const ground = getComputedStyle(document.documentElement).getPropertyValue("--sunken");
  document.querySelector("meta[name=theme-color]")?.setAttribute("content", ground);
}

/** Remembers and shows the choice. */
export function setTheme(theme: Theme): void {
  chosen = theme;
  try {
    localStorage.setItem(STORED, theme);
  } catch {
    // Storage forbidden: the choice lasts as long as the page.
  }
  apply();
  for (const listener of listeners) listener();
}

/** Follows the system while it decides. Called once at the start. */
export function startTheme(): void {
  apply();
  darkSystem.addEventListener("change", apply);
}

/** What the person chose, not what is shown. */
export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => chosen,
  );
}
