import type { LinkProps } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";
import { useEffect, useId, useSyncExternalStore } from "react";
import type { Permission } from "#platform/permissions.ts";

/** One line of the palette: something to do, or somewhere to go. */
export type Command = {
  /** Unique among what is shown at one time. */
  id: string;
  label: string;
  hint?: string;
  icon?: LucideIcon;
  /** Further words by which people look for it. */
  keywords?: readonly string[];
  keys?: readonly string[];
  run: () => void;
};

/** A record that was found, and its page. */
export type Found = { id: string; label: string; hint?: string; link: Pick<LinkProps, "to" | "params"> };

/** Finds records while someone types in the palette: the leads of the workspace, its sequences. */
export type Finder = {
  heading: string;
  icon: LucideIcon;
  /** Who lacks it finds nothing of the kind, and the server is not asked. */
  permission: Permission;
  /** A handful, best first. */
  find: (text: string, signal: AbortSignal) => Promise<readonly Found[]>;
};

let pages: ReadonlyMap<string, readonly Command[]> = new Map();
const finderModules = new Set<() => Promise<{ finders: readonly Finder[] }>>();
const listeners = new Set<() => void>();

function changed() {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Offers acts of the page in the palette for as long as the page stands. */
export function useCommands(commands: readonly Command[]): void {
  const owner = useId();
  useEffect(() => {
    pages = new Map(pages).set(owner, commands);
    changed();
    return () => {
      const rest = new Map(pages);
      rest.delete(owner);
      pages = rest;
      changed();
    };
  }, [owner, commands]);
}

/** Adds a domain's searches of records to the palette, once, where the domain's routes are made; they are loaded when somebody searches. */
export function addFinders(load: () => Promise<{ finders: readonly Finder[] }>): void {
  finderModules.add(load);
}

/** What the pages on the screen offer now. */
export function usePageCommands(): readonly Command[] {
  return [...useSyncExternalStore(subscribe, () => pages).values()].flat();
}

/** The searches of records that the domains have added. */
export async function loadFinders(): Promise<readonly Finder[]> {
  const modules = await Promise.all([...finderModules].map((load) => load()));
  return modules.flatMap(({ finders }) => finders);
}
