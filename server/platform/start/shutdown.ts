import { elapsed } from "../clock.ts";

/** Ctrl-C under npm arrives twice: from the terminal, and again from npm, which passes it on. */
const ECHO_MS = 1_000;
const PARENT_EVERY_MS = 500;
/** Shorter than what orchestrators wait before they kill (30 s in Kubernetes): the database must still be stopped in that time. */
const LIMIT_MS = 25_000;

type Step = { what: string; stop: () => Promise<void> };

export type Shutdown = {
  /** What has been started and must be stopped; the last started goes first. */
  push(what: string, stop: () => Promise<void>): void;
  run(exitCode: number): Promise<void>;
  /**
   * npm runs a script through a shell and, told to end, ends that shell alone: the server would live on, unseen. So it looks whether its
   * parent is still there.
   */
  followParent(): void;
};

/** SIGINT and SIGTERM finish what is under way; a second one does not wait. */
export function createShutdown(say: (text: string) => void): Shutdown {
  const steps: Step[] = [];
  let running: Promise<void> | undefined;

  async function stopAll(exitCode: number): Promise<void> {
    let code = exitCode;
    setTimeout(() => {
      process.stderr.write("What is under way does not finish; stopping without it.\n");
      process.exit(1);
    }, LIMIT_MS).unref();
    for (let step = steps.pop(); step; step = steps.pop()) {
      try {
        await step.stop();
      } catch (error) {
        code = 1;
        process.stderr.write(
          `Stopping ${step.what} failed: ${error instanceof Error ? error.message : String(error)}\n`,
        );
      }
    }
    process.exit(code);
  }

  const shutdown: Shutdown = {
    push: (what, stop) => void steps.push({ what, stop }),
    run: (exitCode) => (running ??= stopAll(exitCode)),
    followParent: () => {
      const parent = process.ppid;
      setInterval(() => {
        if (process.ppid !== parent) void shutdown.run(0);
      }, PARENT_EVERY_MS).unref();
    },
  };
  let firstAt = 0;
  const onSignal = () => {
    if (running) {
      if (elapsed() - firstAt < ECHO_MS) return;
      say("Stopping at once.");
      process.exit(1);
    }
    say("Stopping: finishing what is under way. Press Ctrl-C again not to wait.");
    firstAt = elapsed();
    void shutdown.run(0);
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return shutdown;
}
