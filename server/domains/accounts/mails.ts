import { INVITATION_DAYS } from "./rules.ts";
import type { SystemMail } from "./system-mail.ts";

/** How long a password-reset link works, in seconds. */
export const RESET_SECONDS = 60 * 60;

export const passwordResetMail = (user: { name: string; email: string }, link: string): SystemMail => ({
  to: user.email,
  subject: "Choose a new password",
  lines: [
    `Hello ${user.name},`,
    "somebody asked for a new password for your Throughline account. The link works once, within an hour.",
  ],
  button: "Choose a new password",
  link,
  footer: "If that was not you, there is nothing to do: your password has not changed.",
});

export const invitationMail = (invitation: {
  email: string;
  workspaceName: string;
  inviterName: string;
  link: string;
}): SystemMail => ({
  to: invitation.email,
  subject: `${invitation.inviterName} invites you to ${invitation.workspaceName}`,
  lines: [
    "Hello,",
    `${invitation.inviterName} invites you to work together in ${invitation.workspaceName} on Throughline. The invitation is open for ${INVITATION_DAYS} days.`,
  ],
  button: "Accept the invitation",
  link: invitation.link,
  footer: "If you do not know the sender, ignore this mail: nothing happens without you.",
});
