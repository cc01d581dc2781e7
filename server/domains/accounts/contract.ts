import { z } from "zod";
import { endpoint, expectation, instant, pageInput, pageOf, secretEndpoint } from "#platform/http/endpoint.ts";
import { PERMISSIONS, ROLES } from "#platform/permissions.ts";
import { ChangedElsewhere, NotFound } from "#platform/problems.ts";
import {
  AlreadyInvited,
  AlreadyMember,
  InvitationClosed,
  InvitationForAnother,
  LastOwner,
  NAME_MAX,
  OwnersOnly,
  PersonNeeded,
  ScopeTooWide,
} from "./rules.ts";
import { INVITATION_STATES } from "./sets.ts";
import { settingsSchema } from "./settings.ts";

const tags = ["Accounts"];
const id = z.string().max(60);
const role = z.enum(ROLES);
const permission = z.enum(PERMISSIONS);
const workspaceName = z.string().trim().min(1, "Give it a name").max(NAME_MAX);
/** Addresses are kept in lower case, so that one person is one row. */
const email = z.string().trim().toLowerCase().max(254).pipe(z.email("Write an e-mail address"));

export const workspaceSchema = z.object({ id, name: z.string(), role, createdAt: instant, updatedAt: instant });
export type Workspace = z.infer<typeof workspaceSchema>;

export const meSchema = z.object({
  /** Null when an API key asks. */
  user: z.object({ id, name: z.string(), email: z.string() }).nullable(),
  apiKey: z.object({ id, name: z.string() }).nullable(),
  workspaces: z.array(workspaceSchema),
  activeWorkspaceId: id.nullable(),
  /** In the active workspace; a key's is that of the person who made it. */
  role: role.nullable(),
  permissions: z.array(permission),
});
export type Me = z.infer<typeof meSchema>;

export const memberSchema = z.object({
  id,
  userId: id,
  name: z.string(),
  email: z.string(),
  role,
  joinedAt: instant,
  isYou: z.boolean(),
});
export type Member = z.infer<typeof memberSchema>;

export const invitationSchema = z.object({
  id,
  email: z.string(),
  role,
  state: z.enum(INVITATION_STATES),
  invitedBy: z.object({ id, name: z.string() }),
  createdAt: instant,
  expiresAt: instant,
  acceptedAt: instant.nullable(),
  cancelledAt: instant.nullable(),
});
export type Invitation = z.infer<typeof invitationSchema>;

/** What became of the mail: `sandbox` can be read on the sandbox page, `failed` leaves only the link. */
const delivery = z.enum(["mailed", "sandbox", "failed"]);
export const sentInvitationSchema = z.object({ invitation: invitationSchema, link: z.url(), delivery });

export const sessionSchema = z.object({
  id,
  ipAddress: z.string().nullable(),
  userAgent: z.string().nullable(),
  createdAt: instant,
  /** Renewed at most once a day while the session is used. */
  renewedAt: instant,
  expiresAt: instant,
  isCurrent: z.boolean(),
});
export type Session = z.infer<typeof sessionSchema>;

export const apiKeySchema = z.object({
  id,
  name: z.string(),
  /** The first characters of the key, to tell keys apart. */
  start: z.string(),
  scopes: z.array(permission),
  createdBy: z.object({ id, name: z.string() }),
  createdAt: instant,
  expiresAt: instant.nullable(),
  /** To the minute. */
  lastUsedAt: instant.nullable(),
});
export type ApiKey = z.infer<typeof apiKeySchema>;

