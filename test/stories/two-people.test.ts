import { expect, test } from "vitest";
import { z } from "zod";
import { problemSchema } from "#platform/problems.ts";
import { listMemberNames } from "#domains/accounts/index.ts";
import { type Method, type World, testWorld } from "#test/world.ts";

const versioned = z.looseObject({ updatedAt: z.string() });

type Resource = {
  /** Makes one, and says where it is read, how it is changed, and to what. */
  make: (world: World) => Promise<{ read: string; method?: Method; change: string; bodies: readonly [object, object] }>;
};

async function made(world: World, path: string, body: object): Promise<string> {
  const reply = await world.request("POST", path, { body });
  expect(reply, reply.text).toMatchObject({ status: 201 });
  return z.object({ id: z.string() }).parse(reply.body).id;
}

const named = [{ name: "One" }, { name: "Two" }] as const;

const RESOURCES: Record<string, Resource["make"]> = {
  "a script": async (world) => {
    const path = `/scripts/${await made(world, "/scripts", { name: "A", type: "SMS", content: "Hello" })}`;
    return { read: path, change: path, bodies: [{ content: "One" }, { content: "Two" }] };
  },
  "a sequence": async (world) => {
    const path = `/sequences/${await made(world, "/sequences", { name: "A" })}`;
    return { read: path, change: path, bodies: named };
  },
  "the draft of a sequence": async (world) => {
    const path = `/sequences/${await made(world, "/sequences", { name: "A" })}`;
    const one = [{ channel: "SMS" }];
    return { read: path, method: "PUT", change: `${path}/steps`, bodies: [{ steps: one }, { steps: [] }] };
  },
  "a campaign": async (world) => {
    const path = `/campaigns/${await made(world, "/campaigns", { name: "A" })}`;
    return { read: path, change: path, bodies: named };
  },
  "a form": async (world) => {
    const path = `/intake-sources/${await made(world, "/intake-sources", { kind: "form", name: "A" })}`;
    return { read: path, change: path, bodies: named };
  },
  "the settings": async () => {
    const path = "/workspace/settings";
    return { read: path, change: path, bodies: [{ senderName: "One" }, { senderName: "Two" }] };
  },
  "a lead": async (world) => {
    const path = `/leads/${(await world.make.lead()).id}`;
    return { read: path, change: path, bodies: [{ company: "One" }, { company: "Two" }] };
  },
};

const resources = Object.entries(RESOURCES);

test.for(resources)(
  "of two people who change %s from one state the second is told who changed it and when, and nothing of it is written",
  async ([, make]) => {
    const world = await testWorld();
    const { read, method = "PATCH", change, bodies } = await make(world);
    const stateNow = async () => versioned.parse((await world.request("GET", read)).body);
    const { updatedAt: expectedUpdatedAt } = await stateNow();

    const first = await world.request(method, change, { body: { ...bodies[0], expectedUpdatedAt }, as: "ADMIN" });
    expect(first, first.text).toMatchObject({ status: 200 });
    const between = await stateNow();
    // Not a minute has passed on this clock: two states are told apart all the same.
    expect(between.updatedAt).not.toBe(expectedUpdatedAt);

    const second = await world.request(method, change, { body: { ...bodies[1], expectedUpdatedAt } });
    expect(second, second.text).toMatchObject({ status: 409, body: { code: "changed-elsewhere" } });
    const { changed_at, changed_by } = problemSchema.parse(second.body);
    expect(changed_at).toBe(world.clock.now().toISOString());
    const [name] = (await listMemberNames(world.ctx, [changed_by?.id ?? ""])).values();
    expect(changed_by).toMatchObject({ kind: "user", name });
    expect(await stateNow()).toEqual(between);

    const { updatedAt } = between;
    const informed = { ...bodies[1], expectedUpdatedAt: updatedAt };
    expect(await world.request(method, change, { body: informed })).toMatchObject({ status: 200 });
    // Who does not say what they expect writes over whatever is there.
    expect(await world.request(method, change, { body: bodies[0] })).toMatchObject({ status: 200 });
  },
);

test.for(resources)("of ten changes of %s made from one state at one moment one is carried out", async ([, make]) => {
  const world = await testWorld();
  const { read, method = "PATCH", change, bodies } = await make(world);
  const { updatedAt: expectedUpdatedAt } = versioned.parse((await world.request("GET", read)).body);
  const body = { ...bodies[0], expectedUpdatedAt };
  const replies = await Promise.all(Array.from({ length: 10 }, () => world.request(method, change, { body })));
  const statuses = replies.map(({ status }) => status).toSorted((a, b) => a - b);
  expect(statuses).toEqual([200, ...Array.from({ length: 9 }, () => 409)]);
});

test("an instant written in another zone is the same expectation, and one that is none is refused", async () => {
  const world = await testWorld();
  const path = `/leads/${(await world.make.lead()).id}`;
  const { updatedAt } = versioned.parse((await world.request("GET", path)).body);
  const elsewhere = new Date(Date.parse(updatedAt) + 2 * 3_600_000).toISOString().replace("Z", "+02:00");
  const body = { company: "One", expectedUpdatedAt: elsewhere };
  expect(await world.request("PATCH", path, { body })).toMatchObject({ status: 200 });
  expect(
    await world.request("PATCH", path, { body: { company: "Two", expectedUpdatedAt: "yesterday" } }),
  ).toMatchObject({ status: 422, body: { code: "invalid-request" } });
});
