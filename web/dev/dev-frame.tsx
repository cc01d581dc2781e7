import { Outlet } from "@tanstack/react-router";
import type { Viewer } from "#web/session.ts";
import { PERMISSIONS } from "#platform/permissions.ts";
import { AppFrame } from "#web/shell/app-frame.tsx";
import { ViewerProvider } from "#web/shell/viewer.tsx";
import { AccountActsProvider } from "#web/shell/workspace-switcher.tsx";

const VIEWER: Viewer = {
  id: "user_1",
  name: "Odile Moreau",
  email: "odile@example.com",
  workspace: { id: "ws_1", name: "Harbor & Pine", updatedAt: "2026-03-02T09:00:00.000Z" },
  workspaces: [
    { id: "ws_1", name: "Harbor & Pine" },
    { id: "ws_2", name: "Brightwater Labs" },
  ],
  role: "OWNER",
  timeZone: "Europe/Berlin",
  permissions: [...PERMISSIONS],
};

const ACTS = { switchWorkspace: () => {} };

/** The real frame around the gallery, with an invented viewer. */
export function DevFrame() {
  return (
    <ViewerProvider viewer={VIEWER}>
      <AccountActsProvider acts={ACTS}>
        <AppFrame>
          <Outlet />
        </AppFrame>
      </AccountActsProvider>
    </ViewerProvider>
  );
}
