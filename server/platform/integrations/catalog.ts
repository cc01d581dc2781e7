import { z } from "zod";
import { PROVIDERS } from "#providers/registry.ts";
import type { Vendor } from "./contract.ts";
import { webhookUrlOf } from "./load.ts";

/** The part of JSON Schema that credentials' fields are written in. */
const fieldSchema = z.object({
  type: z.string().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
});
const objectSchema = z.object({
  properties: z.record(z.string(), fieldSchema),
  required: z.array(z.string()).default([]),
});

const KINDS: Record<string, "number" | "boolean"> = { integer: "number", number: "number", boolean: "boolean" };

/** Every vendor that can be connected, with the fields of its form, read from the schema that validates them. */
export function listVendors(publicUrl: string, workspaceId: string): Vendor[] {
  return Object.entries(PROVIDERS)
    .filter(([, { sandbox }]) => !sandbox)
    .map(([provider, { label, type, credentials, secretFields }]) => {
      const secrets = new Set<string>(secretFields);
      const { properties, required } = objectSchema.parse(
        z.toJSONSchema(credentials, { io: "input", unrepresentable: "any" }),
      );
      const fields = Object.entries(properties).map(([name, field]) => ({
        name,
        title: field.title ?? name,
        description: field.description ?? null,
        kind: KINDS[field.type ?? ""] ?? ("text" as const),
        isSecret: secrets.has(name),
        isRequired: required.includes(name),
        default: field.default ?? null,
      }));
      return { provider, label, type, webhookUrl: webhookUrlOf(publicUrl, workspaceId, provider), fields };
    });
}
