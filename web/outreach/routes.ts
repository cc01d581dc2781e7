import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { frame } from "#web/frame-route.ts";
import {
  calendarSearch,
  campaignSearch,
  campaignsSearch,
  scriptSearch,
  scriptsSearch,
  sequenceSearch,
  sequencesSearch,
} from "#web/outreach/search.ts";
import { withoutRow } from "#web/search.ts";
import { addFinders } from "#web/shell/commands.ts";
import { ListPending, RecordPending } from "#web/shell/fallbacks.tsx";

const scripts = createRoute({
  getParentRoute: () => frame,
  path: "/scripts",
  validateSearch: scriptsSearch,
  loaderDeps: ({ search }) => withoutRow(search),
  loader: ({ context, deps }) =>
    import("#web/outreach/scripts-page.tsx").then((page) => page.load(context.queryClient, deps)),
  pendingComponent: ListPending,
  component: lazyRouteComponent(() => import("#web/outreach/scripts-page.tsx"), "ScriptsPage"),
});

const script = createRoute({
  getParentRoute: () => frame,
  path: "/scripts/$scriptId",
  validateSearch: scriptSearch,
  loader: ({ context, params }) =>
    import("#web/outreach/script-page.tsx").then((page) => page.load(context.queryClient, params.scriptId)),
  pendingComponent: RecordPending,
  component: lazyRouteComponent(() => import("#web/outreach/script-page.tsx"), "ScriptPage"),
});

const sequences = createRoute({
  getParentRoute: () => frame,
  path: "/sequences",
  validateSearch: sequencesSearch,
  loaderDeps: ({ search }) => withoutRow(search),
  loader: ({ context, deps }) =>
    import("#web/outreach/sequences-page.tsx").then((page) => page.load(context.queryClient, deps)),
  pendingComponent: ListPending,
  component: lazyRouteComponent(() => import("#web/outreach/sequences-page.tsx"), "SequencesPage"),
});

const sequence = createRoute({
  getParentRoute: () => frame,
  path: "/sequences/$sequenceId",
  validateSearch: sequenceSearch,
  loader: ({ context, params }) =>
    import("#web/outreach/sequence-page.tsx").then((page) => page.load(context.queryClient, params.sequenceId)),
  pendingComponent: RecordPending,
  component: lazyRouteComponent(() => import("#web/outreach/sequence-page.tsx"), "SequencePage"),
});

const simulation = createRoute({
  getParentRoute: () => frame,
  path: "/simulations/$simulationId",
  loader: ({ context, params }) =>
    import("#web/outreach/simulation-page.tsx").then((page) => page.load(context.queryClient, params.simulationId)),
  pendingComponent: RecordPending,
  component: lazyRouteComponent(() => import("#web/outreach/simulation-page.tsx"), "SimulationPage"),
});

const campaigns = createRoute({
  getParentRoute: () => frame,
  path: "/campaigns",
  validateSearch: campaignsSearch,
  loaderDeps: ({ search }) => withoutRow(search),
  loader: ({ context, deps }) =>
    import("#web/outreach/campaigns-page.tsx").then((page) => page.load(context.queryClient, deps)),
  pendingComponent: ListPending,
  component: lazyRouteComponent(() => import("#web/outreach/campaigns-page.tsx"), "CampaignsPage"),
});

const campaign = createRoute({
  getParentRoute: () => frame,
  path: "/campaigns/$campaignId",
  validateSearch: campaignSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, params, deps }) =>
    import("#web/outreach/campaign-page.tsx").then((page) => page.load(context.queryClient, params.campaignId, deps)),
  pendingComponent: RecordPending,
  component: lazyRouteComponent(() => import("#web/outreach/campaign-page.tsx"), "CampaignPage"),
});

const calendar = createRoute({
  getParentRoute: () => frame,
  path: "/calendar",
  validateSearch: calendarSearch,
  loaderDeps: ({ search }) => withoutRow(search),
  loader: ({ context, deps }) =>
    import("#web/outreach/calendar-page.tsx").then((page) => page.load(context.queryClient, deps)),
  pendingComponent: RecordPending,
  component: lazyRouteComponent(() => import("#web/outreach/calendar-page.tsx"), "CalendarPage"),
});

export const outreachRoutes = [
  calendar,
  campaigns,
  campaign,
  scripts,
  script,
  sequences,
  sequence,
  simulation,
] as const;

addFinders(() => import("#web/outreach/finder.ts"));
