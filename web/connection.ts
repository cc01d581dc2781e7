import { useSyncExternalStore } from "react";

/** How often an unreachable server is asked whether it is back. */
const ASK_AGAIN_MS = 5_000;

let reachable = true;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<(reachable: boolean) => void>();

/**
 * What the last request found out. The browser's own "online" flag is no use here: a laptop without internet still
 * reaches a server on itself, and one with internet may not.
 */
export function reportReachable(now: boolean): void {
  if (now === reachable) return;
  reachable = now;
  if (now) {
    clearInterval(timer);
    timer = undefined;
  } else {
    timer ??= setInterval(() => void askServer(), ASK_AGAIN_MS);
  }
  for (const listener of listeners) listener(now);
}

/** Calls back whenever the server is lost or found again. */
export function onReachable(listener: (reachable: boolean) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether the last request got an answer. */
export function useReachable(): boolean {
  return useSyncExternalStore(onReachable, () => reachable);
}

/** Asks the server for a sign of life and reports what came of it. */
export async function askServer(): Promise<void> {
  const answered = await fetch("/health/live", { cache: "no-store" }).then(
    () => true,
    () => false,
  );
  reportReachable(answered);
}
