import type { Module } from "#platform/module.ts";
import { registerMessagingJobs } from "./handlers.ts";
import { messagingLoops } from "./loops.ts";
import { messagingRouter } from "./routes.ts";
import { trackingPages } from "./tracking/pages.ts";
import { takesUpNos, unsubscribePages } from "./unsubscribe.ts";
import { messagingWebhooks, takesUpWebhooks } from "./webhooks.ts";

export const messagingModule: Module = {
  name: "messaging",
  router: messagingRouter,
  loops: messagingLoops,
  register: registerMessagingJobs,
  takesUp: (runtime) => {
    takesUpWebhooks(runtime);
    takesUpNos(runtime);
  },
  http: (server, runtime) => {
    messagingWebhooks(server, runtime);
    unsubscribePages(server, runtime);
    trackingPages(server, runtime);
  },
};
