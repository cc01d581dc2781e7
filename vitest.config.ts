import { defineConfig } from "vitest/config";

const TESTS = "{server,web,test,simulator,bench,scripts}/**/*.test.{ts,tsx}";
/** Rules about the source itself: they need no database and belong to `npm run check`. */
const RULES = ["test/architecture.test.ts", "test/repository.test.ts"];

const withDatabase = { globalSetup: ["test/global-setup.ts"], testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    projects: [
      { test: { name: "rules", include: RULES } },
      { test: { name: "server", include: [TESTS], exclude: [...RULES, "**/node_modules/**"], ...withDatabase } },
      // One browser at a time: it needs the machine for itself.
      {
        test: {
          name: "browser",
          include: ["test/browser/**/*.spec.ts"],
          ...withDatabase,
          globalSetup: ["test/browser/global-setup.ts", "test/global-setup.ts"],
          testTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
