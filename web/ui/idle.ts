/** By when a page that never rests is asked all the same. */
const REST_MS = 2_000;

/** Does something that nobody waits for, once the browser has nothing better to do. */
export function whenIdle(act: () => void): void {
  // Safari has no idle callbacks.
  if ("requestIdleCallback" in globalThis) requestIdleCallback(act, { timeout: REST_MS });
  else setTimeout(act, REST_MS);
}
