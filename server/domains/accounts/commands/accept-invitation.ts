import { inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import type { Runtime } from "#platform/runtime.ts";
import { userActor } from "../actors.ts";
import { readInvitationToken } from "../invitation-link.ts";
import { memberJoined } from "../messages.ts";
import { findInvitation, findLinkedInvitation, type InvitationRow, updateInvitation } from "../queries/invitations.ts";
import { insertMember } from "../queries/members.ts";
import { setActiveWorkspace } from "../queries/sessions.ts";
import { findWorkspaceOf, lockWorkspace, type WorkspaceOfUser } from "../queries/workspaces.ts";
import { InvitationClosed, whyNotAccept } from "../rules.ts";

/** The invitation behind a link, whatever its state. Throws InvitationClosed when we did not sign the link. */
export async function getLinkedInvitation(runtime: Runtime, token: string): Promise<InvitationRow> {
  const id = readInvitationToken(runtime.config, token);
  const invitation = id ? await findLinkedInvitation(runtime.database.forWorkspace(""), id) : undefined;
  if (!invitation) throw InvitationClosed();
  return invitation;
}

/** Throws what keeps a person with this address from accepting; asked before an account is made for it. */
export async function checkInvitation(runtime: Runtime, token: string, email: string): Promise<void> {
  const refusal = whyNotAccept(await getLinkedInvitation(runtime, token), email, runtime.clock.now());
  if (refusal) throw refusal();
}

/** Makes the person a member and lets their session go on there. Of two who come at once, one finds it closed. */
export async function acceptInvitation(
  runtime: Runtime,
  person: { id: string; name: string; email: string },
  token: string,
  sessionId: string,
): Promise<WorkspaceOfUser> {
  const { id, workspaceId, role } = await getLinkedInvitation(runtime, token);
  const ctx = runtime.contextFor(workspaceId, userActor(person, role));
  return inTransaction(ctx, async (tx) => {
    await lockWorkspace(tx);
    const invitation = await findInvitation(tx, id);
    const refusal = invitation ? whyNotAccept(invitation, person.email, tx.now()) : InvitationClosed;
    if (refusal) throw refusal();
    // Somebody who became a member in another way keeps the role they have.
    if (await insertMember(tx, person.id, role)) {
      await emit(
        tx,
        memberJoined,
        { userId: person.id, email: person.email, role, invitationId: id },
        { subjectId: person.id },
      );
    }
    await updateInvitation(tx, id, { acceptedAt: tx.now(), acceptedBy: person.id });
    await setActiveWorkspace(tx.db, sessionId, workspaceId);
    const workspace = await findWorkspaceOf(tx.db, person.id, workspaceId);
    if (!workspace) throw InvitationClosed();
    return workspace;
  });
}
