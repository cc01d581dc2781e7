import type { Context } from "#platform/context.ts";
import { isSameText } from "#platform/crypto.ts";
import { isId } from "#platform/ids.ts";

/*
 * A link of a mail carries all that it says: whose message, where to, and our signature. So it leads on while the database is away, nothing is
 * written when it is made, and it leads nowhere but where we put it. The ids stand without their prefixes, each 26 characters long.
 */

const ID_LENGTH = 26;
/** 96 bits of an HMAC-SHA-256: nobody finds one by trying, and each character counts in a link. */
const PROOF_LENGTH = 16;
/** 72 bits: too many to be found by trying at the rate that one server answers. */
const SHORT_LENGTH = 12;
/** Longer addresses are left as they are: with their token they would pass the 2,000 characters that some programs take. */
const MOST_URL_CHARACTERS = 1_400;

const LINK = "tracked-link";
const PIXEL = "tracked-pixel";
const SHORT = "tracked-short";

type Signer = Pick<Context, "workspace" | "keyedHash">;
/** What signs for a workspace: a context, made once the token has named its workspace. */
type SignerOf = (workspaceId: string) => Signer;

export type Named = { workspaceId: string; messageId: string };

const about = ({ workspace }: Signer, messageId: string) =>
  `${workspace.slice("ws_".length)}${messageId.slice("msg_".length)}`;

const proofOf = (signer: Signer, use: string, messageId: string, url: string) =>
  signer.keyedHash(use, `${messageId} ${url}`).slice(0, PROOF_LENGTH);

/** The token of a link in a mail; null for what cannot be tracked: an address too long, or ids that are not of our making. */
export function linkToken(signer: Signer, messageId: string, url: string): string | null {
  if (url.length > MOST_URL_CHARACTERS || !isId("msg", messageId) || !isId("ws", signer.workspace)) return null;
  return `${about(signer, messageId)}${proofOf(signer, LINK, messageId, url)}${Buffer.from(url).toString("base64url")}`;
}

/** The token of the picture that says that a mail was opened; null as for a link. */
export function pixelToken(signer: Signer, messageId: string): string | null {
  if (!isId("msg", messageId) || !isId("ws", signer.workspace)) return null;
  return `${about(signer, messageId)}${proofOf(signer, PIXEL, messageId, "")}`;
}

/** The token of the nth link of a text. The same each time that the text is made; known to whoever has the text. */
export const shortToken = (signer: Signer, messageId: string, place: number): string =>
  signer.keyedHash(SHORT, `${messageId} ${place}`).slice(0, SHORT_LENGTH);

/** Whether a token is one of those that are looked up: all others carry what they say. */
export const isShortToken = (token: string): boolean => token.length === SHORT_LENGTH && /^[\w-]+$/.test(token);

/** The message that a token names, and whether it is we who made it. */
function read(token: string, use: string, url: string, signerOf: SignerOf): Named | null {
  const workspaceId = `ws_${token.slice(0, ID_LENGTH)}`;
  const messageId = `msg_${token.slice(ID_LENGTH, 2 * ID_LENGTH)}`;
  if (!isId("ws", workspaceId) || !isId("msg", messageId)) return null;
  const proof = token.slice(2 * ID_LENGTH, 2 * ID_LENGTH + PROOF_LENGTH);
  return isSameText(proof, proofOf(signerOf(workspaceId), use, messageId, url)) ? { workspaceId, messageId } : null;
}

/** Where a link of a mail leads, and whose it is; null for any text that we did not make. */
export function readLinkToken(token: string, signerOf: SignerOf): (Named & { url: string }) | null {
  const encoded = token.slice(2 * ID_LENGTH + PROOF_LENGTH);
  const url = Buffer.from(encoded, "base64url").toString("utf8");
  if (url === "" || Buffer.from(url).toString("base64url") !== encoded) return null;
  const named = read(token, LINK, url, signerOf);
  return named && { ...named, url };
}

/** Whose picture it is; null for any text that we did not make. */
export function readPixelToken(token: string, signerOf: SignerOf): Named | null {
  return token.length === 2 * ID_LENGTH + PROOF_LENGTH ? read(token, PIXEL, "", signerOf) : null;
}
