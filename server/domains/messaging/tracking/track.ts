import type { Context } from "#platform/context.ts";
import type { WorkspaceSettings } from "#domains/accounts/index.ts";
import type { Channel } from "../channels.ts";
import { countSegments } from "../segments.ts";
import { type Wrap, withPixel, wrapHtml, wrapText } from "./links.ts";
import { linkToken, pixelToken, readLinkToken, shortToken } from "./tokens.ts";

/** What of a workspace's messages is noted, and on whose address. */
export type Tracking = {
  opens: boolean;
  clicks: boolean;
  /** Begins every tracked link: scheme and host, no slash at the end. */
  base: string;
  /** Begins the links that are never wrapped: those by which people say no. */
  unsubscribe: string;
};

/** The short link of a text, which is a row: a token that carried its address would be longer than the text. */
export type ShortLink = { token: string; url: string };

type Settings = Pick<WorkspaceSettings, "trackOpens" | "trackClicks" | "trackingHost">;

/** Links of a workspace's own host are of the server's own scheme: whoever serves it over TLS serves both so. */
export function trackingOf({ trackOpens, trackClicks, trackingHost }: Settings, publicUrl: string): Tracking {
  const base = trackingHost === "" ? publicUrl : `${new URL(publicUrl).protocol}//${trackingHost}`;
  return { opens: trackOpens, clicks: trackClicks, base, unsubscribe: `${publicUrl}/u/` };
}

type Words = { text: string; html: string | null; segments: number };

/** Asked of an address once, and remembered: a mail says the same link in its HTML and in its text. */
function once(wrap: Wrap): Wrap {
  const known = new Map<string, string | null>();
  return (url) => {
    const before = known.get(url);
    if (before !== undefined) return before;
    const wrapped = wrap(url);
    known.set(url, wrapped);
    return wrapped;
  };
}

/**
 * A message's words with their links led over us, and the picture that says that they were opened, as far as the workspace wants either. What
 * unsubscribes is never touched. A text's links come back as rows to be written with the message.
 */
export function trackWords<Given extends Words>(
  ctx: Pick<Context, "workspace" | "keyedHash">,
  tracking: Tracking,
  { messageId, channel }: { messageId: string; channel: Channel },
  words: Given,
): Given & { links: ShortLink[] } {
  const links: ShortLink[] = [];
  if (channel === "CALL" || !(tracking.clicks || tracking.opens)) return { ...words, links };
  const isLeftAlone = (url: string) => url.startsWith(tracking.unsubscribe) || url.startsWith(`${tracking.base}/l/`);
  if (channel === "SMS") {
    if (!tracking.clicks) return { ...words, links };
    const wrap = once((url) => {
      if (isLeftAlone(url)) return null;
      const token = shortToken(ctx, messageId, links.length);
      links.push({ token, url });
      return `${tracking.base}/l/${token}`;
    });
    const text = wrapText(words.text, wrap);
    return links.length === 0 ? { ...words, links } : { ...words, text, segments: countSegments(text).segments, links };
  }
  let { text, html } = words;
  if (tracking.clicks) {
    const wrap = once((url) => {
      const token = isLeftAlone(url) ? null : linkToken(ctx, messageId, url);
      return token === null ? null : `${tracking.base}/l/${token}`;
    });
    text = wrapText(text, wrap);
    html = html === null ? null : wrapHtml(html, wrap);
  }
  const picture = tracking.opens && html !== null ? pixelToken(ctx, messageId) : null;
  if (html !== null && picture !== null) html = withPixel(html, `${tracking.base}/o/${picture}.gif`);
  return { ...words, text, html, links };
}

const TRACKED = /https?:\/\/[^\s<>"'/]+\/l\/([\w-]{80,})/g;
const PICTURE = /<img src="https?:\/\/[^"/]+\/o\/[\w-]+\.gif"[^>]*>/g;

const SHORT = /https?:\/\/[^\s<>"'/]+\/l\/([\w-]{12})(?![\w-])/g;

/**
 * A message's words as they were before: for those of us who look at what was sent, and must not be taken for the person who got it, and for words
 * that go out once more. `shortLinks`: where those of a text lead, by their tokens.
 */
export function untrackWords(
  ctx: Pick<Context, "workspace" | "keyedHash">,
  words: { text: string; html: string | null },
  shortLinks: ReadonlyMap<string, string> = new Map(),
) {
  const back = (escape: (url: string) => string) => (link: string, token: string) => {
    const read = readLinkToken(token, () => ctx);
    return read ? escape(read.url) : link;
  };
  return {
    text: words.text
      .replaceAll(
        TRACKED,
        back((url) => url),
      )
      .replaceAll(SHORT, (link: string, token: string) => shortLinks.get(token) ?? link),
    html:
      words.html?.replaceAll(PICTURE, "").replaceAll(
        TRACKED,
        back((url) => url.replaceAll("&", "&amp;").replaceAll('"', "&#34;").replaceAll("'", "&#39;")),
      ) ?? null,
  };
}

/** Whether an address is a link that we made for a message of this workspace. */
export function isTrackedLink(ctx: Pick<Context, "workspace" | "keyedHash">, url: string): boolean {
  const token = /\/l\/([\w-]{80,})/.exec(url)?.[1];
  return token !== undefined && readLinkToken(token, () => ctx) !== null;
}
