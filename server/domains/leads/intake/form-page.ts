import { escapeHtml } from "#platform/http/html.ts";
import type { FieldFault } from "../upsert/lead-row.ts";
import { firstOf, type Given } from "./read-form.ts";
import { type FormField, type FormQuestion, RESERVED, type SourceSettings } from "./source-settings.ts";

/** How browsers fill a field in by themselves (HTML, autofill), and what kind of keyboard a phone shows. */
const INPUTS: Record<FormField, { type: string; autocomplete: string }> = {
  fullName: { type: "text", autocomplete: "name" },
  firstName: { type: "text", autocomplete: "given-name" },
  lastName: { type: "text", autocomplete: "family-name" },
  email: { type: "email", autocomplete: "email" },
  phone: { type: "tel", autocomplete: "tel" },
  company: { type: "text", autocomplete: "organization" },
  jobTitle: { type: "text", autocomplete: "organization-title" },
  website: { type: "url", autocomplete: "url" },
  linkedin: { type: "url", autocomplete: "off" },
  region: { type: "text", autocomplete: "address-level1" },
  country: { type: "text", autocomplete: "country-name" },
};

/** The name under which a question's answer is sent: a field's own, or the words of the question. */
export const nameOf = ({ field, label }: FormQuestion) => (field === "question" ? label : field);

/** The same tokens as the app's, without its files: the page must stand in other people's pages. */
const STYLE = `
:root{color-scheme:light dark;--canvas:oklch(1 0 0);--ink:oklch(.24 .01 280);--muted:oklch(.46 .012 280);--control:oklch(.64 .012 280);
--accent:oklch(.52 .208 283);--accent-hover:oklch(.47 .208 283);--danger:oklch(.49 .185 27);--danger-soft:oklch(.958 .022 20)}
@media (prefers-color-scheme:dark){:root{--canvas:oklch(.188 .006 280);--ink:oklch(.955 .003 280);--muted:oklch(.775 .01 280);
--control:oklch(.545 .014 280);--accent:oklch(.55 .205 283);--danger:oklch(.8 .12 25);--danger-soft:oklch(.285 .05 25)}}
*{box-sizing:border-box}body{margin:0;background:var(--canvas);color:var(--ink);font:14px/1.5 Inter,system-ui,sans-serif}
main{max-width:480px;margin:0 auto;padding:32px 16px}h1{font-size:20px;line-height:1.3;margin:0 0 8px;font-weight:600}
p{margin:0 0 16px;max-width:72ch}.quiet,.hint{color:var(--muted)}form{display:grid;gap:16px}
label{display:grid;gap:4px;font-weight:500}.tick{display:flex;gap:8px;align-items:start;font-weight:400}
input,button{font:inherit;color:inherit}input:not([type=checkbox]){height:40px;padding:0 12px;border:1px solid var(--control);border-radius:6px;background:transparent;width:100%}
input[type=checkbox]{width:16px;height:16px;margin:3px 0 0;accent-color:var(--accent);flex:none}
input[aria-invalid=true]{border-color:var(--danger)}:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
button{height:40px;padding:0 16px;border:0;border-radius:6px;background:var(--accent);color:oklch(1 0 0);font-weight:500;cursor:pointer;justify-self:start}
button:hover{background:var(--accent-hover)}.fault{color:var(--danger);font-weight:400}
.faults{background:var(--danger-soft);color:var(--danger);border-radius:8px;padding:12px 16px;margin:0 0 16px}
.trap{position:absolute;left:-9999px;width:1px;height:1px;overflow:hidden}`;

