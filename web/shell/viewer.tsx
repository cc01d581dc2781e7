import { createContext, useContext, type ReactNode } from "react";
import type { Permission } from "#platform/permissions.ts";
import { permissionWords } from "#web/accounts/words.ts";
import type { Viewer } from "#web/session.ts";
import { ZoneProvider } from "#web/ui/relative-time.tsx";

const Current = createContext<Viewer | undefined>(undefined);

/** Around everything that is shown to someone who has signed in; times below are in the workspace's zone. */
export function ViewerProvider({ viewer, children }: { viewer: Viewer; children: ReactNode }) {
  return (
    <Current value={viewer}>
      <ZoneProvider zone={viewer.timeZone}>{children}</ZoneProvider>
    </Current>
  );
}

/** Who looks at the screen. */
export function useViewer(): Viewer {
  const viewer = useContext(Current);
  if (!viewer) throw new Error("useViewer stands outside of ViewerProvider");
  return viewer;
}

/** Whether this person may; undefined needs nothing. */
export function useMay(): (permission: Permission | undefined) => boolean {
  const { permissions } = useViewer();
  return (permission) => permission === undefined || permissions.includes(permission);
}

/** Why a button is greyed for this person: `disabledReason={useWhyNot("leads:write")}`. Null when they may. */
export function useWhyNot(permission: Permission): string | null {
  return useMay()(permission)
    ? null
    : `This needs the permission “${permissionWords[permission]}”; an owner can give it to you`;
}
