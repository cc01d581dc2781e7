/**
 * Why an opening or a click is taken for a machine's. head_request: links are followed with GET · prefetch: a mail program fetched pictures
 * before anybody looked · scanner: a program that looks at links for others · datacenter: a program without a person · too_soon, burst: faster
 * than people · vendor_says: the vendor that told of it calls it so.
 */
export const BOT_REASONS = [
  "head_request",
  "prefetch",
  "scanner",
  "datacenter",
  "too_soon",
  "burst",
  "vendor_says",
] as const;
export type BotReason = (typeof BOT_REASONS)[number];

/** What the request itself says. */
export type Asked = {
  kind: "OPEN" | "CLICK";
  isHead: boolean;
  /** What the browser says the request is for: `Sec-Purpose`, `Purpose`, `X-Moz`. */
  purpose: string | null;
  userAgent: string | null;
};

/**
 * Apple's Mail Privacy Protection fetches every picture when the mail arrives, and names itself no further than this
 * (https://developer.apple.com/videos/play/wwdc2021/10085). No browser of a person says so little.
 */
const APPLE_PROXY = /^Mozilla\/5\.0$/;
/**
 * What Gmail fetches for a session that is open, before the mail is shown (https://www.sparkpost.com/blog/gmail-prefetching-images). Its image
 * proxy, `GoogleImageProxy`, is another matter: it asks when the person opens the mail, and counts.
 */
const GMAIL_PREFETCH = /Edge\/12\.246 Mozilla\/5\.0$/;

/** Programs that look at the links of mails and messages: protection, previews, search. */
const SCANNERS =
  /bot\b|bot\/|crawler|spider|preview|unfurl|facebookexternalhit|whatsapp\/|slackbot|skypeuri|google-safety|barracuda|proofpoint|mimecast|symantec|trendmicro|forcepoint|sophos|fireeye|cloudmark|safelinks|link-?check|urlscan|virustotal/i;

/** Libraries and browsers without a screen. */
const PROGRAMS =
  /^(?:curl|wget|python|java|go-http-client|okhttp|ruby|php|perl|libwww|axios|node|undici|got)\b|python-requests|aiohttp|httpclient|headless|phantomjs|puppeteer|playwright|selenium|scrapy/i;

/** Why a request is a machine's, as far as it says so itself; null otherwise. */
export function botReasonOf({ kind, isHead, purpose, userAgent }: Asked): BotReason | null {
  if (isHead) return "head_request";
  if (purpose !== null && /prefetch|prerender|preview/i.test(purpose)) return "prefetch";
  const agent = userAgent?.trim() ?? "";
  if (kind === "OPEN" && (APPLE_PROXY.test(agent) || GMAIL_PREFETCH.test(agent))) return "prefetch";
  if (SCANNERS.test(agent)) return "scanner";
  return agent === "" || PROGRAMS.test(agent) ? "datacenter" : null;
}

/** Nobody has read a mail and followed its link by then. */
export const TOO_SOON_MS = 2_000;
export const BURST_MS = 1_000;
/** Different links of one message: a person has one pointer. */
const BURST_LINKS = 3;

export type Click = { at: Date; url: string | null };

/** Why a click is a machine's by its time, given when its message was handed over and what else of it was followed; null otherwise. */
export function botReasonByTime(click: Click, handedAt: Date | null, others: readonly Click[]): BotReason | null {
  const at = click.at.getTime();
  if (handedAt !== null && at - handedAt.getTime() < TOO_SOON_MS) return "too_soon";
  const near = others.filter((other) => Math.abs(other.at.getTime() - at) <= BURST_MS);
  return new Set([click, ...near].map(({ url }) => url)).size >= BURST_LINKS ? "burst" : null;
}
