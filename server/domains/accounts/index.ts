import type { Runtime } from "#platform/runtime.ts";
import * as workspaces from "./queries/workspaces.ts";

export { userActor } from "./actors.ts";
export { createWorkspaceWithOwner, type OwnedWorkspace } from "./commands/create-workspace-with-owner.ts";
export { updateSettings } from "./commands/update-settings.ts";
export * from "./messages.ts";
export { getWorkspaceSettings, type WorkspaceSettings } from "./queries/settings.ts";
export { resolveIdentity } from "./resolve-identity.ts";

/** Every workspace there is, the oldest first. */
export const listWorkspaceIds = (runtime: Runtime): Promise<string[]> =>
  workspaces.listWorkspaceIds(runtime.database.forWorkspace(""));
