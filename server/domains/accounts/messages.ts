import { z } from "zod";
import { defineEvent } from "#platform/events.ts";
import { PERMISSIONS, ROLES } from "#platform/permissions.ts";

const role = z.enum(ROLES);

export const workspaceCreated = defineEvent("accounts.workspace-created", z.object({ name: z.string() }));
export const workspaceRenamed = defineEvent(
  "accounts.workspace-renamed",
  z.object({ from: z.string(), to: z.string() }),
);
export const settingsChanged = defineEvent(
  "accounts.settings-changed",
  z.object({ changes: z.array(z.object({ field: z.string(), from: z.unknown(), to: z.unknown() })) }),
);

export const memberInvited = defineEvent(
  "accounts.member-invited",
  z.object({ invitationId: z.string(), email: z.string(), role }),
);
export const invitationCancelled = defineEvent(
  "accounts.invitation-cancelled",
  z.object({ invitationId: z.string(), email: z.string() }),
);
export const memberJoined = defineEvent(
  "accounts.member-joined",
  z.object({ userId: z.string(), email: z.string(), role, invitationId: z.string().nullable() }),
);
export const roleChanged = defineEvent("accounts.role-changed", z.object({ userId: z.string(), from: role, to: role }));
export const memberRemoved = defineEvent(
  "accounts.member-removed",
  z.object({ userId: z.string(), email: z.string(), left: z.boolean() }),
);

export const apiKeyCreated = defineEvent(
  "accounts.api-key-created",
  z.object({ apiKeyId: z.string(), name: z.string(), scopes: z.array(z.enum(PERMISSIONS)) }),
);
/** `because`: somebody revoked it, or the person who made it left the workspace. */
export const apiKeyRevoked = defineEvent(
  "accounts.api-key-revoked",
  z.object({ apiKeyId: z.string(), name: z.string(), because: z.enum(["revoked", "member-removed"]) }),
);
