import { useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { LogOut } from "lucide-react";
import { useEffect } from "react";
import { client } from "#web/api.ts";
import { startLive } from "#web/live.ts";
import { meQuery, settingsQuery, signOut, viewerOf } from "#web/session.ts";
import { AppFrame } from "#web/shell/app-frame.tsx";
import { PagePending } from "#web/shell/fallbacks.tsx";
import { NoWorkspace } from "#web/shell/no-workspace.tsx";
import { ViewerProvider } from "#web/shell/viewer.tsx";
import { AccountActsProvider, type AccountActs } from "#web/shell/workspace-switcher.tsx";
import { useZone } from "#web/ui/relative-time.tsx";
import { toast } from "#web/ui/toast.tsx";
import { tookLongSearch } from "#web/ui/table/long-search.ts";

const report = (error: unknown) => toast.problem(error);

const ACTS: AccountActs = {
  // A whole new page: nothing of one workspace may be shown in another.
  switchWorkspace: (workspaceId) =>
    void client.accounts.workspaces.switch({ workspaceId }).then(() => location.assign("/"), report),
  userSections: [{ items: [{ label: "Sign out", icon: LogOut, onSelect: () => void signOut().catch(report) }] }],
};

/** The frame of the signed-in: who looks, the live events, the rail. */
export function Frame() {
  const { data: me } = useSuspenseQuery(meQuery);
  const browserZone = useZone();
  const settings = useQuery({ ...settingsQuery, enabled: me.activeWorkspaceId !== null });
  const viewer = viewerOf(me, settings.data?.timeZone ?? browserZone);
  if (!viewer) return <NoWorkspace workspaces={me.workspaces} />;
  return (
    <ViewerProvider viewer={viewer}>
      <AccountActsProvider acts={ACTS}>
        {/* Another workspace has another stream. */}
        <Live key={viewer.workspace.id} scope={`${viewer.workspace.id} ${viewer.email}`} />
        <AppFrame>
          <Outlet />
        </AppFrame>
      </AccountActsProvider>
    </ViewerProvider>
  );
}

function Live({ scope }: { scope: string }) {
  const queries = useQueryClient();
  useEffect(
    () =>
      startLive({
        scope,
        invalidate: (queryKey) =>
          void queries.invalidateQueries({
            ...(queryKey ? { queryKey } : {}),
            predicate: (query) => !tookLongSearch(query),
          }),
      }),
    [queries, scope],
  );
  return null;
}

/** While it is not yet known who looks. */
export function FramePending() {
  return (
    <div className="flex h-dvh bg-sunken">
      <div className="hidden w-55 md:block" />
      <div className="flex min-w-0 grow flex-col bg-canvas md:my-2 md:mr-2 md:rounded-lg md:border">
        <PagePending />
      </div>
    </div>
  );
}
