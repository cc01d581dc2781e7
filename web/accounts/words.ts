import type { InvitationState } from "#domains/accounts/sets.ts";
import type { JobState } from "#platform/operations/job-states.ts";
import type { Permission, Role } from "#platform/permissions.ts";
import type { Tone } from "#web/ui/badge.tsx";
import type { Option } from "#web/ui/select.tsx";

/** Each role in words. */
export const roleLook: Record<Role, { label: string; hint: string }> = {
  OWNER: { label: "Owner", hint: "Everything, and who else is an owner" },
  ADMIN: { label: "Admin", hint: "Everything but owners" },
  MEMBER: { label: "Member", hint: "Works with leads and outreach" },
  VIEWER: { label: "Viewer", hint: "Looks, changes nothing" },
};

/** `ROLES` as choices; an owner's role is closed to whoever is none. */
export function roleOptions(roles: readonly Role[], isOwner: boolean): Option<Role>[] {
  return roles.map((value) => ({ value, ...roleLook[value], disabled: value === "OWNER" && !isOwner }));
}

export const invitationLook: Record<InvitationState, { label: string; tone: Tone }> = {
  open: { label: "Open", tone: "info" },
  accepted: { label: "Accepted", tone: "positive" },
  cancelled: { label: "Cancelled", tone: "neutral" },
  expired: { label: "Expired", tone: "warning" },
};

export const jobLook: Record<JobState, { label: string; tone: Tone }> = {
  ready: { label: "Waiting", tone: "neutral" },
  running: { label: "Running", tone: "info" },
  retrying: { label: "Trying again", tone: "warning" },
  failed: { label: "Failed", tone: "danger" },
};

/** Each permission as what one may do with it. */
export const permissionWords: Record<Permission, string> = {
  "leads:read": "Read leads",
  "leads:write": "Add and change leads",
  "leads:import": "Import leads",
  "leads:delete": "Delete leads",
  "suppressions:write": "Suppress addresses",
  "outreach:read": "Read sequences, scripts and campaigns",
  "outreach:write": "Run sequences, scripts and campaigns",
  "messages:read": "Read messages",
  "messages:send": "Send messages",
  "messages:override": "Overrule hours, caps and status for one message",
  "conversions:read": "See what came of leads",
  "integrations:read": "See integrations",
  "integrations:write": "Connect vendors",
  "sandbox:use": "Use the sandbox",
  "jobs:read": "See jobs",
  "jobs:retry": "Try jobs again",
  "workspace:read": "See the workspace",
  "workspace:write": "Change the workspace",
  "members:read": "See members",
  "members:write": "Invite and remove members",
  "api-keys:write": "Make and revoke API keys",
};
