import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./source.ts";

export const SCHEMA_DIR = join(ROOT, "prisma/schema");

export type Field = {
  name: string;
  /** As written: `String`, `DateTime`, another model. */
  type: string;
  isOptional: boolean;
  isList: boolean;
  column: string;
  /** What stands in `@default(…)`; null without one. */
  default: string | null;
  isId: boolean;
  isUnique: boolean;
  relation: { fields: string[]; references: string[]; onDelete: string } | null;
  /** Members of a closed set, from `/// @kyselyType('A' | 'B')`; null when it is another type. */
  members: string[] | null;
};

export type Model = {
  name: string;
  table: string;
  fields: Field[];
  indexes: string[][];
  uniques: string[][];
  id: string[];
};

export type SchemaFile = { path: string; content: string };

export const schemaFiles = (): SchemaFile[] =>
  readdirSync(SCHEMA_DIR)
    .filter((name) => name.endsWith(".prisma"))
    .map((path) => ({ path, content: readFileSync(join(SCHEMA_DIR, path), "utf8") }));

const names = (list: string | undefined) =>
  (list ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);

/** The argument of an attribute, which may hold brackets and quotes of its own. */
function argumentOf(text: string, attribute: string): string | null {
  const start = text.indexOf(`${attribute}(`);
  if (start < 0) return null;
  let depth = 0;
  let quoted = false;
  for (let at = start + attribute.length; at < text.length; at++) {
    const char = text[at];
    if (quoted) {
      if (char === "\\") at++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === "(") depth++;
    else if (char === ")" && --depth === 0) return text.slice(start + attribute.length + 1, at);
  }
  throw new Error(`${attribute} does not end: ${text}`);
}

const unquote = (text: string | null) => text?.replaceAll(/^"|"$/g, "") ?? null;

function membersOf(comments: readonly string[]): string[] | null {
  const [, type = ""] = comments.map((comment) => /@kyselyType\((.*)\)\s*$/.exec(comment)).find(Boolean) ?? [];
  const parts = type
    .split("|")
    .map((part) => part.trim())
    .filter((part) => part !== "null");
  return parts.length > 0 && parts.every((part) => /^'[^']*'$/.test(part))
    ? parts.map((part) => part.slice(1, -1))
    : null;
}

function fieldOf(line: string, comments: readonly string[]): Field | null {
  const [, name, type, mark, rest = ""] = /^(\w+)\s+(\w+)(\?|\[\])?\s*(.*)$/.exec(line) ?? [];
  if (!name || !type) return null;
  const relation = argumentOf(rest, "@relation");
  const fields = /fields:\s*\[([^\]]*)\]/.exec(relation ?? "");
  return {
    name,
    type,
    isOptional: mark === "?",
    isList: mark === "[]",
    column: unquote(argumentOf(rest, "@map")) ?? name,
    default: argumentOf(rest, "@default"),
    isId: /@id\b/.test(rest),
    isUnique: /@unique\b/.test(rest),
    relation: fields
      ? {
          fields: names(fields[1]),
          references: names(/references:\s*\[([^\]]*)\]/.exec(relation ?? "")?.[1]),
          onDelete: /onDelete:\s*(\w+)/.exec(relation ?? "")?.[1] ?? "none",
        }
      : null,
    members: membersOf(comments),
  };
}

function modelOf(name: string, body: string): Model {
  const model: Model = { name, table: name, fields: [], indexes: [], uniques: [], id: [] };
  let comments: string[] = [];
  for (const raw of body.split("\n")) {
    const line = raw.trim();
    const [, list] = /^@@\w+\(\[([^\]]*)\]/.exec(line) ?? [];
    const columns = names(list?.replaceAll(/\([^)]*\)/g, ""));
    if (line.startsWith("///")) {
      comments.push(line);
      continue;
    }
    if (line.startsWith("@@index")) model.indexes.push(columns);
    else if (line.startsWith("@@unique")) model.uniques.push(columns);
    else if (line.startsWith("@@id")) model.id = columns;
    else if (line.startsWith("@@map")) model.table = unquote(argumentOf(line, "@@map")) ?? name;
    else if (line !== "" && !line.startsWith("//")) {
      const field = fieldOf(line, comments);
      if (field) model.fields.push(field);
    }
    comments = [];
  }
  model.uniques.push(...model.fields.filter((field) => field.isUnique).map((field) => [field.name]));
  if (model.id.length === 0) model.id = model.fields.filter((field) => field.isId).map((field) => field.name);
  return model;
}

/** Every model of the Prisma schema, read from its text: enough of the language for what our files use. */
export function readModels(files: readonly SchemaFile[] = schemaFiles()): Map<string, Model> {
  const found = files.flatMap(({ content }) => [...content.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)]);
  return new Map(found.map(([, name = "", body = ""]) => [name, modelOf(name, body)]));
}
