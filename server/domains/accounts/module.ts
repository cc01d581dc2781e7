import type { Module } from "#platform/module.ts";
import { serveAuth } from "./auth-routes.ts";
import { deleteExpired } from "./queries/sessions.ts";
import { accountsRouter } from "./routes.ts";

const HOUR_MS = 60 * 60 * 1_000;

export const accountsModule: Module = {
  name: "accounts",
  router: accountsRouter,
  http: serveAuth,
  loops: [
    {
      name: "accounts.forget-expired",
      everyMs: HOUR_MS,
      turn: async ({ database }) => {
        await deleteExpired(database.forWorkspace(""));
        return false;
      },
    },
  ],
};
