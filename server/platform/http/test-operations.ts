import { implement } from "@orpc/server";
import { z } from "zod";
import { inTransaction } from "../context.ts";
import { defineEvent, emit } from "../events.ts";
import type { Module } from "../module.ts";
import { defineProblem, NotFound } from "../problems.ts";
import { endpoint, secretEndpoint } from "./endpoint.ts";
import type { RequestContext } from "./request-context.ts";

/** Operations for the tests of the edge: each shows one thing that a domain's operation may do. */
const SoldOut = defineProblem("test-sold-out", 409, "Sold out", "There are no more of these.");
export const thingMade = defineEvent("test.thing-made", z.object({ name: z.string() }));

export const testContract = {
  things: {
    make: endpoint("leads:write", SoldOut)
      .route({ method: "POST", path: "/things", tags: ["Test"], summary: "Make a thing", successStatus: 201 })
      .input(z.object({ name: z.string().min(2), size: z.object({ "width/height": z.int() }).optional() }))
      .output(z.object({ id: z.string(), name: z.string() })),
    refuse: endpoint("leads:write", SoldOut).route({
      method: "POST",
      path: "/things/refuse",
      tags: ["Test"],
      summary: "Refuse",
    }),
    break: endpoint("leads:write").route({
      method: "POST",
      path: "/things/break",
      tags: ["Test"],
      summary: "Fail by a bug",
    }),
    upload: endpoint("leads:write")
      .route({ method: "POST", path: "/things/upload", tags: ["Test"], summary: "Send a file" })
      .output(z.object({ fileName: z.string().nullable(), bytes: z.int() })),
    mint: secretEndpoint("leads:write", SoldOut)
      .route({ method: "POST", path: "/things/mint", tags: ["Test"], summary: "Make a secret", successStatus: 201 })
      .input(z.object({ name: z.string().min(2) }))
      .output(z.object({ secret: z.string() })),
    get: endpoint("leads:read", NotFound)
      .route({ method: "GET", path: "/things/{thingId}", tags: ["Test"], summary: "Show a thing" })
      .input(z.object({ thingId: z.string(), limit: z.coerce.number().int().max(10).optional() }))
      .output(z.object({ thingId: z.string() })),
    remove: endpoint("leads:delete").route({
      method: "DELETE",
      path: "/things",
      tags: ["Test"],
      summary: "Remove all",
      successStatus: 204,
    }),
    open: endpoint("public")
      .route({ method: "GET", path: "/open", tags: ["Test"], summary: "For anyone" })
      .output(z.object({ open: z.boolean() })),
    mine: endpoint("signed-in")
      .route({ method: "GET", path: "/mine", tags: ["Test"], summary: "For anyone signed in" })
      .output(z.object({ userId: z.string().nullable() })),
  },
};

const os = implement(testContract).$context<RequestContext>();

/** How often each handler has run; `hold` keeps `make` from answering until it resolves. */
export function testModule() {
  const runs = { make: 0, mint: 0, refuse: 0, break: 0 };
  const hold = { until: Promise.resolve() };
  const router = {
    things: {
      make: os.things.make.handler(async ({ context: { ctx }, input }) => {
        runs.make++;
        await hold.until;
        await inTransaction(ctx, (tx) => emit(tx, thingMade, { name: input.name }));
        return { id: `thing-${runs.make}`, name: input.name };
      }),
      mint: os.things.mint.handler(({ input }) => {
        runs.mint++;
        if (input.name === "none") throw SoldOut("The last one went yesterday.");
        return { secret: `secret-of-${input.name}` };
      }),
      refuse: os.things.refuse.handler(() => {
        runs.refuse++;
        throw SoldOut("The last one went yesterday.");
      }),
      break: os.things.break.handler(() => {
        runs.break++;
        throw new TypeError("a secret of the implementation");
      }),
      upload: os.things.upload.handler(async ({ context }) => {
        const upload = await context.upload();
        let bytes = 0;
        for await (const chunk of upload?.stream ?? []) bytes += Buffer.from(chunk).length;
        return { fileName: upload?.fileName ?? null, bytes };
      }),
      get: os.things.get.handler(({ input }) => ({ thingId: input.thingId })),
      remove: os.things.remove.handler(() => undefined),
      open: os.things.open.handler(() => ({ open: true })),
      mine: os.things.mine.handler(({ context }) => ({ userId: context.identity?.userId ?? null })),
    },
  };
  const module: Module = { name: "things", router: router.things };
  return { module, runs, hold };
}
