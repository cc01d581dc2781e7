import { implement } from "@orpc/server";
import { allow } from "#platform/context.ts";
import { type Cursor, instantCursor, toPage } from "#platform/http/cursor.ts";
import { instantOrNull } from "#platform/http/instants.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { NotFound } from "#platform/problems.ts";
import { acceptInvitation, getLinkedInvitation } from "./commands/accept-invitation.ts";
import { changeRole } from "./commands/change-role.ts";
import { createApiKey } from "./commands/create-api-key.ts";
import { createWorkspace } from "./commands/create-workspace.ts";
import { cancelInvitation, inviteMember, resendInvitation, type SentInvitation } from "./commands/invite-member.ts";
import { leaveWorkspace, removeMember } from "./commands/remove-member.ts";
import { renameWorkspace } from "./commands/rename-workspace.ts";
import { revokeApiKey } from "./commands/revoke-api-key.ts";
import { updateSettings } from "./commands/update-settings.ts";
import { accountsContract, type ApiKey, type Invitation, type Me, type Member, type Workspace } from "./contract.ts";
import { type ApiKeyRow, knownScopes, listApiKeys } from "./queries/api-keys.ts";
import { hasAccount, type InvitationRow, listInvitations } from "./queries/invitations.ts";
import { listMembers, type MemberRow } from "./queries/members.ts";
import { getPerson, type Person } from "./queries/people.ts";
import { deleteSessions, listSessions, setActiveWorkspace } from "./queries/sessions.ts";
import { getWorkspaceSettings, type WorkspaceSettings } from "./queries/settings.ts";
import { findWorkspaceOf, listWorkspacesOf, type WorkspaceOfUser } from "./queries/workspaces.ts";
import { InvitationClosed, invitationState, PersonNeeded } from "./rules.ts";

const os = implement(accountsContract).$context<RequestContext>();

/** The account tables read the same on every connection; without a workspace there is only this one. */
const accountTables = ({ runtime, identity }: RequestContext) =>
  runtime.database.forWorkspace(identity?.workspaceId ?? "");

/** The signed-in person of this request. An API key is nobody. */
function sessionOf({ identity }: RequestContext): { userId: string; sessionId: string } {
  if (!identity?.userId || !identity.sessionId) throw PersonNeeded();
  return { userId: identity.userId, sessionId: identity.sessionId };
}

const personOf = (context: RequestContext): Promise<Person> =>
  getPerson(accountTables(context), sessionOf(context).userId);

const keyOf = (row: { createdAt: Date; id: string }): Cursor => [row.createdAt.getTime(), row.id];

const showWorkspace = (row: WorkspaceOfUser): Workspace => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

const showMember =
  (you: string | null) =>
  ({ createdAt, ...row }: MemberRow): Member => ({
    ...row,
    joinedAt: createdAt.toISOString(),
    isYou: row.userId === you,
  });

const showInvitation =
  (now: Date) =>
  (row: InvitationRow): Invitation => ({
    id: row.id,
    email: row.email,
    role: row.role,
    state: invitationState(row, now),
    invitedBy: { id: row.inviterId, name: row.inviterName },
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    acceptedAt: instantOrNull(row.acceptedAt),
    cancelledAt: instantOrNull(row.cancelledAt),
  });

const showSent = ({ invitation, link, delivery }: SentInvitation, now: Date) => ({
  invitation: showInvitation(now)(invitation),
  link,
  delivery,
});

const showApiKey = (row: ApiKeyRow): ApiKey => ({
  id: row.id,
  name: row.name,
  start: row.start,
  scopes: knownScopes(row.scopes),
  createdBy: { id: row.createdBy, name: row.creatorName },
  createdAt: row.createdAt.toISOString(),
  expiresAt: instantOrNull(row.expiresAt),
  lastUsedAt: instantOrNull(row.lastUsedAt),
});

const showSettings = (row: WorkspaceSettings) => ({ ...row, updatedAt: row.updatedAt.toISOString() });

async function showMe(context: RequestContext): Promise<Me> {
  const { identity } = context;
  const user = identity?.userId ? await personOf(context) : null;
  const workspaces = user ? await listWorkspacesOf(accountTables(context), user.id) : [];
  const activeWorkspaceId = identity?.workspaceId ?? null;
  const actor = activeWorkspaceId ? context.ctx.actor : null;
  const permissions = actor && "permissions" in actor ? [...actor.permissions] : [];
  return {
    user,
    apiKey: actor?.kind === "api_key" ? { id: actor.id, name: actor.name } : null,
    workspaces: workspaces.map(showWorkspace),
    activeWorkspaceId,
    role: workspaces.find(({ id }) => id === activeWorkspaceId)?.role ?? null,
    permissions,
  };
}

