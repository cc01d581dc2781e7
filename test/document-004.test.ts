import { describe, expect, test } from "vitest";
import { DOCUMENT_004 } from "./document-004.ts";
import { type Field, type Model, readModels } from "./prisma-schema.ts";

/** Text that holds JSON in the document is jsonb here: SQLite had no better. */
const JSON_FIELDS = new Set([
  "Lead.meta",
  "Campaign.channels",
  "Campaign.meta",
  "Script.vapiConfig",
  "IntegrationConfig.config",
  "RetentionSequence.channels",
  "RetentionSequence.triggerConfig",
  "SequenceStep.conditions",
  "SequenceEnrollment.meta",
  "SequenceStepExecution.result",
  "Conversion.postbackData",
  "ABTest.statsA",
  "ABTest.statsB",
]);

/** Money is a whole number: of minor units, or of millionths where a vendor charges fractions of a cent. */
const MONEY: Record<string, { name: string; type: string }> = {
  "ContactAttempt.cost": { name: "costMicros", type: "BigInt" },
  "Conversion.revenue": { name: "revenueMinor", type: "BigInt" },
};

/** A default where the document has none, so that a row of a half-known person can be written; and never null where `{}` says the same. */
const OWN_DEFAULTS: Record<string, { default: string; isOptional: boolean }> = {
  "Lead.firstName": { default: '""', isOptional: false },
  "Lead.lastName": { default: '""', isOptional: false },
  "Lead.meta": { default: '"{}"', isOptional: false },
};

/** Members that we add to a closed set, and why. */
const ADDED_MEMBERS: Record<string, readonly string[]> = {
  // A process died between the vendor's answer and writing it down: neither success nor failure may be claimed.
  "ContactAttempt.status": ["UNKNOWN"],
  // Lead ads are an integration too, of no channel that one sends over.
  "IntegrationConfig.type": ["LEADS"],
};

/** Indexes of the document that another one serves, because nobody asks for the column alone. */
const SERVED_BY: Record<string, readonly string[]> = {
  "SequenceStep(stepOrder)": ["sequenceId", "stepOrder"],
  "SequenceStepExecution(scheduledAt)": ["workspaceId", "status", "scheduledAt"],
};

const models = readModels();

function modelOf(name: string): Model {
  const model = models.get(name);
  if (!model) throw new Error(`The schema has no model ${name}.`);
  return model;
}

function fieldOf(model: Model, name: string): Field {
  const field = model.fields.find((one) => one.name === name);
  if (!field) throw new Error(`${model.name} has no field ${name}.`);
  return field;
}

type Wanted = { type: string; isOptional: boolean; default: string | null };

/** What a field of the document is here: prefixed ids are made by the application, `updatedAt` starts as now and is set by commands. */
function wantedOf(model: string, name: string, text: string): Wanted {
  const [, type = "", mark, fallback = null] = /^(\w+)(\?)?(?: = (.*))?$/.exec(text) ?? [];
  const key = `${model}.${name}`;
  const own = OWN_DEFAULTS[key];
  const isJson = JSON_FIELDS.has(key);
  const defaults: Record<string, string | null> = { "cuid()": null, updated: "now()" };
  const standard = fallback === null ? null : (defaults[fallback] ?? (fallback in defaults ? null : fallback));
  return {
    type: MONEY[key]?.type ?? (isJson ? "Json" : type),
    isOptional: own ? own.isOptional : mark === "?",
    default: own ? own.default : standard,
  };
}

const withoutWorkspace = (columns: readonly string[]) => (columns[0] === "workspaceId" ? columns.slice(1) : columns);
const startsWith = (columns: readonly string[], wanted: readonly string[]) =>
  wanted.every((column, at) => columns[at] === column);

describe.for(Object.entries(DOCUMENT_004))("%s of document 004", ([name, document]) => {
  test("has every field with its type, its default and whether it may be empty", () => {
    const model = modelOf(name);
    const found = Object.keys(document.fields).map((field) => {
      const { type, isOptional, default: fallback } = fieldOf(model, MONEY[`${name}.${field}`]?.name ?? field);
      return [field, { type, isOptional, default: fallback }];
    });
    const wanted = Object.entries(document.fields).map(([field, text]) => [field, wantedOf(name, field, text)]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted));
  });

  test("belongs to a workspace and is named by an id of its own", () => {
    const model = modelOf(name);
    expect(fieldOf(model, "workspaceId")).toMatchObject({ type: "String", isOptional: false });
    expect(model.id).toEqual(["id"]);
  });

  test("keeps the members of each closed set", () => {
    const found = Object.keys(document.members ?? {}).map((field) => [
      field,
      fieldOf(modelOf(name), field).members?.toSorted(),
    ]);
    const wanted = Object.entries(document.members ?? {}).map(([field, members]) => [
      field,
      [...members, ...(ADDED_MEMBERS[`${name}.${field}`] ?? [])].toSorted(),
    ]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted));
  });

  test("keeps each index and unique key, within a workspace", () => {
    const model = modelOf(name);
    const served = [...model.indexes, ...model.uniques];
    const missing = document.indexes.filter((columns) => {
      const instead = SERVED_BY[`${name}(${columns.join(", ")})`];
      return instead
        ? !served.some((index) => startsWith(index, instead))
        : !served.some((index) => startsWith(withoutWorkspace(index), columns));
    });
    expect(missing).toEqual([]);
    const uniques = model.uniques.map(withoutWorkspace);
    for (const columns of document.uniques ?? []) expect(uniques).toContainEqual([...columns]);
  });

  test("keeps what happens to it when the row it points at is deleted", () => {
    const found = modelOf(name).fields.flatMap(({ type, relation }) => {
      const [column = ""] = relation?.fields ?? [];
      return relation && column in (document.foreignKeys ?? {}) ? [[column, [type, relation.onDelete]]] : [];
    });
    expect(Object.fromEntries(found)).toEqual(document.foreignKeys ?? {});
  });
});

test("every deviation named here is of a field that the document has", () => {
  const fields = new Set(
    Object.entries(DOCUMENT_004).flatMap(([model, { fields }]) =>
      Object.keys(fields).map((field) => `${model}.${field}`),
    ),
  );
  const named = [...JSON_FIELDS, ...Object.keys(MONEY), ...Object.keys(OWN_DEFAULTS), ...Object.keys(ADDED_MEMBERS)];
  expect(named.filter((name) => !fields.has(name))).toEqual([]);
});
