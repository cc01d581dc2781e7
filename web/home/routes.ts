import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { frame } from "#web/frame-route.ts";
import { homeSearch } from "#web/home/search.ts";
import { HomePending } from "#web/home/home-pending.tsx";

const home = createRoute({
  getParentRoute: () => frame,
  path: "/",
  validateSearch: homeSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => import("#web/home/home-page.tsx").then((page) => page.load(context.queryClient, deps)),
  pendingComponent: HomePending,
  component: lazyRouteComponent(() => import("#web/home/home-page.tsx"), "HomePage"),
});

export const homeRoutes = [home] as const;
