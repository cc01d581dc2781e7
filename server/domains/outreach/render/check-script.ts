import { countSegments } from "#domains/messaging/segments.ts";
import type { BodyFormat } from "./sets.ts";

/** What the filters of mailboxes and carriers, and people, take for spam or cannot show. */
export const SCRIPT_CHECKS = [
  "subject_caps",
  "subject_marks",
  "subject_long",
  "subject_pretends",
  "spam_words",
  "shouting",
  "exclamations",
  "link_shortener",
  "link_address",
  "link_unsafe",
  "link_mismatch",
  "links_many",
  "image_only",
  "image_without_words",
  "not_for_mail",
  "too_large",
  "text_long",
] as const;

/** One finding. `warning`: it costs delivery or trust; `hint`: it could read better. `advice`: what to do. */
export type ScriptFinding = {
  code: (typeof SCRIPT_CHECKS)[number];
  severity: "warning" | "hint";
  detail: string;
  advice: string;
};

/** A text as it stands in an editor, saved or not. */
export type CheckedScript = {
  type: "CALL" | "SMS" | "EMAIL";
  subject?: string | null;
  preheader?: string | null;
  content?: string | null;
  format?: BodyFormat;
};

/** A phone shows about as many characters of a subject as fit on a line; desktops show some more. */
const LONG_SUBJECT = 60;
/** Gmail cuts off a mail after 102 kB of HTML, and the layout takes some (https://github.com/hteumeuleu/email-bugs/issues/41). */
const LARGE_BODY = 90_000;
const MANY_LINKS = 10;
const MANY_SEGMENTS = 3;
const FEW_WORDS = 80;

/**
 * Phrases that stand in the lists of words which content filters weigh (SpamAssassin's body rules, and what mail providers advise against). One of
 * them is nothing; several make a letter an advertisement.
 */
const PHRASES = [
  "100% free",
  "act now",
  "as seen on",
  "buy now",
  "call now",
  "cash bonus",
  "click here",
  "double your",
  "earn money",
  "extra income",
  "free gift",
  "free money",
  "guaranteed",
  "limited time",
  "make money",
  "no credit check",
  "no obligation",
  "no risk",
  "once in a lifetime",
  "order now",
  "risk-free",
  "special promotion",
  "this is not spam",
  "urgent",
  "while supplies last",
  "winner",
  "you have been selected",
];

const SHORTENERS = new Set(
  "bit.ly buff.ly cutt.ly goo.gl is.gd lnkd.in ow.ly rb.gy rebrand.ly s.id shorturl.at short.io t.co t.ly tiny.cc tinyurl.com v.gd".split(
    " ",
  ),
);

const LIQUID = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g;

type Link = { url: string; words: string };

