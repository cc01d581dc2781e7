import type { Module } from "#platform/module.ts";
import { dispatchLoop } from "./engine/dispatch.ts";
import { registerOutreach } from "./handlers.ts";
import { campaignRoutes } from "./routes/campaigns.ts";
import { enrollmentRoutes } from "./routes/enrollments.ts";
import { overviewRoutes } from "./routes/overview.ts";
import { scriptRoutes } from "./routes/scripts.ts";
import { sequenceRoutes } from "./routes/sequences.ts";

export const outreachModule: Module = {
  name: "outreach",
  router: {
    campaigns: campaignRoutes,
    scripts: scriptRoutes,
    sequences: sequenceRoutes,
    enrollments: enrollmentRoutes,
    overview: overviewRoutes,
  },
  loops: [dispatchLoop],
  register: registerOutreach,
};
