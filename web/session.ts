import type { QueryClient } from "@tanstack/react-query";
import type { Permission } from "#platform/permissions.ts";
import { api } from "#web/api.ts";

/** Who is signed in, where, and what they may do. Asked before the first page; kept true by the events of accounts. */
export const meQuery = api.accounts.me.queryOptions({ staleTime: 5 * 60_000 });

/** The settings of the workspace: its time zone is the one in which times are shown. */
export const settingsQuery = api.accounts.settings.get.queryOptions({ staleTime: 5 * 60_000 });

/** Whether who has signed in may, for loaders: what would be refused is not asked for. */
export const mayLoad = (queries: QueryClient, permission: Permission): boolean =>
  queries.getQueryData(meQuery.queryKey)?.permissions.includes(permission) ?? false;

/** Who looks at the screen, in which workspace, and what they may do there. */
export type Viewer = {
  id: string;
  name: string;
  email: string;
  workspace: { id: string; name: string; updatedAt: string };
  workspaces: readonly { id: string; name: string }[];
  role: string;
  permissions: readonly string[];
  timeZone: string;
};

type Me = {
  user: { id: string; name: string; email: string } | null;
  workspaces: readonly Viewer["workspace"][];
  activeWorkspaceId: string | null;
  role: string | null;
  permissions: readonly string[];
};

/** The viewer of the frame; undefined for someone who is in no workspace yet. */
export function viewerOf(me: Me, timeZone: string): Viewer | undefined {
  const workspace = me.workspaces.find(({ id }) => id === me.activeWorkspaceId);
  if (!workspace || !me.user) return undefined;
  const { id, name, email } = me.user;
  const { workspaces, role, permissions } = me;
  return { id, name, email, workspace, workspaces, role: role ?? "", permissions, timeZone };
}

/** Ends the session and leaves with nothing of it in memory. */
export async function signOut(): Promise<void> {
  await fetch("/api/auth/sign-out", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  location.assign("/sign-in");
}
