import { useQuery, type QueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Attention } from "#web/home/attention.tsx";
import { DueNext } from "#web/home/due-next.tsx";
import { FirstSteps, stepsOf } from "#web/home/first-steps.tsx";
import { integrationsQuery, messagingQuery, outreachQuery, pausesQuery } from "#web/home/queries.ts";
import { periodOf, type HomeSearch } from "#web/home/search.ts";
import { Sends } from "#web/home/sends.tsx";
import { Today } from "#web/home/today.tsx";
import { Page } from "#web/shell/page.tsx";
import { useMay, useViewer } from "#web/shell/viewer.tsx";
import { useNow } from "#web/ui/clock.ts";
import { clockTime, longDay, zoneName } from "#web/ui/format.ts";
import { useZone } from "#web/ui/relative-time.tsx";
import { NoPermission } from "#web/ui/states.tsx";
import { meQuery, settingsQuery } from "#web/session.ts";

// Loader

export function load(queries: QueryClient, search: HomeSearch) {
  void queries.prefetchQuery(messagingQuery(periodOf(search)));
  void queries.prefetchQuery(outreachQuery);
  void queries.prefetchQuery(integrationsQuery);
  void queries.prefetchQuery(pausesQuery);
}

// Page

const route = getRouteApi("/frame/");

/** Where one arrives: what waits for a person, what went out today, what comes next. Each figure opens the list behind it. */
export function HomePage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const period = periodOf(search);
  const { workspace } = useViewer();
  const may = useMay();
  const mayMessages = may("messages:read");
  const mayOutreach = may("outreach:read") && may("leads:read");
  const messaging = useQuery({ ...messagingQuery(period), enabled: mayMessages });
  const outreach = useQuery({ ...outreachQuery, enabled: mayOutreach });
  const integrations = useQuery({ ...integrationsQuery, enabled: may("integrations:read") });
  const pauses = useQuery({ ...pausesQuery, enabled: may("integrations:read") });
  const settings = useQuery({ ...settingsQuery, enabled: may("workspace:read") }).data;
  const madeAt = useQuery(meQuery).data?.workspaces.find(({ id }) => id === workspace.id)?.createdAt;
  // A workspace begins with the settings of its making.
  const place = settings && {
    timeZone: settings.timeZone,
    sendWindow: settings.sendWindow,
    isChecked: settings.updatedAt !== madeAt,
  };
  const steps = stepsOf(outreach.data?.setup, messaging.data, integrations.data?.channels, place);
  const isNew = steps.some(({ isDone }) => !isDone);
  const hasSent = messaging.data?.hasSent ?? true;
  return (
    <Page title="Home" context={<Where workspace={workspace.name} />}>
      {mayMessages || mayOutreach ? (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4 lg:grid-cols-12">
          {isNew ? <FirstSteps steps={steps} className="lg:col-span-12" /> : null}
          {/* Of a workspace that has sent nothing there is nothing to tell. */}
          {mayMessages && hasSent ? (
            <>
              <Attention
                messaging={messaging}
                integrations={integrations}
                pauses={pauses.data?.data}
                className="lg:col-span-12"
              />
              <Today messaging={messaging} className="lg:col-span-5" />
            </>
          ) : null}
          {mayOutreach && (hasSent || (outreach.data?.due.length ?? 0) > 0) ? (
            <DueNext outreach={outreach} className={mayMessages && hasSent ? "lg:col-span-7" : "lg:col-span-12"} />
          ) : null}
          {mayMessages && hasSent ? (
            <Sends
              messaging={messaging}
              period={period}
              onPeriod={(days) => void navigate({ search: { days }, replace: true, resetScroll: false })}
              className="lg:col-span-12"
            />
          ) : null}
        </div>
      ) : (
        <NoPermission />
      )}
    </Page>
  );
}

function Where({ workspace }: { workspace: string }) {
  const now = useNow();
  const zone = useZone();
  return (
    <>
      {workspace} · {longDay(now, zone)}, <span className="tabular-nums">{clockTime(now, zone)}</span> in{" "}
      {zoneName(zone)}
    </>
  );
}
