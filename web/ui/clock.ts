import { useSyncExternalStore } from "react";

/** Relative times are shown to the minute, so that half a minute is the coarsest tick that never looks wrong. */
const TICK_MS = 30_000;

let current = new Date();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function tick() {
  current = new Date();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(tick, TICK_MS);
  // The first reader after a quiet time would else start from an old instant.
  if (listeners.size === 1) tick();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The present instant. The only place in the browser's code that reads the clock. */
export function readClock(): Date {
  return new Date();
}

/** The present instant, renewed every 30 seconds by one timer that all readers share. */
export function useNow(): Date {
  return useSyncExternalStore(subscribe, () => current);
}
