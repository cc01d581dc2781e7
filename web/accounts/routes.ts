import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { entrySearch, jobsSearch, membersSearch, resetSearch } from "#web/accounts/search.ts";
import { frame, root } from "#web/frame-route.ts";
import { ListPending } from "#web/shell/fallbacks.tsx";

// Before one has signed in

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: entrySearch,
  component: lazyRouteComponent(() => import("#web/accounts/sign-in-page.tsx"), "SignInPage"),
});

const signUp = createRoute({
  getParentRoute: () => root,
  path: "/sign-up",
  validateSearch: entrySearch,
  component: lazyRouteComponent(() => import("#web/accounts/sign-up-page.tsx"), "SignUpPage"),
});

const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: "/forgot-password",
  component: lazyRouteComponent(() => import("#web/accounts/forgot-password-page.tsx"), "ForgotPasswordPage"),
});

const resetPassword = createRoute({
  getParentRoute: () => root,
  path: "/reset-password",
  validateSearch: resetSearch,
  component: lazyRouteComponent(() => import("#web/accounts/reset-password-page.tsx"), "ResetPasswordPage"),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitations/$token",
  component: lazyRouteComponent(() => import("#web/accounts/invitation-page.tsx"), "InvitationPage"),
});

/** Pages for people who have not signed in: children of `root`. */
export const entryRoutes = [signIn, signUp, forgotPassword, resetPassword, invitation] as const;

// Settings

const settings = createRoute({
  getParentRoute: () => frame,
  path: "/settings",
  beforeLoad: () => {
    throw redirect({ to: "/settings/workspace", replace: true });
  },
});

const workspace = createRoute({
  getParentRoute: () => frame,
  path: "/settings/workspace",
  loader: ({ context }) => import("#web/accounts/workspace-page.tsx").then((page) => page.load(context.queryClient)),
  component: lazyRouteComponent(() => import("#web/accounts/workspace-page.tsx"), "WorkspacePage"),
});

const members = createRoute({
  getParentRoute: () => frame,
  path: "/settings/members",
  validateSearch: membersSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) =>
    import("#web/accounts/members-page.tsx").then((page) => page.load(context.queryClient, deps)),
  pendingComponent: ListPending,
  component: lazyRouteComponent(() => import("#web/accounts/members-page.tsx"), "MembersPage"),
});

const apiKeys = createRoute({
  getParentRoute: () => frame,
  path: "/settings/api-keys",
  loader: ({ context }) => import("#web/accounts/api-keys-page.tsx").then((page) => page.load(context.queryClient)),
  pendingComponent: ListPending,
  component: lazyRouteComponent(() => import("#web/accounts/api-keys-page.tsx"), "ApiKeysPage"),
});

const sessions = createRoute({
  getParentRoute: () => frame,
  path: "/settings/sessions",
  loader: ({ context }) => import("#web/accounts/sessions-page.tsx").then((page) => page.load(context.queryClient)),
  component: lazyRouteComponent(() => import("#web/accounts/sessions-page.tsx"), "SessionsPage"),
});

const scoring = createRoute({
  getParentRoute: () => frame,
  path: "/settings/scoring",
  loader: ({ context }) => import("#web/leads/scoring-page.tsx").then((page) => page.load(context.queryClient)),
  component: lazyRouteComponent(() => import("#web/leads/scoring-page.tsx"), "ScoringPage"),
});

const integrations = createRoute({
  getParentRoute: () => frame,
  path: "/settings/integrations",
  loader: ({ context }) => import("#web/accounts/integrations-page.tsx").then((page) => page.load(context.queryClient)),
  component: lazyRouteComponent(() => import("#web/accounts/integrations-page.tsx"), "IntegrationsPage"),
});

const jobs = createRoute({
  getParentRoute: () => frame,
  path: "/settings/jobs",
  validateSearch: jobsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) =>
    import("#web/accounts/jobs-page.tsx").then((page) => page.load(context.queryClient, deps)),
  pendingComponent: ListPending,
  component: lazyRouteComponent(() => import("#web/accounts/jobs-page.tsx"), "JobsPage"),
});

/** The settings of the workspace and of the person: children of `frame`. */
export const settingsRoutes = [settings, workspace, members, apiKeys, sessions, scoring, integrations, jobs] as const;
