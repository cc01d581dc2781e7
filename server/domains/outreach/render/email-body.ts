import { compile } from "html-to-text";
import juice from "juice";
import { Marked } from "marked";
import type { BodyFormat } from "./sets.ts";

/** Two liquid templates for one body. `isDocument`: the author wrote a whole HTML page, which brings its own layout. */
export type BodyTemplates = { html: string; text: string; isDocument: boolean };

// Line breaks are kept as typed: a mail is a letter, not a document.
const markdown = new Marked({ gfm: true, breaks: true });

const toText = compile({
  wordwrap: false,
  selectors: [
    { selector: "a", options: { hideLinkHrefIfSameAsText: true, linkBrackets: ["(", ")"] } },
    { selector: "img", format: "skip" },
    { selector: "ul", options: { itemPrefix: "- " } },
    // A row to a line, in layout tables as in tables of data: columns would be measured before the values are filled in.
    { selector: "tr", format: "block", options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    ...["th", "td"].map((selector) => ({ selector, format: "inlineSurround", options: { suffix: " " } })),
    ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
});

/** Mail programs drop style sheets, so what Markdown makes carries its style on each element. Colours are the layout's. */
const STYLES: Readonly<Record<string, string>> = {
  p: "margin:0 0 16px",
  h1: "margin:0 0 16px;font-size:26px;line-height:1.25",
  h2: "margin:24px 0 12px;font-size:21px;line-height:1.3",
  h3: "margin:20px 0 8px;font-size:18px;line-height:1.35",
  ul: "margin:0 0 16px;padding-left:24px",
  ol: "margin:0 0 16px;padding-left:24px",
  li: "margin:0 0 4px",
  blockquote: "margin:0 0 16px;padding-left:16px;border-left:3px solid #a1a1aa",
  hr: "margin:24px 0;border:0;border-top:1px solid #a1a1aa",
  pre: "margin:0 0 16px;overflow-x:auto;font-family:ui-monospace,Menlo,Consolas,monospace;font-size:14px",
  code: "font-family:ui-monospace,Menlo,Consolas,monospace;font-size:14px",
  table: "margin:0 0 16px;border-collapse:collapse",
  th: "padding:4px 12px 4px 0;text-align:left",
  td: "padding:4px 12px 4px 0;text-align:left",
};

const withStyles = (html: string) =>
  html
    .replace(/<([a-z]+[1-6]?)>/g, (tag, name: string) => (STYLES[name] ? `<${name} style="${STYLES[name]}">` : tag))
    .replaceAll('<a href="', '<a style="color:#1d4ed8" href="')
    .replaceAll('<img src="', '<img style="max-width:100%;height:auto" src="');

/** A mark of liquid in a tag, but in the value of an attribute: `<p {% if x %}class="a"{% endif %}>`. */
const hasLiquidInTag = (guarded: string, mark: string) =>
  new RegExp(`<[a-z][^<>"']*(?:(?:"[^"]*"|'[^']*')[^<>"']*)*${mark}\\d+e`, "i").test(guarded);

/**
 * A page's style sheet written onto its elements, because Gmail drops those it does not like, and Outlook reads little of the rest. What cannot be
 * written there stays: media queries, `:hover`. Nothing is fetched. Once for each text, when it is compiled: never for a lead. A page
 * whose tags are themselves made by conditions keeps its style sheet: read before it is filled in, it is no HTML.
 */
function withInlinedStyles(guarded: string, mark: string): string {
  if (hasLiquidInTag(guarded, mark)) return guarded;
  return juice(guarded, {
    preserveMediaQueries: true,
    preservePseudos: true,
    preserveFontFaces: false,
    preserveImportant: true,
    removeStyleTags: true,
  });
}

const LIQUID = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g;

/** Literal braces of the text, which came out of entities, must not become liquid. */
const escapeBraces = (text: string) => text.replaceAll(/\{[{%]/g, (braces) => `{{ "${braces}" }}`);

/**
 * Turns the body of an e-mail script into an HTML and a text template once, so that sending only fills them in. Liquid passes
 * through Markdown and HTML as plain words: its quotes and pipes stay what they are, and a value can never become markup.
 */
export function compileBody(content: string, format: BodyFormat): BodyTemplates {
  const pieces: string[] = [];
  let mark = "zq";
  while (content.includes(mark)) mark += "q";
  const guarded = content.replace(LIQUID, (piece) => `${mark}${pieces.push(piece) - 1}e`);
  const guard = new RegExp(`${mark}(\\d+)e`, "g");
  const restore = (text: string) => text.replace(guard, (_, index: string) => pieces[Number(index)] ?? "");

  if (format === "html") {
    return {
      html: /<style[\s>]/i.test(content) ? restore(withInlinedStyles(guarded, mark)) : content,
      text: restore(escapeBraces(toText(guarded))),
      isDocument: /<html[\s>]|<!doctype\s/i.test(content),
    };
  }

  // A tag on a line of its own, such as `{% if company %}`, is no paragraph and no line of the letter.
  const isTag = (index: string) => pieces[Number(index)]?.startsWith("{%") ?? false;
  const html = markdown
    .parse(guarded.replaceAll(/[ \t]{100,}/g, " "), { async: false })
    .replace(new RegExp(`<p>${mark}(\\d+)e</p>\\n?`, "g"), (whole, index: string) =>
      isTag(index) ? `${mark}${index}e` : whole,
    )
    .replace(new RegExp(`${mark}(\\d+)e<br>`, "g"), (whole, index: string) =>
      isTag(index) ? `${mark}${index}e` : whole,
    );
  return { html: restore(withStyles(html)), text: restore(escapeBraces(toText(html))), isDocument: false };
}

/** A filled-in text template as it is sent: no trailing blanks, no gaps where a condition left nothing. */
export function tidyText(text: string): string {
  return (
    text
      .split("\n")
      // Not by a pattern: on a long run of blanks it begins anew at each of them.
      .map((line) => line.trimEnd())
      .join("\n")
      .replaceAll(/\n{3,}/g, "\n\n")
      .trim()
  );
}

/** Where a browser would run code: schemes that no link or picture of a letter needs. */
const RUNS_CODE = /^(?:javascript|vbscript|data:text)/i;

/**
 * A filled-in HTML template as it is sent. Paragraphs that a condition left empty go; and a value that was meant as an address
 * but would run code (`[site]({{ custom.website }})` of a form that anybody can fill in) becomes a dead link.
 */
export function tidyHtml(html: string): string {
  return html
    .replaceAll(/<p(?: style="[^"]*")?>\s*<\/p>\n?/g, "")
    .replaceAll(
      /\b(href|src|action)\s*=\s*(["'])([\s\S]*?)\2/gi,
      (attribute, name: string, quote: string, url: string) =>
        RUNS_CODE.test(url.replaceAll(/[\s\p{Cc}]/gu, "")) ? `${name}=${quote}#${quote}` : attribute,
    );
}
