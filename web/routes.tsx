import { createRoute, createRouter } from "@tanstack/react-router";
import { entryRoutes, settingsRoutes } from "#web/accounts/routes.ts";
import { devRoutes } from "#web/dev/routes.ts";
import { frame, root } from "#web/frame-route.ts";
import { homeRoutes } from "#web/home/routes.ts";
import { leadRoutes } from "#web/leads/routes.ts";
import { messagingRoutes } from "#web/messaging/routes.ts";
import { outreachRoutes } from "#web/outreach/routes.ts";
import { queryClient } from "#web/query-client.ts";
import { parseSearch, stringifySearch } from "#web/search.ts";
import { NotFound, PagePending, RouteError } from "#web/shell/fallbacks.tsx";

/** Any other address, shown inside the frame so that the way back is at hand. */
const elsewhere = createRoute({ getParentRoute: () => frame, path: "$", component: NotFound });

// Each domain adds its own list of routes here, one line: `...leadRoutes`.
const pages = [
  ...homeRoutes,
  ...leadRoutes,
  ...messagingRoutes,
  ...outreachRoutes,
  ...settingsRoutes,
  elsewhere,
] as const;

export const router = createRouter({
  routeTree: root.addChildren([frame.addChildren(pages), ...entryRoutes, devRoutes]),
  context: { queryClient },
  parseSearch,
  stringifySearch,
  defaultPreload: "intent",
  // The query cache knows what is fresh.
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 150,
  defaultPendingMinMs: 200,
  defaultPendingComponent: PagePending,
  defaultErrorComponent: RouteError,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
