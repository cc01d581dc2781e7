/**
 * Runs `work` for a key once at a time. Who asks while nothing runs waits for the run, and for its failure. Who asks while it runs does not
 * wait: one further run follows for all of them, and its failure goes to `onError`. So a run begins after each call.
 */
export function coalesce(
  work: (key: string) => Promise<void>,
  onError: (error: unknown, key: string) => void,
): (key: string) => Promise<void> {
  /** What runs; true once a further run is asked for. */
  const running = new Map<string, boolean>();

  async function run(key: string): Promise<void> {
    running.set(key, false);
    try {
      await work(key);
    } finally {
      const again = running.get(key) === true;
      running.delete(key);
      if (again) run(key).catch((error: unknown) => onError(error, key));
    }
  }

  return async (key) => {
    if (running.has(key)) running.set(key, true);
    else await run(key);
  };
}