const withoutTags = (html: string) =>
  html
    .replaceAll(/<(style|script|head)\b[\s\S]*?<\/\1\s*>/gi, " ")
    .replaceAll(/<!--[\s\S]*?-->/g, " ")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/&(?:nbsp|#160);/g, " ");

/** Links with the words they stand behind; in a text an address is its own words. */
function linksIn(content: string, format: BodyFormat | "text"): Link[] {
  const found: Link[] = [];
  let rest = content;
  const take = (pattern: RegExp, read: (groups: readonly string[]) => Link) => {
    rest = rest.replace(pattern, (...groups: string[]) => {
      found.push(read(groups));
      return " ";
    });
  };
  if (format !== "text") {
    take(/<a\b[^>]*?\bhref\s*=\s*(["'])([\s\S]*?)\1[^>]*>([\s\S]*?)<\/a\s*>/gi, ([, , url = "", words = ""]) => ({
      url: url.replaceAll("&amp;", "&").trim(),
      words: withoutTags(words).trim(),
    }));
  }
  if (format === "markdown")
    take(/\[([^\]]*)\]\(\s*<?([^)\s>]+)>?[^)]*\)/g, ([, words = "", url = ""]) => ({ url, words: words.trim() }));
  if (format !== "html") take(/https?:\/\/[^\s<>"')\]]+/gi, ([url = ""]) => ({ url, words: url }));
  return found;
}

const hostOf = (url: string): string | null => {
  const bare = url.replaceAll(LIQUID, "x");
  return /^https?:\/\//i.test(bare) && URL.canParse(bare) ? new URL(bare).hostname.replace(/^www\./, "") : null;
};

/** The host that words claim to lead to, where they look like an address. */
function claimedHost(words: string): string | null {
  const bare = /^(?:https?:\/\/)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?:[/?#:].*)?$/i.exec(words)?.[1];
  return bare === undefined ? null : bare.toLowerCase().replace(/^www\./, "");
}

const isSameSite = (one: string, other: string) =>
  one === other || one.endsWith(`.${other}`) || other.endsWith(`.${one}`);

const listed = (items: readonly string[]) => [...new Set(items)].slice(0, 3).join(", ");

/** Looks at a text as filters, mail programs and people will. Nothing here keeps it from being sent. Pure; runs as one types. */
export function checkScript(script: CheckedScript): ScriptFinding[] {
  const content = script.content ?? "";
  if (script.type === "CALL" || content.trim() === "") return [];
  const isMail = script.type === "EMAIL";
  const format = isMail ? (script.format ?? "markdown") : "text";
  const words = (format === "text" ? content : withoutTags(content)).replaceAll(LIQUID, " ");
  return [
    ...(isMail ? checkSubject((script.subject ?? "").replaceAll(LIQUID, " ")) : []),
    ...checkWords(`${isMail ? (script.subject ?? "") : ""} ${script.preheader ?? ""} ${words}`, words),
    ...checkLinks(linksIn(content, format)),
    ...(isMail ? checkPage(content, words) : checkText(content)),
  ];
}

function checkSubject(subject: string): ScriptFinding[] {
  const findings: ScriptFinding[] = [];
  const letters = subject.match(/\p{L}/gu) ?? [];
  const capitals = subject.match(/\p{Lu}/gu) ?? [];
  if (letters.length >= 6 && capitals.length / letters.length >= 0.7) {
    findings.push({
      code: "subject_caps",
      severity: "warning",
      detail: "The subject is written in capitals",
      advice: "Write it as a sentence.",
    });
  }
  if (/!{2,}|\?{2,}|[!?].*[!?]/.test(subject)) {
    findings.push({
      code: "subject_marks",
      severity: "warning",
      detail: "The subject has more than one exclamation or question mark",
      advice: "Keep one at most.",
    });
  }
  if (subject.trim().length > LONG_SUBJECT) {
    findings.push({
      code: "subject_long",
      severity: "hint",
      detail: `The subject is longer than ${LONG_SUBJECT} characters; phones cut it off`,
      advice: "Say what matters first, or shorten it.",
    });
  }
  if (/^\s*(re|fwd?|aw)\s*:/i.test(subject)) {
    findings.push({
      code: "subject_pretends",
      severity: "warning",
      detail: "The subject pretends to be an answer or to be forwarded",
      advice: "Take the prefix away: the law of several countries forbids subjects that mislead.",
    });
  }
  return findings;
}

function checkWords(all: string, words: string): ScriptFinding[] {
  const findings: ScriptFinding[] = [];
  const lower = all.toLowerCase();
  const phrases = PHRASES.filter((phrase) =>
    new RegExp(`(?<![\\p{L}\\p{N}])${phrase}(?![\\p{L}\\p{N}])`, "u").test(lower),
  );
  if (phrases.length > 0) {
    findings.push({
      code: "spam_words",
      severity: phrases.length > 1 ? "warning" : "hint",
      detail: `Spam filters know: ${listed(phrases)}${phrases.length > 3 ? ` and ${phrases.length - 3} more` : ""}`,
      advice: "Say it as you would to somebody you know.",
    });
  }
  const long = words.match(/\p{L}{4,}/gu) ?? [];
  const shouted = long.filter((word) => word === word.toUpperCase() && word !== word.toLowerCase());
  if (shouted.length >= 3 && shouted.length / long.length > 0.2) {
    findings.push({
      code: "shouting",
      severity: "warning",
      detail: `Much of the text is in capitals: ${listed(shouted)}`,
      advice: "Write words as words; stress at most one.",
    });
  }
  const marks = (words.match(/!/g) ?? []).length;
  if (marks > 3) {
    findings.push({
      code: "exclamations",
      severity: "hint",
      detail: `The text has ${marks} exclamation marks`,
      advice: "One or two are enough.",
    });
  }
  return findings;
}

function checkLinks(links: readonly Link[]): ScriptFinding[] {
  const findings: ScriptFinding[] = [];
  const hosts = links.flatMap(({ url }) => hostOf(url) ?? []);
  const shortened = hosts.filter((host) => SHORTENERS.has(host));
  if (shortened.length > 0) {
    findings.push({
      code: "link_shortener",
      severity: "warning",
      detail: `A link goes through a public shortener: ${listed(shortened)}`,
      advice:
        "Write the address itself: carriers and filters block shorteners. Links over your own host are made short by themselves when clicks are noted.",
    });
  }
  const bare = hosts.filter((host) => /^\d+\.\d+\.\d+\.\d+$/.test(host) || host.startsWith("["));
  if (bare.length > 0) {
    findings.push({
      code: "link_address",
      severity: "warning",
      detail: `A link leads to a number instead of a name: ${listed(bare)}`,
      advice: "Use the name of the site.",
    });
  }
  const unsafe = links.flatMap(({ url }) => (/^http:\/\//i.test(url) ? [hostOf(url) ?? url] : []));
  if (unsafe.length > 0) {
    findings.push({
      code: "link_unsafe",
      severity: "warning",
      detail: `A link is not encrypted: ${listed(unsafe)}`,
      advice: "Write https:// instead of http://.",
    });
  }
  const mismatched = links.flatMap(({ url, words }) => {
    const [host, claimed] = [hostOf(url), claimedHost(words)];
    return host !== null && claimed !== null && !isSameSite(host, claimed) ? [`${claimed} leads to ${host}`] : [];
  });
  if (mismatched.length > 0) {
    findings.push({
      code: "link_mismatch",
      severity: "warning",
      detail: `The words of a link name another site than it leads to: ${listed(mismatched)}`,
      advice: "Name what is behind the link instead of an address; filters take this for phishing.",
    });
  }
  if (links.length > MANY_LINKS) {
    findings.push({
      code: "links_many",
      severity: "hint",
      detail: `The text has ${links.length} links`,
      advice: "One thing to do is done more often than ten.",
    });
  }
  return findings;
}

const NOT_FOR_MAIL: readonly [RegExp, string][] = [
  [/<script\b/i, "scripts"],
  [/<form\b/i, "forms"],
  [/<iframe\b/i, "frames"],
  [/<(?:video|audio)\b/i, "video and sound"],
  [/display\s*:\s*(?:inline-)?(?:flex|grid)/i, "flex and grid layouts"],
  [/<link\b[^>]*stylesheet/i, "linked style sheets"],
];

function checkPage(content: string, words: string): ScriptFinding[] {
  const findings: ScriptFinding[] = [];
  const images = [...content.matchAll(/<img\b[^>]*>/gi)].map(([tag]) => tag);
  const pictures = images.length + (content.match(/!\[[^\]]*\]\(/g) ?? []).length;
  if (pictures > 0 && words.replaceAll(/!?\[[^\]]*\]\([^)]*\)|\s+/g, "").length < FEW_WORDS) {
    findings.push({
      code: "image_only",
      severity: "warning",
      detail: "The mail is hardly more than a picture",
      advice: "Write what it says as text too: many programs show pictures only when asked to.",
    });
  }
  const mute = images.filter((tag) => !/\balt\s*=/i.test(tag)).length + (content.match(/!\[\s*\]\(/g) ?? []).length;
  if (mute > 0) {
    findings.push({
      code: "image_without_words",
      severity: "hint",
      detail: `${mute === 1 ? "A picture has" : `${mute} pictures have`} no words for those who do not see it`,
      advice: 'Give it an alt text; an ornament has alt="".',
    });
  }
  const useless = NOT_FOR_MAIL.flatMap(([pattern, name]) => (pattern.test(content) ? [name] : []));
  if (useless.length > 0) {
    findings.push({
      code: "not_for_mail",
      severity: "warning",
      detail: `Many mail programs do not show ${useless.join(", ")}`,
      advice: "Use tables and styles on the elements; put a link where something has to happen.",
    });
  }
  if (content.length > LARGE_BODY) {
    findings.push({
      code: "too_large",
      severity: "warning",
      detail: "Gmail cuts off mails of this length, and the way to unsubscribe with it",
      advice: "Shorten it; pictures belong behind links, not into the text.",
    });
  }
  return findings;
}

function checkText(content: string): ScriptFinding[] {
  const { segments } = countSegments(content);
  if (segments <= MANY_SEGMENTS) return [];
  return [
    {
      code: "text_long",
      severity: "hint",
      detail: `The text is sent in ${segments} parts, each of which costs`,
      advice: "Shorten it, or put the rest behind a link.",
    },
  ];
}
