import type { Module } from "#platform/module.ts";
import { dispatchLoop } from "./engine/dispatch.ts";
import { registerOutreach } from "./handlers.ts";
import { campaignRoutes } from "./routes/campaigns.ts";
import { enrollmentRoutes } from "./routes/enrollments.ts";
import { scriptRoutes } from "./routes/scripts.ts";
import { sequenceRoutes } from "./routes/sequences.ts";

export const outreachModule: Module = {
  name: "outreach",
  router: {
    campaigns: campaignRoutes,
    scripts: scriptRoutes,
    sequences: sequenceRoutes,
    enrollments: enrollmentRoutes,
  },
  loops: [dispatchLoop],
  register: registerOutreach,
};