const page = (title: string, body: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body><main>
${body}
</main></body>
</html>
`;

export type FormFault = Pick<FieldFault, "field" | "reason">;

/** The form as a page that needs no script. What was typed stays, and each fault stands at its field. */
export function formPage(
  settings: SourceSettings,
  { action, stamp, given = {}, faults = [] }: { action: string; stamp: string; given?: Given; faults?: FormFault[] },
): string {
  const known = new Set([...settings.fields.map(nameOf), RESERVED.consent]);
  const general = faults.filter(({ field }) => !known.has(field));
  const intro = settings.intro ? `<p class="quiet">${escapeHtml(settings.intro)}</p>` : "";
  const summary =
    faults.length > 0
      ? `<div class="faults" role="alert"><strong>Nothing was sent yet.</strong> ${escapeHtml(
          general.length > 0 ? general.map(({ reason }) => reason).join(" ") : "Look at the fields that are marked.",
        )}</div>`
      : "";
  const fields = settings.fields.map((question, place) => inputOf(question, place, given, faults)).join("\n");
  return page(
    settings.title,
    `<h1>${escapeHtml(settings.title)}</h1>${intro}${summary}
<form method="post" action="${escapeHtml(action)}" novalidate>
${fields}
${consentOf(settings, given, faults)}
<div class="trap" aria-hidden="true"><label>Leave this empty<input name="${RESERVED.trap}" tabindex="-1" autocomplete="off"></label></div>
<input type="hidden" name="${RESERVED.stamp}" value="${escapeHtml(stamp)}">
<button type="submit">Send</button>
</form>`,
  );
}

function inputOf(question: FormQuestion, place: number, given: Given, faults: readonly FormFault[]): string {
  const name = nameOf(question);
  const { type, autocomplete } =
    question.field === "question" ? { type: "text", autocomplete: "off" } : INPUTS[question.field];
  const fault = faults.find(({ field }) => field === name);
  const id = `f${place}`;
  const attributes = [
    `id="${id}"`,
    `name="${escapeHtml(name)}"`,
    `type="${type}"`,
    `autocomplete="${autocomplete}"`,
    `value="${escapeHtml(firstOf(given, name))}"`,
    question.isRequired ? 'required aria-required="true"' : "",
    fault ? `aria-invalid="true" aria-describedby="${id}e"` : "",
  ].filter(Boolean);
  const optional = question.isRequired ? "" : ' <span class="hint">optional</span>';
  const told = fault ? `<span class="fault" id="${id}e">${escapeHtml(fault.reason)}</span>` : "";
  return `<label for="${id}"><span>${escapeHtml(question.label)}${optional}</span><input ${attributes.join(" ")}>${told}</label>`;
}

function consentOf(settings: SourceSettings, given: Given, faults: readonly FormFault[]): string {
  if (settings.consentText === null) return "";
  const fault = faults.find(({ field }) => field === RESERVED.consent);
  const ticked = firstOf(given, RESERVED.consent) === "" ? "" : " checked";
  const required = settings.isConsentRequired ? ' required aria-required="true"' : "";
  const told = fault ? `<p class="fault" id="consent-e">${escapeHtml(fault.reason)}</p>` : "";
  return `<div><label class="tick"><input type="checkbox" name="${RESERVED.consent}" value="yes"${ticked}${required}${
    fault ? ' aria-invalid="true" aria-describedby="consent-e"' : ""
  }><span>${escapeHtml(settings.consentText)}</span></label>${told}</div>`;
}

/** What is said afterwards, in the source's own words alone: a short first sentence stands as the heading, any other is no heading. */
export function thanksPage({ thanks }: SourceSettings): string {
  const [, first = "", rest = ""] = /^(.{1,60}?)(?:[.!]\s+(.+)|[.!]?)$/s.exec(thanks.trim()) ?? [];
  if (first === "") return page("Sent", `<h1>Sent</h1><p role="status">${escapeHtml(thanks)}</p>`);
  const told = rest === "" ? "" : `<p>${escapeHtml(rest)}</p>`;
  return page(first, `<div role="status"><h1>${escapeHtml(first)}</h1>${told}</div>`);
}

/** For a form that stands in somebody else's page: what is wrong, and the way back to what was typed. */
export const refusalPage = (faults: readonly FormFault[]) =>
  page(
    "Nothing was sent",
    `<h1>Nothing was sent</h1><div class="faults" role="alert"><ul>${faults
      .map(
        ({ field, reason }) =>
          `<li>${field ? `<strong>${escapeHtml(field)}</strong>: ` : ""}${escapeHtml(reason)}</li>`,
      )
      .join("")}</ul></div><p>Go back in your browser, correct it and send it again.</p>`,
  );
