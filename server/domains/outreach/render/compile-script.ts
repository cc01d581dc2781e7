import type { Fault, ScriptType } from "../states.ts";
import { type VapiConfig, vapiConfigSchema } from "../trigger-config.ts";
import { compileBody } from "./email-body.ts";
import type { BodyFormat, SCRIPT_FAULTS } from "./sets.ts";
import { type CompiledTemplate, MAX_TEMPLATE_LENGTH, parseTemplate, unknownVariables } from "./liquid.ts";
import { lineOf, nearestNames, templateFaultInWords } from "./template-words.ts";

/** A script as stored. CALL speaks through `vapiConfig`, SMS through `content`, EMAIL through `subject`, `preheader` and `content`. */
export type ScriptSource = {
  type: ScriptType;
  content: string | null;
  subject?: string | null;
  preheader?: string | null;
  format?: BodyFormat;
  vapiConfig?: unknown;
};

export type ScriptFault = Fault<(typeof SCRIPT_FAULTS)[number]>;

/** A template of a script, and what a person calls it: as the field of the editor is called. */
const PART_NAMES = {
  subject: "the subject",
  preheader: "the preheader",
  content: "the text",
  firstMessage: "the first message",
  instructions: "the instructions",
} as const;
type Part = keyof typeof PART_NAMES;

const nameOf = (part: Part, { type }: Pick<ScriptSource, "type">): string =>
  part === "content" && type === "EMAIL" ? "the body" : PART_NAMES[part];

/** A script whose templates are parsed, ready to be filled in any number of times. */
export type CompiledScript =
  | { type: "SMS"; text: CompiledTemplate }
  | { type: "CALL"; settings: VapiConfig; firstMessage: CompiledTemplate; instructions: CompiledTemplate }
  | {
      type: "EMAIL";
      subject: CompiledTemplate;
      preheader: CompiledTemplate | null;
      html: CompiledTemplate;
      text: CompiledTemplate;
      isDocument: boolean;
    };

export type CompileOutcome = { ok: true; script: CompiledScript } | { ok: false; faults: ScriptFault[] };

const isBlank = (text: string | null | undefined): text is null | undefined | "" => !text || text.trim() === "";

type Parts = { parts: Map<Part, string>; settings: VapiConfig | null; faults: ScriptFault[] };

/** The templates of a script that are in use, or why it lacks one. */
function partsOf(script: ScriptSource): Parts {
  const parts = new Map<Part, string>();
  const faults: ScriptFault[] = [];
  if (script.type === "CALL") {
    const read = vapiConfigSchema.safeParse(script.vapiConfig ?? {});
    if (!read.success) {
      for (const { path, message } of read.error.issues) {
        faults.push({ code: "bad_voice_settings", detail: [path.join("."), message].filter(Boolean).join(": ") });
      }
      return { parts, settings: null, faults };
    }
    parts.set("firstMessage", read.data.firstMessage).set("instructions", read.data.instructions);
    return { parts, settings: read.data, faults };
  }
  const { subject, preheader, content } = script;
  if (script.type === "EMAIL") {
    if (isBlank(subject)) faults.push({ code: "no_subject", detail: "it has no subject" });
    else parts.set("subject", subject);
    if (!isBlank(preheader)) parts.set("preheader", preheader);
  }
  if (isBlank(content))
    faults.push({ code: "no_content", detail: script.type === "EMAIL" ? "it has no body" : "it has no text" });
  else parts.set("content", content);
  return { parts, settings: null, faults };
}

/** Why one template of a script cannot be parsed. Parsed as the author wrote it, so that an error names the author's line. */
function templateFault(name: string, source: string): ScriptFault | null {
  if (source.length > MAX_TEMPLATE_LENGTH) {
    return { code: "too_long", detail: `${name} is longer than ${MAX_TEMPLATE_LENGTH} characters` };
  }
  try {
    parseTemplate(source, "text");
    return null;
  } catch (error) {
    return {
      code: "bad_template",
      detail: `${name}, ${templateFaultInWords(error instanceof Error ? error.message : String(error))}`,
    };
  }
}

