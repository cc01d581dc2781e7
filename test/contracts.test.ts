import { beforeAll, describe, expect, test } from "vitest";
import { API_PREFIX, type Operation, listOperations } from "#platform/http/operations.ts";
import { ROLES, mayRole } from "#platform/permissions.ts";
import { problemSchema } from "#platform/problems.ts";
import { contract } from "#server/contract.ts";
import { fillPath, foreignValue, parametersOf, sampleInput } from "./sample.ts";
import { type Caller, type World, testWorld } from "./world.ts";

const operations = listOperations(contract);
const named = operations.map((operation) => [`${operation.method} ${operation.path}`, operation] as const);

/** Values of parameters that name no row. */
const PLAIN_VALUES: Record<string, string> = {
  token: "not.a-token",
  provider: "smtp",
  vendor: "smtp",
  channel: "EMAIL",
};

/** Where the schema alone does not tell what is acceptable. */
const SAMPLES: Record<string, Record<string, unknown>> = {
  "outreach.bulkAssignments.create": { filter: {} },
  "outreach.bulkAssignments.preview": { filter: {} },
  "outreach.bulkEnrollments.create": { filter: {} },
  "outreach.bulkEnrollments.preview": { filter: {} },
  "outreach.scripts.checkLeads": { filter: {} },
  "outreach.sequences.checkLeads": { filter: {} },
  "outreach.simulations.create": { invented: 5 },
};

let world: World;
beforeAll(async () => {
  world = await testWorld();
});

const valueOf = (name: string) => {
  const value = foreignValue(name) ?? PLAIN_VALUES[name];
  if (value === undefined) throw new Error(`Say in test/sample.ts what the path parameter ${name} is.`);
  return value;
};

function call(operation: Operation, as: Caller) {
  const input = { ...sampleInput(operation), ...SAMPLES[operation.id] };
  const path = fillPath(operation, valueOf);
  if (operation.method !== "GET") return send(operation, path, as, input);
  const query = new URLSearchParams(Object.entries(input).map(([key, value]) => [key, String(value)]));
  return send(operation, `${path}?${query.toString()}`, as);
}

const send = (operation: Operation, path: string, as: Caller, body?: Record<string, unknown>) => {
  if (operation.method === "HEAD") throw new Error("No operation is a HEAD.");
  return world.request(operation.method, API_PREFIX + path, { as, body });
};

describe("every operation", () => {
  test("has a name of its own and an address of its own", () => {
    expect(new Set(operations.map((operation) => operation.id)).size).toBe(operations.length);
    expect(new Set(named.map(([address]) => address.replaceAll(/\{[^}]+\}/g, "{}"))).size).toBe(operations.length);
  });

  test.for(named.filter(([, { access }]) => access !== "public"))(
    "%s asks a stranger to sign in",
    async ([, operation]) => {
      const reply = await call(operation, "anonymous");
      expect(reply).toMatchObject({ status: 401, body: { code: "not-signed-in" } });
      expect(reply.headers["content-type"]).toContain("application/problem+json");
    },
  );

  test.for(named)(
    "%s refuses each role that lacks its permission, before it looks at the request",
    async ([, operation]) => {
      const { access } = operation;
      if (access === "public" || access === "signed-in") return;
      for (const role of ROLES.filter((one) => !mayRole(one, access))) {
        const reply = await send(
          operation,
          fillPath(operation, valueOf),
          role,
          operation.method === "GET" ? undefined : { nonsense: true },
        );
        expect(reply, role).toMatchObject({ status: 403, body: { code: "not-allowed" } });
      }
    },
  );

  const withIds = named.filter(([, operation]) =>
    parametersOf(operation).some((name) => foreignValue(name) !== undefined),
  );
  test.for(withIds)("%s does not find an id of elsewhere", async ([, operation]) => {
    const reply = await call(operation, "OWNER");
    expect(reply, reply.text).toMatchObject({ status: 404 });
    expect(problemSchema.safeParse(reply.body).success).toBe(true);
  });

  test.for(withIds)("%s does not find an id that is none", async ([, operation]) => {
    const path = fillPath(operation, () => "nothing-like-an-id");
    const input = { ...sampleInput(operation), ...SAMPLES[operation.id] };
    const reply = await send(operation, path, "OWNER", operation.method === "GET" ? undefined : input);
    expect([404, 422], reply.text).toContain(reply.status);
  });
});

describe("the OpenAPI document", () => {
  type Described = {
    operationId?: string;
    summary?: string;
    tags?: string[];
    responses?: Record<string, unknown>;
    security?: unknown[];
  };

  test("describes every operation with its name, a summary and its refusals", async () => {
    const reply = await world.request("GET", "/openapi.json", { as: "anonymous" });
    const document: { openapi: string; paths: Record<string, Record<string, Described>> } = JSON.parse(reply.text);
    expect(document.openapi).toMatch(/^3\.1/);
    const faults = operations.flatMap((operation) => {
      const described = document.paths[operation.path]?.[operation.method.toLowerCase()];
      if (!described) return [`${operation.id} is missing`];
      return [
        ...(described.operationId === operation.id ? [] : [`${operation.id} has another operationId`]),
        ...(described.summary ? [] : [`${operation.id} has no summary`]),
        ...(described.tags?.length ? [] : [`${operation.id} has no tag`]),
        ...(described.responses?.["500"] ? [] : [`${operation.id} does not say how it fails`]),
        ...(operation.access === "public" || described.security?.length
          ? []
          : [`${operation.id} does not say who may call it`]),
      ];
    });
    expect(faults).toEqual([]);
  });
});
