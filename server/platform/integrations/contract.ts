import { z } from "zod";
import { endpoint, instant } from "../http/endpoint.ts";
import { defineProblem, NotFound } from "../problems.ts";

export const IntegrationExists = defineProblem(
  "integration-exists",
  409,
  "This vendor is connected already",
  "A workspace connects each vendor once. Change the credentials of the integration that is there, or remove it first.",
);
export const UnknownVendor = defineProblem(
  "unknown-vendor",
  404,
  "There is no such vendor",
  "The vendors that can be connected are listed at GET /integration-vendors.",
);

const tags = ["Integrations"];
const id = z.string().max(60);
const channel = z.enum(["CALL", "SMS", "EMAIL"]);
/** Vendors carry messages over a channel, or bring leads. */
const type = z.enum(["CALL", "SMS", "EMAIL", "LEADS"]);

/** What a person types, by the names that the vendor's `fields` list. Null takes an optional field away. */
const credentials = z.record(z.string().max(60), z.union([z.string().max(10_000), z.number(), z.boolean(), z.null()]));

export const HEALTH_STATUSES = ["ok", "failing"] as const;
export type HealthStatus = (typeof HEALTH_STATUSES)[number];

export const integrationSchema = z.object({
  id,
  provider: z.string(),
  label: z.string(),
  type,
  /** Only one integration of a type is active: messages of that channel go through it. */
  isActive: z.boolean(),
  /** What was typed, without the secrets. */
  config: z.record(z.string(), z.unknown()),
  /** Names of the secret fields that are set. Their values are never shown again. */
  secretsSet: z.array(z.string()),
  /** False: the stored secrets cannot be read with this server's key and must be entered again. */
  isReadable: z.boolean(),
  /** Where the vendor reports what became of a message; null when it reports nothing. */
  webhookUrl: z.url().nullable(),
  health: z.object({ status: z.enum(HEALTH_STATUSES), detail: z.string(), at: instant }).nullable(),
  createdAt: instant,
  updatedAt: instant,
});
export type Integration = z.infer<typeof integrationSchema>;

export const integrationsSchema = z.object({
  data: z.array(integrationSchema),
  /** `sandbox`: messages go to the sandbox page and reach nobody. `none`: nothing can be sent. */
  channels: z.array(
    z.object({ channel, via: z.enum(["integration", "sandbox", "none"]), integrationId: id.nullable() }),
  ),
});

export const vendorSchema = z.object({
  provider: z.string(),
  label: z.string(),
  type,
  /** To be entered at the vendor's, before or after connecting. */
  webhookUrl: z.url(),
  fields: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      description: z.string().nullable(),
      kind: z.enum(["text", "number", "boolean"]),
      isSecret: z.boolean(),
      isRequired: z.boolean(),
      default: z.union([z.string(), z.number(), z.boolean()]).nullable(),
    }),
  ),
});
export type Vendor = z.infer<typeof vendorSchema>;

const testResult = z.object({ isWorking: z.boolean(), detail: z.string() });

/** The vendors a workspace sends through. Credentials go in and never come out. */
export const integrationsContract = {
  vendors: endpoint("integrations:read")
    .route({
      method: "GET",
      path: "/integration-vendors",
      tags,
      summary: "List the vendors that can be connected, and what each asks for",
    })
    .output(z.object({ data: z.array(vendorSchema) })),
  list: endpoint("integrations:read")
    .route({
      method: "GET",
      path: "/integrations",
      tags,
      summary: "List the connected vendors, and what each channel sends through",
    })
    .output(integrationsSchema),
  get: endpoint("integrations:read", NotFound)
    .route({ method: "GET", path: "/integrations/{integrationId}", tags, summary: "Show a connected vendor" })
    .input(z.object({ integrationId: id }))
    .output(integrationSchema),
  connect: endpoint("integrations:write", UnknownVendor, IntegrationExists)
    .route({
      method: "POST",
      path: "/integrations",
      tags,
      summary: "Connect a vendor; its channel sends through it from now on",
      successStatus: 201,
    })
    .input(z.object({ provider: z.string().max(60), credentials }))
    .output(integrationSchema),
  try: endpoint("integrations:write", UnknownVendor, NotFound)
    .route({ method: "POST", path: "/integrations/try", tags, summary: "Test credentials without keeping them" })
    .input(
      z.object({
        provider: z.string().max(60),
        credentials,
        /** Fields that are not given are taken from this integration, so that secrets need not be typed again. */
        integrationId: id.optional(),
      }),
    )
    .output(testResult),
  update: endpoint("integrations:write", NotFound)
    .route({ method: "PATCH", path: "/integrations/{integrationId}", tags, summary: "Change some of the credentials" })
    .input(z.object({ integrationId: id, credentials }))
    .output(integrationSchema),
  test: endpoint("integrations:write", NotFound)
    .route({
      method: "POST",
      path: "/integrations/{integrationId}/test",
      tags,
      summary: "Test the connection and keep the result as its health",
    })
    .input(z.object({ integrationId: id }))
    .output(testResult),
  enable: endpoint("integrations:write", NotFound)
    .route({
      method: "POST",
      path: "/integrations/{integrationId}/enable",
      tags,
      summary: "Send through this vendor, instead of another of its type",
    })
    .input(z.object({ integrationId: id }))
    .output(integrationSchema),
  disable: endpoint("integrations:write", NotFound)
    .route({
      method: "POST",
      path: "/integrations/{integrationId}/disable",
      tags,
      summary: "Send nothing through this vendor",
    })
    .input(z.object({ integrationId: id }))
    .output(integrationSchema),
  remove: endpoint("integrations:write", NotFound)
    .route({
      method: "DELETE",
      path: "/integrations/{integrationId}",
      tags,
      summary: "Remove a vendor and forget its credentials",
      successStatus: 204,
    })
    .input(z.object({ integrationId: id })),
};
