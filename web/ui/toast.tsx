import { lazy, Suspense, useSyncExternalStore } from "react";
import type { toast as Sonner } from "sonner";
import { problemOf } from "#web/problem.ts";

/** How long an act can be taken back. */
export const UNDO_MS = 10_000;

// Most pages never show a message: the library comes with the first one, which waits until its place stands.
const Place = lazy(() => import("#web/ui/toaster.tsx").then((module) => ({ default: module.Place })));
const placed = Promise.withResolvers<typeof Sonner>();
const listeners = new Set<() => void>();
let wanted = false;

function show(message: (sonner: typeof Sonner) => void) {
  wanted = true;
  for (const listener of listeners) listener();
  void placed.promise.then(message);
}

/** Short messages about what is not visible on the page. What is visible needs none. */
export const toast = {
  /** Something was done out of sight. */
  done(title: string, detail?: string) {
    show((sonner) => sonner.success(title, { description: detail }));
  },
  /** Something was done and can be taken back for ten seconds. */
  undo(title: string, onUndo: () => void) {
    const action = { label: "Undo", onClick: onUndo };
    show((sonner) => sonner(title, { duration: UNDO_MS, action }));
  },
  /** Something failed that belongs to no field and no region of the page. */
  problem(error: unknown) {
    const problem = problemOf(error);
    const id = problem.request_id ? `Request ${problem.request_id}` : undefined;
    const description = [problem.detail, id].filter(Boolean).join(" ") || undefined;
    show((sonner) => sonner.error(problem.title, { description, duration: UNDO_MS }));
  },
};

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where the messages appear; stands once in the application. */
export function Toaster() {
  const isWanted = useSyncExternalStore(subscribe, () => wanted);
  return <Suspense>{isWanted ? <Place onPlaced={placed.resolve} /> : null}</Suspense>;
}
