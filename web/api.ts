import { createORPCClient, type ClientContext } from "@orpc/client";
import type { ContractRouterClient } from "@orpc/contract";
import type { JsonifiedClient } from "@orpc/openapi-client";
import { OpenAPILink } from "@orpc/openapi-client/fetch";
import { createTanstackQueryUtils } from "@orpc/tanstack-query";
import { contract } from "#server/contract.ts";
import { reportReachable } from "#web/connection.ts";
import { ProblemError, readProblem } from "#web/problem.ts";

/** What a call may carry besides its input. */
export type CallContext = ClientContext & {
  /** Two calls with one key have one effect. Every write gets a fresh key; give one to repeat a call that got no answer. */
  idempotencyKey?: string;
};

const WRITES = new Set(["POST", "PUT", "PATCH", "DELETE"]);

let leave = () => false;

/** Says what happens when an answer is 401. The handler answers whether the browser is leaving for the sign-in page. */
export function onSignedOut(handler: () => boolean): void {
  leave = handler;
}

/** 128 random bits. Not `crypto.randomUUID`, which does not exist on a plain http address. */
export function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * `fetch` for the API: remembers whether the server answered, gives writes their idempotency key, sends the signed-out to the
 * sign-in page, and throws every refusal as a ProblemError.
 */
export async function request(input: Request, context: CallContext = {}): Promise<Response> {
  if (WRITES.has(input.method) && !input.headers.has("idempotency-key")) {
    input.headers.set("idempotency-key", context.idempotencyKey ?? newIdempotencyKey());
  }
  let response: Response;
  try {
    response = await fetch(input);
  } catch (error) {
    // A request that the page itself gave up says nothing about the server.
    if (!input.signal.aborted) reportReachable(false);
    throw error;
  }
  reportReachable(true);
  if (response.ok) return response;
  // No error page for the moment until the browser has left: the call stays unanswered.
  if (response.status === 401 && leave()) return new Promise<never>(() => {});
  throw new ProblemError(await readProblem(response));
}

const link = new OpenAPILink<CallContext>(contract, {
  url: () => `${location.origin}/api/v1`,
  fetch: (input, _init, { context }) => request(input, context),
});

/** Every operation of the contract as a function: `await client.leads.get({ lead_id })`. Throws ProblemError. */
export const client: JsonifiedClient<ContractRouterClient<typeof contract, CallContext>> = createORPCClient(link);

/** The same operations as query and mutation options: `useQuery(api.leads.get.queryOptions({ input: { lead_id } }))`. */
export const api = createTanstackQueryUtils(client);