/**
 * Everything that would keep a script from being sent to anybody: missing parts, templates that do not parse, variables nobody
 * knows (each named). Empty when it is fine. `knownNames` as `knownVariables` lists them.
 */
export function scriptFaults(script: ScriptSource, knownNames: readonly string[]): ScriptFault[] {
  const { parts, faults } = partsOf(script);
  for (const [part, source] of parts) {
    const name = nameOf(part, script);
    const fault = templateFault(name, source);
    if (fault) faults.push(fault);
    else {
      for (const [place, variable] of [...unknownVariables(source, knownNames)].entries()) {
        const words = unknownInWords(name, place < MOST_PLACED ? source : "", variable, knownNames);
        faults.push({ code: "unknown_variable", detail: words });
      }
    }
  }
  if (faults.length > 0) return faults;
  const outcome = compileScript(script);
  return outcome.ok ? [] : outcome.faults;
}

/** Of so many it is said where they stand: the text is looked through for each. */
const MOST_PLACED = 50;

const orOf = (names: readonly string[]) =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;

/** `unknown variable fristName in the text, line 2: did you mean firstName?` */
function unknownInWords(name: string, source: string, variable: string, knownNames: readonly string[]): string {
  const line = source.includes("\n") ? lineOf(source, variable) : null;
  const place = line === null ? name : `${name}, line ${line}`;
  const nearest = nearestNames(variable, knownNames);
  return `unknown variable ${variable} in ${place}${nearest.length > 0 ? `: did you mean ${orOf(nearest)}?` : ""}`;
}

/** Every script gives an outcome: a body that brings its reader down, by ten thousand elements in each other, is a fault of that script alone. */
function compile(script: ScriptSource): CompileOutcome {
  try {
    return compileParts(script);
  } catch (error) {
    const why = error instanceof RangeError ? "its parts stand too deep in each other" : String(error);
    return {
      ok: false,
      faults: [{ code: "bad_template", detail: `${nameOf("content", script)} cannot be read: ${why}` }],
    };
  }
}

function compileParts(script: ScriptSource): CompileOutcome {
  const { parts, settings, faults } = partsOf(script);
  for (const [part, source] of parts) {
    const fault = templateFault(nameOf(part, script), source);
    if (fault) faults.push(fault);
  }
  if (faults.length > 0) return { ok: false, faults };

  const parse = (part: Part) => parseTemplate(parts.get(part) ?? "", "text");
  if (settings) {
    const templates = { firstMessage: parse("firstMessage"), instructions: parse("instructions") };
    return { ok: true, script: { type: "CALL", settings, ...templates } };
  }
  if (script.type !== "EMAIL") return { ok: true, script: { type: "SMS", text: parse("content") } };
  const body = compileBody(parts.get("content") ?? "", script.format ?? "markdown");
  return {
    ok: true,
    script: {
      type: "EMAIL",
      subject: parse("subject"),
      preheader: parts.has("preheader") ? parse("preheader") : null,
      html: parseTemplate(body.html, "html"),
      text: parseTemplate(body.text, "text"),
      isDocument: body.isDocument,
    },
  };
}

const COMPILED_KEPT = 500;
const compiled = new Map<string, CompileOutcome>();

/** Parses a script; the last 500 different ones are kept, so that a batch to one script parses it once. */
export function compileScript(script: ScriptSource): CompileOutcome {
  const voice = script.type === "CALL" ? JSON.stringify(script.vapiConfig ?? null) : "";
  const key = [script.type, script.format, script.subject, script.preheader, script.content, voice].join("\u0000");
  const known = compiled.get(key);
  // Taken out and put back, it is the youngest: the Map keeps the order of insertion, and the oldest leaves first.
  if (known) compiled.delete(key);
  const outcome = known ?? compile(script);
  compiled.set(key, outcome);
  if (compiled.size > COMPILED_KEPT) {
    for (const oldest of compiled.keys()) {
      compiled.delete(oldest);
      break;
    }
  }
  return outcome;
}
