/** The parts of an e-mail that belong to the layout, as plain text; `body` is HTML. */
export type EmailParts = {
  subject: string;
  preheader: string | null;
  body: string;
  /** The body is a whole HTML page of its own. */
  isDocument: boolean;
  workspaceName: string;
  postalAddress: string;
  unsubscribeUrl: string;
};

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&#34;",
  "'": "&#39;",
};

const escapeHtml = (text: string) => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

/** Where a person chooses channel by channel: on the page that their link leads to. */
const preferencesUrl = (unsubscribeUrl: string) => `${unsubscribeUrl}#preferences`;

const oneLine = (text: string) => text.split(/\s*\n\s*/).filter(Boolean);

/** Shown after the subject in the list of mails. The invisible filler keeps the first words of the body from following it. */
function preheaderBlock(preheader: string | null): string {
  if (!preheader) return "";
  const hidden = "display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;mso-hide:all";
  return `<div style="${hidden}">${escapeHtml(preheader)}${"&#847;&zwnj;&nbsp;".repeat(60)}</div>`;
}

/** Who writes, from where, and the way out: the law asks for the address, the mail providers for the link. */
function footer({ workspaceName, postalAddress, unsubscribeUrl }: EmailParts): string {
  const who = [workspaceName, ...oneLine(postalAddress)]
    .filter((line) => line !== "")
    .map(escapeHtml)
    .join(" · ");
  const link = (href: string, words: string) =>
    `<a href="${escapeHtml(href)}" style="color:#52525b;text-decoration:underline">${words}</a>`;
  return (
    `<p class="tl-foot" style="margin:0;font-family:${FONT};font-size:13px;line-height:1.5;color:#52525b">` +
    `${who}<br>${link(unsubscribeUrl, "Unsubscribe")} · ${link(preferencesUrl(unsubscribeUrl), "Choose what you get")}</p>`
  );
}

const FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

// Programs that read no style sheet keep the light colours on the elements; those that do may turn them dark. The second set
// of selectors is Outlook.com's, which renames what it darkens.
const DARK = [
  [".tl-page", "background-color:#18181b!important"],
  [".tl-card", "background-color:#27272a!important"],
  [".tl-body", "color:#f4f4f5!important"],
  [".tl-body a", "color:#93c5fd!important"],
  [".tl-foot,.tl-foot a", "color:#a1a1aa!important"],
] as const;

const STYLE_SHEET =
  ":root{color-scheme:light dark;supported-color-schemes:light dark}" +
  `@media (prefers-color-scheme:dark){${DARK.map(([selector, rule]) => `${selector}{${rule}}`).join("")}}` +
  DARK.map(([selector, rule]) => `${selector.replaceAll(".tl", "[data-ogsc] .tl")}{${rule}}`).join("") +
  "@media (max-width:480px){.tl-body{padding:24px 20px 8px!important}}";

const TABLE = 'role="presentation" border="0" cellpadding="0" cellspacing="0" width="100%"';

/**
 * A whole HTML mail around a body: tables and styles on the elements, since Outlook lays out with Word and Gmail drops what it
 * does not know; at most 600 px wide; light and dark; address and unsubscribe link below. A body that is a page itself
 * keeps its own layout and gets the preheader and the footer put in.
 */
export function emailDocument(parts: EmailParts): string {
  if (parts.isDocument) return intoDocument(parts);
  return (
    `<!DOCTYPE html>\n<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">` +
    `<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">` +
    `<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">` +
    `<title>${escapeHtml(parts.subject)}</title><style>${STYLE_SHEET}</style></head>\n` +
    `<body class="tl-page" style="margin:0;padding:0;background-color:#f4f4f5">${preheaderBlock(parts.preheader)}` +
    `<table ${TABLE} class="tl-page" style="background-color:#f4f4f5"><tr><td align="center" style="padding:24px 12px">\n` +
    `<!--[if mso]><table role="presentation" align="center" width="600"><tr><td><![endif]-->\n` +
    `<table ${TABLE} style="max-width:600px"><tr>` +
    `<td class="tl-card" style="background-color:#ffffff;border-radius:8px"><table ${TABLE}><tr>` +
    `<td class="tl-body" style="padding:32px 32px 16px;font-family:${FONT};font-size:16px;line-height:1.6;color:#18181b">\n` +
    `${parts.body}\n</td></tr></table></td></tr>\n` +
    `<tr><td align="center" style="padding:16px 32px">${footer(parts)}</td></tr></table>\n` +
    `<!--[if mso]></td></tr></table><![endif]-->\n</td></tr></table></body></html>\n`
  );
}

function intoDocument(parts: EmailParts): string {
  const { body } = parts;
  const opening = /<body[^>]*>/i.exec(body);
  const top = opening ? opening.index + opening[0].length : 0;
  const close = body.search(/<\/body\s*>/i);
  const bottom = close < top ? body.length : close;
  const end = `<div style="padding:16px;text-align:center">${footer(parts)}</div>`;
  return body.slice(0, top) + preheaderBlock(parts.preheader) + body.slice(top, bottom) + end + body.slice(bottom);
}

/** The same footer for the text part. "-- " marks what follows as no part of the letter (RFC 3676, section 4.3). */
export function textFooter({
  workspaceName,
  postalAddress,
  unsubscribeUrl,
}: Omit<EmailParts, "body" | "subject" | "preheader" | "isDocument">): string {
  return `\n\n-- \n${[workspaceName, ...oneLine(postalAddress)].filter((line) => line !== "").join("\n")}\nUnsubscribe: ${unsubscribeUrl}\n`;
}
