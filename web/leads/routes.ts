import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { frame } from "#web/frame-route.ts";
import {
  conversionsSearch,
  duplicatesSearch,
  importSearch,
  intakeSearch,
  leadSearch,
  leadsSearch,
  suppressionsSearch,
} from "#web/leads/search.ts";
import { withoutRow } from "#web/search.ts";
import { addFinders } from "#web/shell/commands.ts";
import { ListPending, PagePending, RecordPending } from "#web/shell/fallbacks.tsx";

const leads = createRoute({
  getParentRoute: () => frame,
  path: "/leads",
  validateSearch: leadsSearch,
  loaderDeps: ({ search }) => withoutRow(search),
  loader: ({ context, deps }) =>
    import("#web/leads/leads-page.tsx").then((page) => page.load(context.queryClient, deps)),
  pendingComponent: ListPending,
  component: lazyRouteComponent(() => import("#web/leads/leads-page.tsx"), "LeadsPage"),
});

const suppressions = createRoute({
  getParentRoute: () => frame,
  path: "/leads/suppressions",
  validateSearch: suppressionsSearch,
  loaderDeps: ({ search }) => withoutRow(search),
  loader: ({ context, deps }) =>
    import("#web/leads/suppressions-page.tsx").then((page) => page.load(context.queryClient, deps)),
  pendingComponent: ListPending,
  component: lazyRouteComponent(() => import("#web/leads/suppressions-page.tsx"), "SuppressionsPage"),
});

const duplicates = createRoute({
  getParentRoute: () => frame,
  path: "/leads/duplicates",
  validateSearch: duplicatesSearch,
  loader: ({ context }) => import("#web/leads/duplicates-page.tsx").then((page) => page.load(context.queryClient)),
  pendingComponent: ListPending,
  component: lazyRouteComponent(() => import("#web/leads/duplicates-page.tsx"), "DuplicatesPage"),
});

const intake = createRoute({
  getParentRoute: () => frame,
  path: "/leads/intake",
  validateSearch: intakeSearch,
  loaderDeps: ({ search }) => withoutRow(search),
  loader: ({ context, deps }) =>
    import("#web/leads/intake-page.tsx").then((page) => page.load(context.queryClient, deps)),
  pendingComponent: ListPending,
  component: lazyRouteComponent(() => import("#web/leads/intake-page.tsx"), "IntakePage"),
});

const imports = createRoute({
  getParentRoute: () => frame,
  path: "/leads/import",
  loader: ({ context }) => import("#web/leads/imports-page.tsx").then((page) => page.load(context.queryClient)),
  pendingComponent: PagePending,
  component: lazyRouteComponent(() => import("#web/leads/imports-page.tsx"), "ImportsPage"),
});

const importOne = createRoute({
  getParentRoute: () => frame,
  path: "/leads/import/$importId",
  validateSearch: importSearch,
  loader: ({ context, params }) =>
    import("#web/leads/import-page.tsx").then((page) => page.load(context.queryClient, params.importId)),
  pendingComponent: PagePending,
  component: lazyRouteComponent(() => import("#web/leads/import-page.tsx"), "ImportPage"),
});

const lead = createRoute({
  getParentRoute: () => frame,
  path: "/leads/$leadId",
  validateSearch: leadSearch,
  loader: ({ context, params }) =>
    import("#web/leads/lead-page.tsx").then((page) => page.load(context.queryClient, params.leadId)),
  pendingComponent: RecordPending,
  errorComponent: lazyRouteComponent(() => import("#web/leads/lead-error.tsx"), "LeadError"),
  component: lazyRouteComponent(() => import("#web/leads/lead-page.tsx"), "LeadPage"),
});

const fields = createRoute({
  getParentRoute: () => frame,
  path: "/settings/lead-fields",
  loader: ({ context }) => import("#web/leads/custom-fields-page.tsx").then((page) => page.load(context.queryClient)),
  pendingComponent: PagePending,
  component: lazyRouteComponent(() => import("#web/leads/custom-fields-page.tsx"), "CustomFieldsPage"),
});

const conversions = createRoute({
  getParentRoute: () => frame,
  path: "/conversions",
  validateSearch: conversionsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) =>
    import("#web/leads/conversions-page.tsx").then((page) => page.load(context.queryClient, deps)),
  pendingComponent: ListPending,
  component: lazyRouteComponent(() => import("#web/leads/conversions-page.tsx"), "ConversionsPage"),
});

export const leadRoutes = [
  conversions,
  leads,
  fields,
  suppressions,
  duplicates,
  intake,
  imports,
  importOne,
  lead,
] as const;

addFinders(() => import("#web/leads/finder.ts"));
