import { defineConfig } from "vitest/config";

const shared = {
  environment: "node" as const,
  globalSetup: ["test/global-setup.ts"],
  testTimeout: 30_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: "server",
          include: ["{server,web,test,simulator,bench,scripts}/**/*.test.{ts,tsx}"],
        },
      },
      {
        test: {
          ...shared,
          name: "browser",
          include: ["test/browser/**/*.spec.ts"],
          testTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
