import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/longest-first.ts";

const TESTS = "{server,web,test,simulator,bench,scripts}/**/*.test.{ts,tsx}";
/** Rules about the source itself: they need no database and belong to `npm run check`. */
const RULES = ["test/architecture.test.ts", "test/repository.test.ts"];

/**
 * A test gets a second attempt: these wait for real processes, sockets and a browser. `npm test` names each that needed it, so that none hides.
 */
const withDatabase = {
  retry: 1,
  globalSetup: ["test/global-setup.ts"],
  setupFiles: ["test/after-file.ts"],
  testTimeout: 60_000,
  hookTimeout: 90_000,
};

/** `--sequence.shuffle.files` asks for any order of files; a sequencer of ours would stand over it, and the order be the same each time. */
const isShuffled = process.argv.some((word) => word.startsWith("--sequence.shuffle"));

export default defineConfig({
  test: {
    // Tests wait for databases, processes and browsers about half of their time: one worker more than there are processors keeps these busy.
    maxWorkers: availableParallelism() + 1,
    sequence: isShuffled ? {} : { sequencer: LongestFirst },
    projects: [
      { test: { name: "rules", include: RULES } },
      {
        test: {
          name: "server",
          include: [TESTS],
          exclude: [...RULES, "**/node_modules/**"],
          ...withDatabase,
          // To load the server again for each of 200 files took a quarter of the time. Databases and worlds stay a file's own.
          isolate: false,
        },
      },
      {
        test: {
          name: "browser",
          include: ["test/browser/**/*.spec.ts"],
          ...withDatabase,
          globalSetup: ["test/browser/global-setup.ts", "test/global-setup.ts"],
          testTimeout: 120_000,
        },
      },
    ],
  },
});
