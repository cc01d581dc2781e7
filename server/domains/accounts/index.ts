export { userActor } from "./actors.ts";
export { createWorkspaceWithOwner, type OwnedWorkspace } from "./commands/create-workspace-with-owner.ts";
export { givePassword } from "./commands/give-password.ts";
export { inviteMember } from "./commands/invite-member.ts";
export { updateSettings } from "./commands/update-settings.ts";
export * from "./messages.ts";
export { listMemberNames } from "./queries/members.ts";
export { getWorkspaceSettings, type WorkspaceSettings } from "./queries/settings.ts";
export { resolveIdentity } from "./resolve-identity.ts";