export const accountsRouter = os.router({
  me: os.me.handler(({ context }) => showMe(context)),

  workspaces: {
    list: os.workspaces.list.handler(async ({ context }) => {
      const rows = await listWorkspacesOf(accountTables(context), sessionOf(context).userId);
      return { data: rows.map(showWorkspace) };
    }),
    create: os.workspaces.create.handler(async ({ context, input }) => {
      const { sessionId } = sessionOf(context);
      return showWorkspace(await createWorkspace(context.runtime, await personOf(context), input, sessionId));
    }),
    switch: os.workspaces.switch.handler(async ({ context, input }) => {
      const { userId, sessionId } = sessionOf(context);
      const db = accountTables(context);
      if (!(await findWorkspaceOf(db, userId, input.workspaceId))) throw NotFound();
      await setActiveWorkspace(db, sessionId, input.workspaceId);
    }),
    rename: os.workspaces.rename.handler(async ({ context: { ctx }, input: { name, expectedUpdatedAt } }) => {
      const { updatedAt, ...renamed } = await renameWorkspace(ctx, name, expectedUpdatedAt);
      return { ...renamed, updatedAt: updatedAt.toISOString() };
    }),
    leave: os.workspaces.leave.handler(({ context: { ctx } }) => leaveWorkspace(ctx)),
  },

  settings: {
    get: os.settings.get.handler(async ({ context: { ctx } }) => {
      allow(ctx, "workspace:read");
      return showSettings(await getWorkspaceSettings(ctx));
    }),
    update: os.settings.update.handler(async ({ context: { ctx }, input: { expectedUpdatedAt, ...wanted } }) =>
      showSettings(await updateSettings(ctx, wanted, expectedUpdatedAt)),
    ),
  },

  members: {
    list: os.members.list.handler(async ({ context: { ctx, identity }, input }) => {
      allow(ctx, "members:read");
      const rows = await listMembers(ctx, { ...input, after: instantCursor(input.cursor) });
      return toPage(rows, input.limit, keyOf, showMember(identity?.userId ?? null));
    }),
    changeRole: os.members.changeRole.handler(async ({ context: { ctx, identity }, input }) =>
      showMember(identity?.userId ?? null)(await changeRole(ctx, input.memberId, input.role)),
    ),
    remove: os.members.remove.handler(({ context: { ctx }, input }) => removeMember(ctx, input.memberId)),
  },

  invitations: {
    list: os.invitations.list.handler(async ({ context: { ctx }, input }) => {
      allow(ctx, "members:read");
      const rows = await listInvitations(ctx, { ...input, after: instantCursor(input.cursor) });
      return toPage(rows, input.limit, keyOf, showInvitation(ctx.now()));
    }),
    create: os.invitations.create.handler(async ({ context: { ctx, runtime }, input }) =>
      showSent(await inviteMember(runtime, ctx, input), ctx.now()),
    ),
    resend: os.invitations.resend.handler(async ({ context: { ctx, runtime }, input }) =>
      showSent(await resendInvitation(runtime, ctx, input.invitationId), ctx.now()),
    ),
    cancel: os.invitations.cancel.handler(({ context: { ctx }, input }) => cancelInvitation(ctx, input.invitationId)),
    open: os.invitations.open.handler(async ({ context, input }) => {
      const invitation = await getLinkedInvitation(context.runtime, input.token);
      if (invitationState(invitation, context.runtime.clock.now()) !== "open") throw InvitationClosed();
      const { workspaceName, email, role, inviterName, expiresAt } = invitation;
      const known = await hasAccount(accountTables(context), email);
      return { workspaceName, email, role, inviterName, expiresAt: expiresAt.toISOString(), hasAccount: known };
    }),
    accept: os.invitations.accept.handler(async ({ context, input }) => {
      const { sessionId } = sessionOf(context);
      return showWorkspace(await acceptInvitation(context.runtime, await personOf(context), input.token, sessionId));
    }),
  },

  sessions: {
    list: os.sessions.list.handler(async ({ context }) => {
      const { userId, sessionId } = sessionOf(context);
      const rows = await listSessions(accountTables(context), userId);
      const data = rows.map((row) => ({
        id: row.id,
        ipAddress: row.ipAddress,
        userAgent: row.userAgent,
        createdAt: row.createdAt.toISOString(),
        renewedAt: row.updatedAt.toISOString(),
        expiresAt: row.expiresAt.toISOString(),
        isCurrent: row.id === sessionId,
      }));
      return { data };
    }),
    revoke: os.sessions.revoke.handler(async ({ context, input }) => {
      const ended = await deleteSessions(accountTables(context), sessionOf(context).userId, { id: input.sessionId });
      if (ended === 0) throw NotFound();
    }),
    revokeOthers: os.sessions.revokeOthers.handler(async ({ context }) => {
      const { userId, sessionId } = sessionOf(context);
      return { revoked: await deleteSessions(accountTables(context), userId, { except: sessionId }) };
    }),
  },

  apiKeys: {
    list: os.apiKeys.list.handler(async ({ context: { ctx }, input }) => {
      allow(ctx, "api-keys:write");
      const rows = await listApiKeys(ctx, { limit: input.limit, after: instantCursor(input.cursor) });
      return toPage(rows, input.limit, keyOf, showApiKey);
    }),
    create: os.apiKeys.create.handler(async ({ context: { ctx }, input }) => {
      const { row, key } = await createApiKey(ctx, input);
      return { apiKey: showApiKey(row), key };
    }),
    revoke: os.apiKeys.revoke.handler(({ context: { ctx }, input }) => revokeApiKey(ctx, input.apiKeyId)),
  },
});
