import { z } from "zod";
import type { Operation } from "#platform/http/operations.ts";
import { type IdPrefix, newId } from "#platform/ids.ts";

type JsonSchema = {
  type?: string | readonly string[];
  const?: unknown;
  enum?: readonly unknown[];
  default?: unknown;
  anyOf?: readonly JsonSchema[];
  oneOf?: readonly JsonSchema[];
  allOf?: readonly JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: readonly string[];
  items?: JsonSchema | boolean;
  prefixItems?: readonly JsonSchema[];
  minItems?: number;
  minLength?: number;
  minimum?: number;
  exclusiveMinimum?: number;
  format?: string;
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
};

const FORMATS: Record<string, string> = {
  email: "ada@example.test",
  uri: "https://example.test/",
  "date-time": "2026-03-02T12:00:00.000Z",
  date: "2026-03-02",
  time: "12:00:00",
  uuid: "0190163d-8694-739b-aea5-966c26f8ad91",
};

/** The smallest value that a JSON schema accepts, as far as the schema says everything. */
export function sampleOf(schema: JsonSchema, defs: Record<string, JsonSchema> = schema.$defs ?? {}): unknown {
  if (schema.$ref) return sampleOf(defs[schema.$ref.replace("#/$defs/", "")] ?? {}, defs);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.default !== undefined) return schema.default;
  const [first] = schema.anyOf ?? schema.oneOf ?? [];
  if (first) return sampleOf(first, defs);
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => sampleOf(part, defs)));
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case "object": {
      const wanted = schema.required ?? [];
      return Object.fromEntries(wanted.map((key) => [key, sampleOf(schema.properties?.[key] ?? {}, defs)]));
    }
    case "array": {
      if (schema.prefixItems) return schema.prefixItems.map((item) => sampleOf(item, defs));
      const { items } = schema;
      return Array.from({ length: schema.minItems ?? 0 }, () =>
        typeof items === "object" ? sampleOf(items, defs) : "x",
      );
    }
    case "integer":
    case "number":
      return schema.minimum ?? (schema.exclusiveMinimum === undefined ? 1 : schema.exclusiveMinimum + 1);
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return FORMATS[schema.format ?? ""] ?? "x".repeat(Math.max(1, schema.minLength ?? 1));
  }
}

/** What kind of row a path parameter means. A new kind of id is named here, so that its operations are tested. */
const PARAMETERS: Record<string, IdPrefix> = {
  workspaceId: "ws",
  memberId: "mbr",
  invitationId: "inv",
  sessionId: "sess",
  apiKeyId: "key",
  keyId: "key",
  integrationId: "int",
  senderId: "snd",
  leadId: "lead",
  tagId: "tag",
  suppressionId: "sup",
  proposalId: "prop",
  mergeId: "mrg",
  erasureId: "ers",
  importId: "imp",
  importJobId: "imp",
  mappingId: "imap",
  sourceId: "isrc",
  submissionId: "sbm",
  customFieldId: "cfld",
  savedFilterId: "view",
  bulkActionId: "bact",
  messageId: "msg",
  attemptId: "att",
  campaignId: "camp",
  scriptId: "scr",
  scriptVersionId: "scrv",
  sequenceId: "seq",
  stepId: "step",
  enrollmentId: "enr",
  bulkEnrollmentId: "bulk",
  bulkAssignmentId: "basg",
  executionId: "exe",
  simulationId: "sim",
  deliveryId: "sbx",
};

const OTHER_PARAMETERS: Record<string, () => string> = {
  jobId: () => "999999999",
  versionNumber: () => "999999",
  provider: () => "twilio",
};

export const parametersOf = (operation: Operation): string[] =>
  [...operation.path.matchAll(/\{([^}]+)\}/g)].map(([, name = ""]) => name);

/** Well-formed, and of nothing in this workspace. Undefined: the parameter is no id. */
export function foreignValue(name: string): string | undefined {
  const prefix = PARAMETERS[name];
  return prefix ? newId(prefix) : OTHER_PARAMETERS[name]?.();
}

/** The path with an id in place of each parameter. */
export const fillPath = (operation: Operation, valueOf: (name: string) => string): string =>
  operation.path.replaceAll(/\{([^}]+)\}/g, (_all, name: string) => encodeURIComponent(valueOf(name)));

/** A body or query that passes the operation's own schema, without the path's parameters. */
export function sampleInput(operation: Operation): Record<string, unknown> {
  const schema = operation.procedure["~orpc"].inputSchema;
  if (!(schema instanceof z.ZodType)) return {};
  const described: JsonSchema = JSON.parse(
    JSON.stringify(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" })),
  );
  const sample = sampleOf(described);
  const inPath = new Set(parametersOf(operation));
  return typeof sample === "object" && sample
    ? Object.fromEntries(Object.entries(sample).filter(([key]) => !inPath.has(key)))
    : {};
}
