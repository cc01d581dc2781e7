import { escapeHtml, htmlPage } from "#platform/http/html.ts";
import { CHANNELS, type Channel } from "./channels.ts";

/** One channel as its person finds it. `fixed`: closed otherwise than by this page, which cannot open it again. */
export type Choice = { channel: Channel; isOpen: boolean; fixed: boolean };

export type PreferenceFacts = {
  /** Who writes, as they sign their mails; empty where they have not said. */
  sender: string;
  /** Where the message went. */
  address: string;
  choices: readonly Choice[];
};

const WORDS: Record<Channel, { label: string; hint: string }> = {
  EMAIL: { label: "E-mail", hint: "Letters and answers" },
  SMS: { label: "Text messages", hint: "SMS to your phone" },
  CALL: { label: "Calls", hint: "By people or by a voice assistant" },
};

const MASK = "•••";

/** Enough of an address to be known by its person; the link may have been passed on with the mail. */
export function maskAddress(address: string): string {
  const [name = "", domain] = address.split("@");
  return domain === undefined ? `${MASK}${address.slice(-4)}` : `${name.slice(0, 1)}${MASK}@${domain}`;
}

const STYLE = `<style>
:root{--ink:#232229;--soft:#5a5862;--line:#dcdbe2;--card:#fff;--page:#f6f6f9;--accent:#4a35c4;--on:#fff;--good:#1d6b45;--good-soft:#e6f5ec}
@media (prefers-color-scheme:dark){:root{--ink:#f2f1f5;--soft:#b4b2bd;--line:#45434e;--card:#222128;--page:#18171c;--accent:#b9acff;--on:#1d1647;--good:#8fdcb3;--good-soft:#16372a}}
body{margin:0;max-width:none;padding:0;background:var(--page);color:var(--ink);min-height:100vh}
main{max-width:30rem;margin:0 auto;padding:3rem 1rem}
section{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:1.5rem;margin-top:1rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.0625rem;margin:0 0 .25rem}p{margin:.25rem 0 1rem}.soft{color:var(--soft)}
fieldset{border:0;margin:0 0 1rem;padding:0}legend{padding:0}
label{display:flex;gap:.75rem;align-items:flex-start;padding:.75rem 0;border-bottom:1px solid var(--line);cursor:pointer}
label:has(input:disabled){cursor:default}label span{display:block}label small{opacity:1;color:var(--soft);display:block;font-size:.875rem}
input[type=checkbox]{width:1.25rem;height:1.25rem;margin:.2rem 0 0;accent-color:var(--accent);flex:none}
button{font:inherit;font-weight:600;min-height:2.75rem;padding:0 1.25rem;border-radius:6px;border:1px solid var(--accent);background:var(--accent);color:var(--on);cursor:pointer;width:100%}
button.quiet{background:transparent;color:var(--accent)}
button:focus-visible,input:focus-visible,a:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.done{background:var(--good-soft);color:var(--good);border-color:transparent;font-weight:500}.done p{margin:0}
</style>`;

const page = (title: string, body: string) => htmlPage(title, `${STYLE}<main>${body}</main>`);

const heading = ({ sender, address }: PreferenceFacts) =>
  `<h1>Messages${sender ? ` from ${escapeHtml(sender)}` : ""}</h1><p class="soft">For ${escapeHtml(maskAddress(address))}</p>`;

const notice = (text: string) => `<section class="done" role="status"><p>${text}</p></section>`;

function choice({ channel, isOpen, fixed }: Choice): string {
  const { label, hint } = WORDS[channel];
  const state = `${isOpen ? " checked" : ""}${fixed ? " disabled" : ""}`;
  const said = fixed ? "Closed already. Write to us if you want these again." : hint;
  return `<label><input type="checkbox" name="channel" value="${channel}"${state}><span>${label}<small>${said}</small></span></label>`;
}

/** The page behind the link of a mail or text: everything off with one press, or each channel by itself. `token`: of the link. */
export function preferencePage(facts: PreferenceFacts, token: string, saved: boolean): string {
  const shown = CHANNELS.flatMap((channel) => facts.choices.filter((one) => one.channel === channel));
  const isAnyOpen = shown.some(({ isOpen }) => isOpen);
  const path = `/u/${escapeHtml(token)}`;
  const all = isAnyOpen
    ? `<section><h2>Unsubscribe</h2><p class="soft">You will get no more messages from us, on any channel below.</p>
<form method="post" action="${path}/preferences"><button type="submit">Unsubscribe from everything</button></form></section>`
    : notice("You are unsubscribed. You will get no more messages from us.");
  const each = `<section id="preferences"><h2>Choose what you get</h2>
<form method="post" action="${path}/preferences"><fieldset><legend class="soft">Ticked means that we may write to you this way.</legend>
${shown.map(choice).join("\n")}</fieldset><button type="submit" class="quiet">Save these choices</button></form></section>`;
  const title = facts.sender ? `Messages from ${facts.sender}` : "Your messages";
  return page(
    title,
    `${heading(facts)}${saved && isAnyOpen ? notice("Saved.") : ""}${all}${shown.some(({ fixed }) => !fixed) ? each : ""}`,
  );
}

/** What a mail program is told, and whoever pressed the button: it is done. `token`: of the link. */
export const unsubscribedPage = (token: string): string =>
  page(
    "Unsubscribed",
    `<h1>Unsubscribed</h1>${notice("You are unsubscribed. You will get no more messages from us at this address.")}
<p class="soft"><br>By mistake, or was it only one channel? <a href="/u/${escapeHtml(token)}#preferences" style="color:var(--accent)">Choose what you get</a>.</p>`,
  );

/** Everything was turned off, and what there is cannot be shown at this moment. */
export const wantsNothingPage = (): string =>
  page(
    "Unsubscribed",
    `<h1>Unsubscribed</h1>${notice("You are unsubscribed. You will get no more messages from us.")}`,
  );

/** Behind the link of a preview or of a test: it opts nobody out, and says so. */
export const triedOutPage = (): string =>
  page(
    "This was a test",
    `<h1>This was a test</h1><p class="soft">This link belongs to a message that was tried out. In a real one, this is where a person unsubscribes; here it changes nothing.</p>`,
  );
