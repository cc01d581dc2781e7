import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import type { Role } from "#platform/permissions.ts";
import { NotFound } from "#platform/problems.ts";
import type { Runtime } from "#platform/runtime.ts";
import { findChanger, findPerson } from "../actors.ts";
import { invitationLink } from "../invitation-link.ts";
import { invitationMail } from "../mails.ts";
import { invitationCancelled, memberInvited } from "../messages.ts";
import {
  findInvitation,
  findOpenInvitation,
  insertInvitation,
  type InvitationRow,
  updateInvitation,
} from "../queries/invitations.ts";
import { findMemberByEmail } from "../queries/members.ts";
import { lockWorkspace } from "../queries/workspaces.ts";
import {
  AlreadyInvited,
  AlreadyMember,
  INVITATION_DAYS,
  InvitationClosed,
  invitationState,
  PersonNeeded,
  whyNotInvite,
} from "../rules.ts";
import { type Delivery, sendSystemMail } from "../system-mail.ts";

/** The link is for whoever invites as well: they may hand it over themselves when no mail can be sent. */
export type SentInvitation = { invitation: InvitationRow; link: string; delivery: Delivery };

const expiryFrom = (now: Date) => new Date(now.getTime() + INVITATION_DAYS * 86_400_000);

export async function inviteMember(
  runtime: Runtime,
  ctx: Context,
  { email, role }: { email: string; role: Role },
): Promise<SentInvitation> {
  allow(ctx, "members:write");
  const invitation = await inTransaction(ctx, async (tx) => {
    await lockWorkspace(tx);
    const refusal = whyNotInvite(await findChanger(tx), role);
    if (refusal) throw refusal();
    if (await findMemberByEmail(tx, email)) throw AlreadyMember();
    if (await findOpenInvitation(tx, email)) throw AlreadyInvited();
    const inviterId = await findPerson(tx);
    if (!inviterId) throw PersonNeeded();
    const id = await insertInvitation(tx, { email, role, inviterId, expiresAt: expiryFrom(tx.now()) });
    await emit(tx, memberInvited, { invitationId: id, email, role }, { subjectId: id });
    return getInvitation(tx, id);
  });
  return mailInvitation(runtime, invitation);
}

/** The same link, open for another full term from now. */
export async function resendInvitation(runtime: Runtime, ctx: Context, id: string): Promise<SentInvitation> {
  allow(ctx, "members:write");
  const invitation = await inTransaction(ctx, async (tx) => {
    await lockWorkspace(tx);
    const state = invitationState(await getInvitation(tx, id), tx.now());
    if (state !== "open" && state !== "expired") throw InvitationClosed();
    await updateInvitation(tx, id, { expiresAt: expiryFrom(tx.now()) });
    return getInvitation(tx, id);
  });
  return mailInvitation(runtime, invitation);
}

export async function cancelInvitation(ctx: Context, id: string): Promise<void> {
  allow(ctx, "members:write");
  await inTransaction(ctx, async (tx) => {
    await lockWorkspace(tx);
    const invitation = await getInvitation(tx, id);
    if (invitationState(invitation, tx.now()) !== "open") throw InvitationClosed();
    await updateInvitation(tx, id, { cancelledAt: tx.now() });
    await emit(tx, invitationCancelled, { invitationId: id, email: invitation.email }, { subjectId: id });
  });
}

async function getInvitation(tx: Context, id: string): Promise<InvitationRow> {
  const invitation = await findInvitation(tx, id);
  if (!invitation) throw NotFound();
  return invitation;
}

async function mailInvitation(runtime: Runtime, invitation: InvitationRow): Promise<SentInvitation> {
  const link = invitationLink(runtime.config, invitation.id);
  const delivery = await sendSystemMail(runtime, invitation.workspaceId, invitationMail({ ...invitation, link }));
  return { invitation, link, delivery };
}
