import { templateFaultInWords } from "./template-words.ts";
import { Liquid, Output, type Template, Value, filters } from "liquidjs";

/*
 * Liquid as scripts may use it: no files, no loops, no clock, the filters and tags named here and nothing else. A variable that
 * is not there is an error, never an empty place in somebody's mail.
 */

const TAGS = ["if", "unless", "case", "assign", "comment", "#"];

/** Filters that give nothing for nothing: `{{ firstName | capitalize | default: "there" }}` still means the default. */
const KEEPS_NOTHING = [
  "upcase",
  "downcase",
  "capitalize",
  "strip",
  "lstrip",
  "rstrip",
  "strip_newlines",
  "truncate",
  "truncatewords",
];

const FILTERS = [
  ...KEEPS_NOTHING,
  "default",
  "append",
  "prepend",
  "replace",
  "replace_first",
  "remove",
  "slice",
  "split",
  "join",
  "first",
  "last",
  "size",
  "plus",
  "minus",
  "times",
  "divided_by",
  "round",
  "ceil",
  "floor",
  "abs",
  "url_encode",
];

/** Longest template that is parsed, in characters; a mail of this size is cut off by Gmail long before. */
export const MAX_TEMPLATE_LENGTH = 200_000;

/** Values end up in HTML (escaped) or in plain text (as they are). */
export type Target = "html" | "text";

function createEngine(target: Target): Liquid {
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    // Lets `if company` ask, and the `default` filter answer, for what is not there.
    lenientIf: true,
    ownPropertyOnly: true,
    // A date without a time is read as UTC and must be written as UTC, or it is yesterday in America.
    timezoneOffset: 0,
    parseLimit: MAX_TEMPLATE_LENGTH * 2,
    memoryLimit: 5_000_000,
    renderLimit: 1_000,
    outputEscape: target === "html" ? "escape" : undefined,
  });
  for (const name of Object.keys(engine.tags)) if (!TAGS.includes(name)) delete engine.tags[name];
  for (const name of Object.keys(engine.filters)) if (!FILTERS.includes(name)) delete engine.filters[name];
  const { date } = filters;
  engine.registerFilter("date", function (value: unknown, format: unknown) {
    // liquidjs answers these two from the machine's clock, which no rendering may read.
    if (value === "now" || value === "today") throw new Error(`date: "${value}" is not known here`);
    return typeof date === "function" ? date.call(this, value, format) : value;
  });
  return engine;
}

const engines: Readonly<Record<Target, Liquid>> = { html: createEngine("html"), text: createEngine("text") };

export type CompiledTemplate = { readonly target: Target; readonly templates: Template[] };

/** Makes `default` count wherever it stands behind filters that leave nothing as it is; liquidjs looks at the first filter only. */
function honourDefaults(templates: readonly Template[]): void {
  for (const template of templates) {
    if (template instanceof Output) {
      const { value } = template;
      const place = value.filters.findIndex(({ name }) => name === "default");
      if (place > 0 && value.filters.slice(0, place).every(({ name }) => KEEPS_NOTHING.includes(name))) {
        value.value = (context) => Value.prototype.value.call(value, context, true);
      }
      continue;
    }
    const children = template.children?.(false, true).next().value;
    if (Array.isArray(children)) honourDefaults(children);
  }
}

/** Parses a template. Throws liquidjs's error, whose message names line and column, when it is not well formed. */
export function parseTemplate(source: string, target: Target): CompiledTemplate {
  const templates = engines[target].parse(source);
  honourDefaults(templates);
  return { target, templates };
}

export type RenderOutcome = { ok: true; text: string } | { ok: false; missing: string[]; error?: string };

/** The name in liquidjs's "undefined variable: custom.plan, line:1, col:4". */
function undefinedVariable(error: unknown): string | null {
  if (!(error instanceof Error) || error.name !== "UndefinedVariableError") return null;
  return /^undefined variable: (.+?)(?:, file:.*)?, line:\d+, col:\d+/.exec(error.message)?.[1] ?? null;
}

/** As the editor tells the faults of a template. */
const wordsOf = (error: unknown) => templateFaultInWords(error instanceof Error ? error.message : String(error));

/** A copy of the values with something at this path, so that rendering goes on to the next that is missing. */
function withPlaceholder(values: object, path: string): object {
  const [name = "", ...rest] = path.split(".");
  const entries = new Map<string, unknown>(Object.entries(values));
  const inner = entries.get(name);
  const below = typeof inner === "object" && inner !== null ? inner : {};
  entries.set(name, rest.length > 0 ? withPlaceholder(below, rest.join(".")) : "…");
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}

/** More missing names than this are a script for other data altogether. */
const MOST_MISSING = 50;

/** Fills in a template. Values that are missing are listed, all of them; any other fault of the template is its `error`. */
export function renderTemplate({ target, templates }: CompiledTemplate, values: object): RenderOutcome {
  const missing: string[] = [];
  for (let scope = values; ; scope = withPlaceholder(scope, missing.at(-1) ?? "")) {
    try {
      const text = String(engines[target].renderSync(templates, scope));
      return missing.length > 0 ? { ok: false, missing } : { ok: true, text };
    } catch (error) {
      const name = undefinedVariable(error);
      if (name === null) return { ok: false, missing, error: wordsOf(error) };
      if (missing.includes(name) || missing.length >= MOST_MISSING) return { ok: false, missing };
      // After "custom.plan" comes "custom.plan.name", which says it all.
      if (name.startsWith(`${missing.at(-1)}.`)) missing.pop();
      missing.push(name);
    }
  }
}

/**
 * The variables a template asks for, each once, as written: "firstName", "custom.plan". Names it assigns itself are not among
 * them. A name that is only known when it runs (`custom[field]`) is written "custom[…]". Throws when it does not parse.
 */
export function variablesOf(template: string): string[] {
  const paths = engines.text.globalVariableSegmentsSync(engines.text.parse(template));
  const names = paths.map((segments) => {
    const dynamic = segments.findIndex((segment) => Array.isArray(segment));
    return dynamic < 0 ? segments.join(".") : `${segments.slice(0, dynamic).join(".")}[…]`;
  });
  return [...new Set(names)];
}

/** Those of a template's variables that are not known. A known name "custom.*" stands for everything under "custom". */
export function unknownVariables(template: string, knownNames: Iterable<string>): string[] {
  const known = new Set(knownNames);
  return variablesOf(template).filter((name) => {
    const dot = name.lastIndexOf(".");
    return !known.has(name) && !(dot > 0 && known.has(`${name.slice(0, dot)}.*`));
  });
}
