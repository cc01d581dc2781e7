import { type SegmentCount, countSegments } from "#domains/messaging/index.ts";
import type { VapiConfig } from "../trigger-config.ts";
import { type CompiledScript, type ScriptSource, compileScript } from "./compile-script.ts";
import { tidyHtml, tidyText } from "./email-body.ts";
import { emailDocument, textFooter } from "./email-layout.ts";
import { type CompiledTemplate, renderTemplate } from "./liquid.ts";
import { type MessageValues, scopeOf } from "./values.ts";

/**
 * A message ready to be handed over. `text` is what a person reads or hears first: the SMS, the text part of the mail, the
 * first words of the call.
 */
export type RenderedMessage =
  | { ok: true; type: "SMS"; text: string; segments: SegmentCount }
  | { ok: true; type: "CALL"; text: string; call: VapiConfig }
  | { ok: true; type: "EMAIL"; text: string; subject: string; html: string; preheader: string | null };

/** `missing` names the variables that are empty for this lead and have no default; `error` is any other fault of the script. */
export type RenderFailure = { ok: false; missing: string[]; error?: string };

type Filled = { ok: true; text: (name: string) => string } | RenderFailure;

/** Fills several templates, so that everything missing in any of them is told at once. `required` values may not be blank. */
function fill(
  templates: Readonly<Record<string, CompiledTemplate | null>>,
  scope: object,
  required: Readonly<Record<string, string>> = {},
): Filled {
  const missing = new Set<string>();
  const errors: string[] = [];
  const texts = new Map<string, string>();
  for (const [name, template] of Object.entries(templates)) {
    if (!template) continue;
    const outcome = renderTemplate(template, scope);
    if (outcome.ok) {
      texts.set(name, outcome.text);
      continue;
    }
    for (const variable of outcome.missing) missing.add(variable);
    if (outcome.error !== undefined) errors.push(outcome.error);
  }
  for (const [name, value] of Object.entries(required)) if (value.trim() === "") missing.add(name);
  if (missing.size === 0 && errors.length === 0) return { ok: true, text: (name) => texts.get(name) ?? "" };
  const failure: RenderFailure = { ok: false, missing: [...missing] };
  return errors.length > 0 ? { ...failure, error: errors.join("; ") } : failure;
}

const empty = (what: string): RenderFailure => ({ ok: false, missing: [], error: `${what} is empty for this lead` });

const oneLine = (text: string) => text.replaceAll(/\s+/g, " ").trim();

type Of<Type extends CompiledScript["type"]> = Extract<CompiledScript, { type: Type }>;

function renderSms({ text: template }: Of<"SMS">, values: MessageValues): RenderedMessage | RenderFailure {
  const filled = fill({ template }, scopeOf(values));
  if (!filled.ok) return filled;
  const text = filled.text("template").replaceAll("\r\n", "\n").trim();
  return text === "" ? empty("the text") : { ok: true, type: "SMS", text, segments: countSegments(text) };
}

function renderCall(script: Of<"CALL">, values: MessageValues): RenderedMessage | RenderFailure {
  const filled = fill({ firstMessage: script.firstMessage, instructions: script.instructions }, scopeOf(values));
  if (!filled.ok) return filled;
  const firstMessage = filled.text("firstMessage").trim();
  const instructions = filled.text("instructions").trim();
  if (firstMessage === "") return empty("the first message");
  if (instructions === "") return empty("the instructions");
  return { ok: true, type: "CALL", text: firstMessage, call: { ...script.settings, firstMessage, instructions } };
}

function renderEmail(script: Of<"EMAIL">, values: MessageValues): RenderedMessage | RenderFailure {
  const { workspace, links } = values;
  const frame = { workspaceName: workspace.name, postalAddress: workspace.postalAddress, ...links };
  const { subject, preheader, html, text } = script;
  const filled = fill({ subject, preheader, html, text }, scopeOf(values), {
    "workspace.postalAddress": workspace.postalAddress,
    unsubscribeUrl: links.unsubscribeUrl,
  });
  if (!filled.ok) return filled;
  const letter = tidyText(filled.text("text"));
  if (letter === "") return empty("the body");
  // A line break in a subject would end the header.
  const title = oneLine(filled.text("subject"));
  if (title === "") return empty("the subject");
  const preview = oneLine(filled.text("preheader")) || null;
  const page = {
    ...frame,
    subject: title,
    preheader: preview,
    body: tidyHtml(filled.text("html")),
    isDocument: script.isDocument,
  };
  const parts = { text: letter + textFooter(frame), html: emailDocument(page) };
  return { ok: true, type: "EMAIL", subject: title, preheader: preview, ...parts };
}

/**
 * The message a script makes for one lead. Nothing is guessed: what is missing and has no `default` in the script is listed,
 * and the message is not made. Every e-mail carries the workspace's postal address and the unsubscribe link, so those are
 * missing too when they are blank.
 */
export function renderMessage({
  script,
  ...values
}: { script: ScriptSource } & MessageValues): RenderedMessage | RenderFailure {
  const outcome = compileScript(script);
  if (!outcome.ok) return { ok: false, missing: [], error: outcome.faults.map(({ detail }) => detail).join("; ") };
  switch (outcome.script.type) {
    case "SMS":
      return renderSms(outcome.script, values);
    case "CALL":
      return renderCall(outcome.script, values);
    default:
      return renderEmail(outcome.script, values);
  }
}
