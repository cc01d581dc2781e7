import type { Config } from "#platform/config.ts";
import { isSigned, sign } from "#platform/crypto.ts";
import { isId } from "#platform/ids.ts";

const USE = "invitation";

/** The page behind an invitation. Signed over the id: nobody who did not get the link can make it, and no secret is stored. */
export const invitationLink = ({ publicUrl, secretKey }: Config, id: string) =>
  `${publicUrl}/invitations/${id}.${sign(secretKey, USE, id)}`;

/** The invitation that a link's token stands for; null when we did not sign it. */
export function readInvitationToken({ secretKey }: Config, token: string): string | null {
  const [id = "", signature = ""] = token.split(".");
  return isId("inv", id) && isSigned(secretKey, USE, id, signature) ? id : null;
}