/** Accounts as operations. Signing in, out and up and passwords are better-auth's, at /api/auth. */
export const accountsContract = {
  me: endpoint("signed-in")
    .route({ method: "GET", path: "/me", tags, summary: "Who is signed in, where, and what they may do" })
    .output(meSchema),

  workspaces: {
    list: endpoint("signed-in", PersonNeeded)
      .route({ method: "GET", path: "/workspaces", tags, summary: "List the workspaces you belong to" })
      .output(z.object({ data: z.array(workspaceSchema) })),
    create: endpoint("signed-in", PersonNeeded)
      .route({
        method: "POST",
        path: "/workspaces",
        tags,
        summary: "Create a workspace and switch to it",
        successStatus: 201,
      })
      .input(
        z.object({
          name: workspaceName,
          /** Of its times and sending hours; America/New_York unless told. */
          timeZone: settingsSchema.shape.timeZone.optional(),
        }),
      )
      .output(workspaceSchema),
    switch: endpoint("signed-in", PersonNeeded, NotFound)
      .route({
        method: "POST",
        path: "/workspaces/{workspaceId}/switch",
        tags,
        summary: "Work in another of your workspaces",
        successStatus: 204,
      })
      .input(z.object({ workspaceId: id })),
    rename: endpoint("workspace:write", ChangedElsewhere)
      .route({ method: "PATCH", path: "/workspace", tags, summary: "Rename the workspace" })
      .input(z.object({ name: workspaceName, ...expectation.shape }))
      .output(z.object({ id, name: z.string(), updatedAt: instant })),
    leave: endpoint("signed-in", PersonNeeded, LastOwner).route({
      method: "POST",
      path: "/workspace/leave",
      tags,
      summary: "Leave the workspace",
      successStatus: 204,
    }),
  },

  settings: {
    get: endpoint("workspace:read")
      .route({ method: "GET", path: "/workspace/settings", tags, summary: "Show the workspace's settings" })
      .output(settingsSchema.extend({ updatedAt: instant })),
    update: endpoint("workspace:write", ChangedElsewhere)
      .route({ method: "PATCH", path: "/workspace/settings", tags, summary: "Change some of the workspace's settings" })
      .input(settingsSchema.partial().extend(expectation.shape))
      .output(settingsSchema.extend({ updatedAt: instant })),
  },

  members: {
    list: endpoint("members:read")
      .route({ method: "GET", path: "/members", tags, summary: "List the members of the workspace" })
      .input(pageInput.extend({ q: z.string().trim().max(100).optional(), role: role.optional() }))
      .output(pageOf(memberSchema)),
    changeRole: endpoint("members:write", NotFound, LastOwner, OwnersOnly)
      .route({ method: "PATCH", path: "/members/{memberId}", tags, summary: "Change a member's role" })
      .input(z.object({ memberId: id, role }))
      .output(memberSchema),
    remove: endpoint("members:write", NotFound, LastOwner, OwnersOnly)
      .route({
        method: "DELETE",
        path: "/members/{memberId}",
        tags,
        summary: "Remove a member and revoke their API keys",
        successStatus: 204,
      })
      .input(z.object({ memberId: id })),
  },

  invitations: {
    list: endpoint("members:read")
      .route({ method: "GET", path: "/invitations", tags, summary: "List invitations, newest first" })
      .input(pageInput.extend({ state: z.enum(INVITATION_STATES).optional() }))
      .output(pageOf(invitationSchema)),
    create: endpoint("members:write", AlreadyMember, AlreadyInvited, OwnersOnly)
      .route({ method: "POST", path: "/invitations", tags, summary: "Invite a person by e-mail", successStatus: 201 })
      .input(z.object({ email, role }))
      .output(sentInvitationSchema),
    resend: endpoint("members:write", NotFound, InvitationClosed)
      .route({
        method: "POST",
        path: "/invitations/{invitationId}/resend",
        tags,
        summary: "Send an invitation again and give it another week",
      })
      .input(z.object({ invitationId: id }))
      .output(sentInvitationSchema),
    cancel: endpoint("members:write", NotFound, InvitationClosed)
      .route({
        method: "POST",
        path: "/invitations/{invitationId}/cancel",
        tags,
        summary: "Cancel an invitation",
        successStatus: 204,
      })
      .input(z.object({ invitationId: id })),
    /** For the page behind the link, which people open before they are signed in. */
    open: endpoint("public", InvitationClosed)
      .route({
        method: "GET",
        path: "/invitation-links/{token}",
        tags,
        summary: "Show what an invitation link invites to",
      })
      .input(z.object({ token: z.string().max(200) }))
      .output(
        z.object({
          workspaceName: z.string(),
          email: z.string(),
          role,
          inviterName: z.string(),
          expiresAt: instant,
          /** True: sign in to accept; false: sign up. Only the holder of the link learns it. */
          hasAccount: z.boolean(),
        }),
      ),
    accept: endpoint("signed-in", PersonNeeded, InvitationClosed, InvitationForAnother)
      .route({
        method: "POST",
        path: "/invitation-links/{token}/accept",
        tags,
        summary: "Accept an invitation and switch to its workspace",
      })
      .input(z.object({ token: z.string().max(200) }))
      .output(workspaceSchema),
  },

  sessions: {
    list: endpoint("signed-in", PersonNeeded)
      .route({ method: "GET", path: "/sessions", tags, summary: "List where you are signed in" })
      .output(z.object({ data: z.array(sessionSchema) })),
    revoke: endpoint("signed-in", PersonNeeded, NotFound)
      .route({
        method: "DELETE",
        path: "/sessions/{sessionId}",
        tags,
        summary: "Sign out one of your sessions",
        successStatus: 204,
      })
      .input(z.object({ sessionId: id })),
    revokeOthers: endpoint("signed-in", PersonNeeded)
      .route({ method: "POST", path: "/sessions/revoke-others", tags, summary: "Sign out everywhere else" })
      .output(z.object({ revoked: z.int() })),
  },

  apiKeys: {
    list: endpoint("api-keys:write")
      .route({ method: "GET", path: "/api-keys", tags, summary: "List the workspace's API keys, newest first" })
      .input(pageInput)
      .output(pageOf(apiKeySchema)),
    create: secretEndpoint("api-keys:write", ScopeTooWide)
      .route({
        method: "POST",
        path: "/api-keys",
        tags,
        summary: "Create an API key; it is shown this once",
        successStatus: 201,
      })
      .input(
        z.object({
          name: z.string().trim().min(1, "Give it a name").max(100),
          scopes: z.array(permission).min(1, "Choose at least one permission").max(PERMISSIONS.length),
          /** Null: it does not expire by itself. */
          expiresInDays: z.int().min(1).max(3650).nullable().default(null),
        }),
      )
      .output(z.object({ apiKey: apiKeySchema, key: z.string() })),
    revoke: endpoint("api-keys:write", NotFound)
      .route({
        method: "DELETE",
        path: "/api-keys/{apiKeyId}",
        tags,
        summary: "Revoke an API key at once",
        successStatus: 204,
      })
      .input(z.object({ apiKeyId: id })),
  },
};
