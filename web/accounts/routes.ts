import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { entrySearch, resetSearch } from "#web/accounts/search.ts";
import { root } from "#web/frame-route.ts";

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
