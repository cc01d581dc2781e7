import type { AnyContractProcedure, AnyContractRouter, HTTPMethod } from "@orpc/contract";
import { isContractProcedure } from "@orpc/contract";
import { z } from "zod";
import { PERMISSIONS } from "../permissions.ts";
import type { Access, EndpointMeta } from "./endpoint.ts";

/** Everything under it is an operation of a contract. */
export const API_PREFIX = "/api/v1";

/** One procedure of the contract as HTTP sees it. */
export type Operation = {
  /** `leads.list`: the keys of the contract. */
  id: string;
  keys: readonly string[];
  method: HTTPMethod;
  /** As in the contract and the OpenAPI document: `/leads/{leadId}`. */
  path: string;
  /** As Fastify writes it, with the prefix: `/api/v1/leads/:leadId`. */
  url: string;
  access: Access;
  problems: readonly string[];
  answersSecret: boolean;
  procedure: AnyContractProcedure;
};

const metaSchema = z.object({
  access: z.enum([...PERMISSIONS, "signed-in", "public"]),
  problems: z.array(z.string()),
  answersSecret: z.boolean().optional(),
}) satisfies z.ZodType<EndpointMeta>;

/** Every operation of a contract. Throws when one has no access or no route: it was not started with `endpoint`. */
export function listOperations(contract: AnyContractRouter, keys: readonly string[] = []): Operation[] {
  if (isContractProcedure(contract)) return [toOperation(contract, keys)];
  return Object.entries(contract).flatMap(([key, inner]) => listOperations(inner, [...keys, key]));
}

function toOperation(procedure: AnyContractProcedure, keys: readonly string[]): Operation {
  const id = keys.join(".");
  const { route, meta } = procedure["~orpc"];
  const parsed = metaSchema.safeParse(meta);
  if (!parsed.success) throw new Error(`The operation ${id} names no access: start it with endpoint("<permission>").`);
  if (!route.method || !route.path) throw new Error(`The operation ${id} has no route: give it a method and a path.`);
  return {
    id,
    keys,
    method: route.method,
    path: route.path,
    url: API_PREFIX + route.path.replaceAll(/\{([^}]+)\}/g, ":$1"),
    access: parsed.data.access,
    problems: parsed.data.problems,
    answersSecret: parsed.data.answersSecret ?? false,
    procedure,
  };
}
