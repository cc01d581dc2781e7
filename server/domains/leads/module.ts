import type { Module } from "#platform/module.ts";
import { forgetMerges } from "./commands/forget-merges.ts";
import { runImports } from "./commands/run-imports.ts";
import { registerLeadJobs } from "./handlers.ts";
import { leadsRouter } from "./routes.ts";

export const leadsModule: Module = {
  name: "leads",
  router: leadsRouter,
  register: registerLeadJobs,
  loops: [
    { name: "leads.run-imports", everyMs: 1_000, turn: runImports },
    { name: "leads.forget-merges", everyMs: 3_600_000, turn: forgetMerges },
  ],
};
