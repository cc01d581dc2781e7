import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { frame } from "#web/frame-route.ts";
import { messagesSearch, sandboxSearch, sendersSearch } from "#web/messaging/search.ts";
import { withoutRow } from "#web/search.ts";
import { ListPending, RecordPending } from "#web/shell/fallbacks.tsx";

const messages = createRoute({
  getParentRoute: () => frame,
  path: "/messages",
  validateSearch: messagesSearch,
  loaderDeps: ({ search }) => withoutRow(search),
  loader: ({ context, deps }) =>
    import("#web/messaging/messages-page.tsx").then((page) => page.load(context.queryClient, deps)),
  pendingComponent: ListPending,
  component: lazyRouteComponent(() => import("#web/messaging/messages-page.tsx"), "MessagesPage"),
});

const senders = createRoute({
  getParentRoute: () => frame,
  path: "/settings/senders",
  validateSearch: sendersSearch,
  loaderDeps: ({ search }) => withoutRow(search),
  loader: ({ context, deps }) =>
    import("#web/messaging/senders-page.tsx").then((page) => page.load(context.queryClient, deps)),
  pendingComponent: ListPending,
  component: lazyRouteComponent(() => import("#web/messaging/senders-page.tsx"), "SendersPage"),
});

const sandbox = createRoute({
  getParentRoute: () => frame,
  path: "/sandbox",
  validateSearch: sandboxSearch,
  loader: ({ context }) => import("#web/messaging/sandbox-page.tsx").then((page) => page.load(context.queryClient)),
  pendingComponent: RecordPending,
  component: lazyRouteComponent(() => import("#web/messaging/sandbox-page.tsx"), "SandboxPage"),
});

export const messagingRoutes = [messages, senders, sandbox] as const;
