/** Ids of one e-mail thread kept in References: the first and the latest, as RFC 5322 allows a long chain to be cut. */
const REFERENCES_KEPT = 10;

/** What a header is built from may hold no line break, blank or bracket: that is how headers are forged. */
function assertToken(value: string): string {
  if (value === "" || /[\s<>]/.test(value))
    throw new RangeError(`${JSON.stringify(value)} cannot stand in a mail header`);
  return value;
}

/** The Message-ID of our message: stable, so a retry carries the same one, and ours, so replies can be matched (RFC 5322, 3.6.4). */
export function mintMessageId(messageId: string, domain: string): string {
  return `<${assertToken(messageId)}@${assertToken(domain)}>`;
}

/** Headers of one e-mail by name, ready for a mail library. */
export type EmailHeaders = Record<string, string>;

/**
 * The headers that are ours to set. `domain` is the sender's. `unsubscribe`: an https URL that a mail program may POST to
 * (RFC 8058 wants https; plain http is for a machine of one's own) and an address that takes mails (RFC 2369); null only for what is no bulk mail. `earlier`: the Message-IDs, in
 * angle brackets, of the thread so far, oldest first; the last is the one answered. Throws RangeError for a value that would
 * break a header.
 */
export function buildEmailHeaders(asked: {
  messageId: string;
  domain: string;
  unsubscribe: { url: string; address: string } | null;
  earlier?: readonly string[];
}): EmailHeaders {
  const { messageId, domain, unsubscribe, earlier = [] } = asked;
  const headers: EmailHeaders = { "Message-ID": mintMessageId(messageId, domain) };
  if (unsubscribe) {
    const { url, address } = unsubscribe;
    if (!url.startsWith("https://") && !url.startsWith("http://"))
      throw new RangeError("One-click unsubscribe needs a web address");
    // The link's own token goes along: it says whom we wrote to, whichever of their addresses the mail comes from.
    const token = new URL(url).pathname.split("/").at(-1) ?? "";
    const mailto = `mailto:${assertToken(address)}?subject=unsubscribe%20${encodeURIComponent(token)}`;
    headers["List-Unsubscribe"] = `<${mailto}>, <${assertToken(url)}>`;
    headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click";
  }
  const last = earlier.at(-1);
  if (last !== undefined) {
    const kept =
      earlier.length > REFERENCES_KEPT ? [earlier[0] ?? last, ...earlier.slice(1 - REFERENCES_KEPT)] : earlier;
    const ids = kept.map((id) => `<${assertToken(id.replace(/^<|>$/g, ""))}>`);
    headers["In-Reply-To"] = ids.at(-1) ?? last;
    headers.References = ids.join(" ");
  }
  return headers;
}
