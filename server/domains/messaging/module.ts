import { keeperOf } from "#platform/kept-requests.ts";
import type { Module } from "#platform/module.ts";
import { registerMessagingJobs } from "./handlers.ts";
import { messagingLoops } from "./loops.ts";
import { messagingRouter } from "./routes.ts";
import { trackingPages } from "./tracking/pages.ts";
import { unsubscribePages } from "./unsubscribe.ts";
import { messagingWebhooks } from "./webhooks.ts";

export const messagingModule: Module = {
  name: "messaging",
  router: messagingRouter,
  loops: messagingLoops,
  register: registerMessagingJobs,
  http: (server, runtime) => {
    messagingWebhooks(server, runtime);
    unsubscribePages(server, runtime);
    trackingPages(server, runtime);
    const keeper = keeperOf(runtime);
    server.addHook("onReady", async () => keeper.begin());
    server.addHook("onClose", () => keeper.end());
  },
};
