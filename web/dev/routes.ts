import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { exampleSearch, gallerySearch } from "#web/dev/search.ts";
import { root } from "#web/frame-route.ts";
import { ListPending, RecordPending } from "#web/shell/fallbacks.tsx";
import { withoutRow } from "#web/search.ts";

/** Every primitive in every state, and the two commonest pages with invented people. Needs no server and no sign-in. */
const dev = createRoute({
  getParentRoute: () => root,
  id: "dev",
  component: lazyRouteComponent(() => import("#web/dev/dev-frame.tsx"), "DevFrame"),
});

const gallery = createRoute({
  getParentRoute: () => dev,
  path: "/dev/ui",
  validateSearch: gallerySearch,
  component: lazyRouteComponent(() => import("#web/dev/gallery-page.tsx"), "GalleryPage"),
});

const list = createRoute({
  getParentRoute: () => dev,
  path: "/dev/ui/list",
  validateSearch: exampleSearch,
  loaderDeps: ({ search }) => withoutRow(search),
  loader: ({ context, deps }) => import("#web/dev/list-page.tsx").then((page) => page.load(context.queryClient, deps)),
  pendingComponent: ListPending,
  component: lazyRouteComponent(() => import("#web/dev/list-page.tsx"), "ListPage"),
});

const record = createRoute({
  getParentRoute: () => dev,
  path: "/dev/ui/list/$personId",
  loader: ({ context, params }) =>
    import("#web/dev/record-page.tsx").then((page) => page.load(context.queryClient, params.personId)),
  pendingComponent: RecordPending,
  component: lazyRouteComponent(() => import("#web/dev/record-page.tsx"), "RecordPage"),
});

export const devRoutes = dev.addChildren([gallery, list, record]);
