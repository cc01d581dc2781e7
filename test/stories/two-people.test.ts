import { expect, test } from "vitest";
import { z } from "zod";
import { problemSchema } from "#platform/problems.ts";
import { listMemberNames } from "#domains/accounts/index.ts";
import { type Method, type World, testWorld } from "#test/world.ts";

const versioned = z.looseObject({ updatedAt: z.string() });

type Resource = {
  /** Makes one, and says where it is read (in a list, by its id `find`), how it is changed, and to what. */
  make: (
    world: World,
  ) => Promise<{ read: string; method?: Method; find?: string; change: string; bodies: readonly [object, object] }>;
};

async function made(world: World, path: string, body: object): Promise<string> {
  const reply = await world.request("POST", path, { body });
  expect(reply, reply.text).toMatchObject({ status: 201 });
  return z.object({ id: z.string() }).parse(reply.body).id;
}

const listed = z.object({ data: z.array(z.looseObject({ id: z.string() })) });

async function stateOf(world: World, read: string, find?: string): Promise<{ updatedAt: string }> {
  const { body } = await world.request("GET", read);
  return versioned.parse(find === undefined ? body : listed.parse(body).data.find(({ id }) => id === find));
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
  "a tag": async (world) => {
    const id = await made(world, "/tags", { name: "A" });
    return { read: "/tags", find: id, change: `/tags/${id}`, bodies: named };
  },
  "a field of the workspace's own": async (world) => {
    const id = await made(world, "/custom-fields", { label: "A", type: "text" });
    return {
      read: "/custom-fields",
      find: id,
      change: `/custom-fields/${id}`,
      bodies: [{ label: "One" }, { label: "Two" }],
    };
  },
  "a saved filter": async (world) => {
    const path = `/saved-filters/${await made(world, "/saved-filters", { name: "A", filter: {} })}`;
    return { read: path, change: path, bodies: named };
  },
  "a sender": async (world) => {
    const path = `/senders/${await made(world, "/senders", { channel: "SMS", address: "+12025550142" })}`;
    return { read: path, change: path, bodies: [{ perDay: 11 }, { perDay: 12 }] };
  },
  "the rules of the score": async () => {
    const one = { rules: [], halfLifeDays: 11 };
    return { read: "/score-rules", method: "PUT", change: "/score-rules", bodies: [one, { ...one, halfLifeDays: 12 }] };
  },
  "the workspace's name": async (world) => ({
    read: "/workspaces",
    find: world.ctx.workspace,
    change: "/workspace",
    bodies: named,
  }),
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
    const { read, find, method = "PATCH", change, bodies } = await make(world);
    const stateNow = () => stateOf(world, read, find);
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
  const { read, find, method = "PATCH", change, bodies } = await make(world);
  const { updatedAt: expectedUpdatedAt } = await stateOf(world, read, find);
  const body = { ...bodies[0], expectedUpdatedAt };
  const replies = await Promise.all(Array.from({ length: 10 }, () => world.request(method, change, { body })));
  const statuses = replies.map(({ status }) => status).toSorted((a, b) => a - b);
  expect(statuses).toEqual([200, ...Array.from({ length: 9 }, () => 409)]);
});

const text = { channel: "SMS", delayValue: 1 } as const;

/** What may be done with a sequence or a script as a whole, and by what somebody else changes it first. */
const WHOLES: Record<
  string,
  (world: World) => Promise<{ read: string; meanwhile: [Method, string, object]; act: string }>
> = {
  "a sequence is activated": async (world) => {
    const script = await made(world, "/scripts", { name: "A", type: "SMS", content: "Hello" });
    const read = `/sequences/${await made(world, "/sequences", { name: "A" })}`;
    await world.request("PUT", `${read}/steps`, { body: { steps: [{ ...text, scriptId: script }] } });
    const more = {
      steps: [
        { ...text, scriptId: script },
        { ...text, scriptId: script },
      ],
    };
    return { read, meanwhile: ["PUT", `${read}/steps`, more], act: `${read}/activate` };
  },
  "a draft is given up": async (world) => {
    const script = await made(world, "/scripts", { name: "A", type: "SMS", content: "Hello" });
    const read = `/sequences/${await made(world, "/sequences", { name: "A" })}`;
    const steps = (count: number) => ({ steps: Array.from({ length: count }, () => ({ ...text, scriptId: script })) });
    await world.request("PUT", `${read}/steps`, { body: steps(1) });
    expect(await world.request("POST", `${read}/activate`)).toMatchObject({ status: 200 });
    await world.request("PUT", `${read}/steps`, { body: steps(2) });
    return { read, meanwhile: ["PUT", `${read}/steps`, steps(3)], act: `${read}/discard-changes` };
  },
  "earlier words are put back": async (world) => {
    const read = `/scripts/${await made(world, "/scripts", { name: "A", type: "SMS", content: "Hello" })}`;
    await world.request("PATCH", read, { body: { content: "Hello again" } });
    return { read, meanwhile: ["PATCH", read, { content: "Good day" }], act: `${read}/versions/1/restore` };
  },
};

test.for(Object.entries(WHOLES))(
  "when %s, what somebody else has added since it was looked at is neither taken along nor lost",
  async ([, make]) => {
    const world = await testWorld();
    const { read, meanwhile, act } = await make(world);
    const { updatedAt: expectedUpdatedAt } = await stateOf(world, read);
    const [method, path, body] = meanwhile;
    expect(await world.request(method, path, { body, as: "ADMIN" })).toMatchObject({ status: 200 });
    const between = await stateOf(world, read);
    expect(await world.request("POST", act, { body: { expectedUpdatedAt } })).toMatchObject({
      status: 409,
      body: { code: "changed-elsewhere" },
    });
    expect(await stateOf(world, read)).toEqual(between);
    const informed = { expectedUpdatedAt: between.updatedAt };
    expect(await world.request("POST", act, { body: informed })).toMatchObject({ status: 200 });
  },
);

test("who publishes a draft that somebody else has changed since the preview is told who, and nothing is published", async () => {
  const world = await testWorld();
  const script = await made(world, "/scripts", { name: "A", type: "SMS", content: "Hello" });
  const path = `/sequences/${await made(world, "/sequences", { name: "A" })}`;
  const put = (count: number, as: "OWNER" | "ADMIN" = "OWNER") =>
    world.request("PUT", `${path}/steps`, {
      body: { steps: Array.from({ length: count }, () => ({ ...text, scriptId: script })) },
      as,
    });
  await put(1);
  await world.request("POST", `${path}/activate`);
  await put(2);
  const preview = await world.request("GET", `${path}/publish-preview`);
  const { seen } = z.object({ seen: z.string() }).parse(preview.body);
  await put(3, "ADMIN");
  const { data } = z
    .object({ data: z.array(z.object({ role: z.string(), name: z.string() })) })
    .parse((await world.request("GET", "/members")).body);
  const refused = await world.request("POST", `${path}/publish`, { body: { seen } });
  expect(refused).toMatchObject({ status: 409, body: { code: "publish-preview-outdated" } });
  expect(problemSchema.parse(refused.body).detail).toBe(
    `${data.find(({ role }) => role === "ADMIN")?.name} changed the draft since.`,
  );
  expect((await world.request("GET", path)).body).toMatchObject({ version: 1 });
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
