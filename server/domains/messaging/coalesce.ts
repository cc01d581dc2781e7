/**
 * Runs `work` for a key once at a time. Whoever asks while it runs shares one further run, which begins when that one has ended: so each
 * caller's promise stands for a run that began after the call. A run that fails fails those who share it, and nobody else.
 */
export function coalesce(work: (key: string) => Promise<void>): (key: string) => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const waiting = new Map<string, Promise<void>>();

  function start(key: string): Promise<void> {
    const run = work(key).finally(() => {
      if (running.get(key) === run) running.delete(key);
    });
    running.set(key, run);
    return run;
  }

  return (key) => {
    const current = running.get(key);
    if (!current) return start(key);
    const shared = waiting.get(key);
    if (shared) return shared;
    const startNext = () => {
      waiting.delete(key);
      return start(key);
    };
    const next = current.then(startNext, startNext);
    waiting.set(key, next);
    return next;
  };
}
