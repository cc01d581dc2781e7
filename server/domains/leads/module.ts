import type { Module } from "#platform/module.ts";
import { runImports } from "./commands/run-imports.ts";
import { registerLeadJobs } from "./handlers.ts";
import { leadsRouter } from "./routes.ts";

export const leadsModule: Module = {
  name: "leads",
  router: leadsRouter,
  register: registerLeadJobs,
  loops: [{ name: "leads.run-imports", everyMs: 1_000, turn: runImports }],
};
