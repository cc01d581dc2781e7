/** Gives an address that can be noted in place of one; null leaves it as it is. */
export type Wrap = (url: string) => string | null;

const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** What an attribute's value says: the entities that stand in addresses, by name and by number. */
const unescape = (value: string): string =>
  value.replaceAll(/&(?:(amp|lt|gt|quot|apos)|#(\d{1,6})|#x([\da-f]{1,5}));/gi, (_all, name, decimal, hex) => {
    if (typeof name === "string") return NAMED[name.toLowerCase()] ?? "";
    return String.fromCodePoint(typeof decimal === "string" ? Number(decimal) : Number.parseInt(String(hex), 16));
  });

const escape = (value: string): string =>
  value.replaceAll("&", "&amp;").replaceAll('"', "&#34;").replaceAll("'", "&#39;");

/** A link as a program follows it. Nothing but the web is noted: `mailto:` and `tel:` open no page. */
const isWeb = (url: string): boolean => /^https?:\/\//i.test(url) && URL.canParse(url);

/** Links of a page: `a`, `area`, and Outlook's drawn buttons. */
const LINKS = /<(?:a|area|v:[a-z]+)\s[^>]*>/gi;
const HREF = /(\shref\s*=\s*)(["'])([\s\S]*?)\2/i;

/** The HTML with each of its web links wrapped. Everything else, to the last blank, stays as it is. */
export function wrapHtml(html: string, wrap: Wrap): string {
  return html.replace(LINKS, (tag) =>
    tag.replace(HREF, (attribute, before: string, quote: string, value: string) => {
      const url = unescape(value).trim();
      const wrapped = isWeb(url) ? wrap(url) : null;
      return wrapped === null ? attribute : `${before}${quote}${escape(wrapped)}${quote}`;
    }),
  );
}

const IN_TEXT = /https?:\/\/[^\s<>"]+/gi;

/** Marks that end the sentence an address stands in, not the address; a bracket that was opened in it belongs to it. */
function withoutSentence(found: string): string {
  let url = found;
  for (;;) {
    const last = url.at(-1) ?? "";
    const isOpen = last === ")" && url.split("(").length >= url.split(")").length;
    if (!/[.,;:!?)\]}'*_]/.test(last) || isOpen) return url;
    url = url.slice(0, -1);
  }
}

/** The text with each of its web addresses wrapped; the sentence around them stays. */
export function wrapText(text: string, wrap: Wrap): string {
  return text.replace(IN_TEXT, (found) => {
    const url = withoutSentence(found);
    const wrapped = isWeb(url) ? wrap(url) : null;
    return wrapped === null ? found : `${wrapped}${found.slice(url.length)}`;
  });
}

/** The invisible picture at the end of a mail's body. */
export function withPixel(html: string, src: string): string {
  const picture = `<img src="${escape(src)}" width="1" height="1" alt="" style="display:block;width:1px;height:1px;border:0">`;
  const end = html.toLowerCase().lastIndexOf("</body");
  return end < 0 ? html + picture : html.slice(0, end) + picture + html.slice(end);
}
