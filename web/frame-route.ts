import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, Outlet } from "@tanstack/react-router";
import { meQuery, settingsQuery } from "#web/session.ts";
import { NotFound } from "#web/shell/fallbacks.tsx";
import { Frame, FramePending } from "#web/shell/frame.tsx";

export type RouterContext = { queryClient: QueryClient };

export const root = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  notFoundComponent: NotFound,
});

/** Parent of every page for which one must be signed in. The viewer is there before any of them is drawn. */
export const frame = createRoute({
  getParentRoute: () => root,
  id: "frame",
  beforeLoad: async ({ context: { queryClient } }) => {
    // Both at once; the second is of no use to someone without a workspace.
    void queryClient.prefetchQuery(settingsQuery);
    const me = await queryClient.ensureQueryData(meQuery);
    if (me.activeWorkspaceId) await queryClient.ensureQueryData(settingsQuery);
  },
  pendingComponent: FramePending,
  component: Frame,
});
