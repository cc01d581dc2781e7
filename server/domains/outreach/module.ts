import type { Module } from "#platform/module.ts";
import { dispatchLoop } from "./engine/dispatch.ts";
import { registerOutreach } from "./handlers.ts";
import { enrollmentRoutes } from "./routes/enrollments.ts";

export const outreachModule: Module = {
  name: "outreach",
  router: { enrollments: enrollmentRoutes },
  loops: [dispatchLoop],
  register: registerOutreach,
};
