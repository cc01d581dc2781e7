import { type Permission, type Role } from "#platform/permissions.ts";
import { defineProblem, type Problem, type ProblemFactory } from "#platform/problems.ts";
import type { InvitationState } from "./sets.ts";

export const LastOwner = defineProblem(
  "last-owner",
  409,
  "A workspace needs an owner",
  "This person is the only owner left. Make somebody else an owner first.",
);
export const OwnersOnly = defineProblem(
  "owners-only",
  403,
  "Only an owner may do this",
  "Owners are made, changed and removed by owners. Ask one of them.",
);
export const ScopeTooWide = defineProblem(
  "scope-too-wide",
  403,
  "A key cannot do more than you",
  "An API key acts within the role of the person who makes it. Leave out the permissions that your role does not have.",
);
export const AlreadyMember = defineProblem(
  "already-member",
  409,
  "This person is a member already",
  "Somebody with this e-mail address belongs to the workspace. Change their role on the members page instead.",
);
export const AlreadyInvited = defineProblem(
  "already-invited",
  409,
  "This person is invited already",
  "An invitation to this address is open. Send it again, or cancel it first to invite with another role.",
);
export const InvitationClosed = defineProblem(
  "invitation-closed",
  410,
  "This invitation is no longer open",
  "It was accepted, cancelled or has expired, or its link is not complete. Ask for a new one.",
);
export const InvitationForAnother = defineProblem(
  "invitation-for-another",
  403,
  "This invitation is for another address",
  "You are signed in with another e-mail address than the one that was invited. Sign in, or sign up, with that one.",
);
export const PersonNeeded = defineProblem(
  "person-needed",
  403,
  "This needs a signed-in person",
  "The operation concerns a person's own account. An API key acts in one workspace and cannot do it.",
);

/** How long an invitation can be accepted. */
export const INVITATION_DAYS = 7;

/** Of a person or a workspace. */
export const NAME_MAX = 100;
export const PASSWORD_MIN = 10;
/** scrypt reads all of it: a longer one would only cost time. */
export const PASSWORD_MAX = 128;

/**
 * Who changes a membership. `null` is our own work, which may do anything that keeps the invariant. A key acts with the role of the person
 * who made it.
 */
export type Changer = { role: Role } | null;

/** Why this role cannot be given, or null. `owners` counts the owners there are, the target included. */
export function whyNotChangeRole(by: Changer, from: Role, to: Role, owners: number): ProblemFactory | null {
  if (from === to) return null;
  if (by && by.role !== "OWNER" && (from === "OWNER" || to === "OWNER")) return OwnersOnly;
  return from === "OWNER" && owners <= 1 ? LastOwner : null;
}

/** Why this member cannot be removed, or null. Whoever leaves by themselves needs nobody's leave, but a workspace keeps an owner. */
export function whyNotRemoveMember(by: Changer, role: Role, owners: number, isSelf: boolean): ProblemFactory | null {
  if (by && !isSelf && role === "OWNER" && by.role !== "OWNER") return OwnersOnly;
  return role === "OWNER" && owners <= 1 ? LastOwner : null;
}

/** What is refused to this person, in words that say what to do first. */
export function refused(refusal: ProblemFactory, member: { name: string }, isSelf: boolean): Problem {
  if (refusal !== LastOwner) return refusal();
  return LastOwner(
    isSelf
      ? "You are the only owner of this workspace. Make somebody else an owner first."
      : `${member.name} is the only owner of this workspace. Make somebody else an owner first.`,
  );
}

/** Why nobody can be invited in this role, or null. */
export function whyNotInvite(by: Changer, role: Role): ProblemFactory | null {
  return by && role === "OWNER" && by.role !== "OWNER" ? OwnersOnly : null;
}

/** Why a key cannot be given these permissions by somebody who has `held`, or null. */
export function whyNotGrant(held: ReadonlySet<Permission>, scopes: readonly Permission[]): ProblemFactory | null {
  return scopes.every((scope) => held.has(scope)) ? null : ScopeTooWide;
}

export type InvitationTimes = { acceptedAt: Date | null; cancelledAt: Date | null; expiresAt: Date };

export function invitationState({ acceptedAt, cancelledAt, expiresAt }: InvitationTimes, now: Date): InvitationState {
  if (acceptedAt) return "accepted";
  if (cancelledAt) return "cancelled";
  return expiresAt <= now ? "expired" : "open";
}

/** Why a person with this address cannot accept, or null. Addresses are compared without case. */
export function whyNotAccept(
  invitation: InvitationTimes & { email: string },
  email: string,
  now: Date,
): ProblemFactory | null {
  if (invitationState(invitation, now) !== "open") return InvitationClosed;
  return invitation.email.toLowerCase() === email.toLowerCase() ? null : InvitationForAnother;
}

/** Is this the name of a zone in the IANA database, as this runtime knows it? */
export function isTimeZone(name: string): boolean {
  try {
    // Offsets such as "+02:00" are accepted by Intl, but follow no daylight saving time.
    return /^[A-Za-z]/.test(name) && Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}
