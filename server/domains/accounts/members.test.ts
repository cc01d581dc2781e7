import { expect, test } from "vitest";
import { asSystem, type Context } from "#platform/context.ts";
import { newToken } from "#platform/ids.ts";
import type { Role } from "#platform/permissions.ts";
import { Problem } from "#platform/problems.ts";
import { testWorld, type World } from "#test/world.ts";
import { userActor } from "./actors.ts";
import { changeRole } from "./commands/change-role.ts";
import { createApiKey } from "./commands/create-api-key.ts";
import { leaveWorkspace, removeMember } from "./commands/remove-member.ts";
import { pageOf } from "#platform/http/endpoint.ts";
import { type Member, memberSchema } from "./contract.ts";
import { countOwners, findMemberByUser, insertMember, type MemberRow } from "./queries/members.ts";
import { insertPerson } from "./queries/people.ts";

/** One more member, and a context that acts as them. */
async function addMember({ ctx }: World, role: Role): Promise<{ member: MemberRow; ctx: Context }> {
  const email = `${role.toLowerCase()}-${newToken(6)}@northwind.example`;
  const person = await insertPerson(ctx.db, { name: `${role} person`, email, passwordHash: null }, ctx.now());
  await insertMember(ctx, person.id, role);
  return { member: await memberOf(ctx, person.id), ctx: { ...ctx, actor: userActor(person, role) } };
}

async function memberOf(ctx: Context, userId: string): Promise<MemberRow> {
  const member = await findMemberByUser(ctx, userId);
  if (!member) throw new Error(`${userId} is not a member`);
  return member;
}

const refusalOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof Problem ? error.definition.code : String(error)),
  );

const eventsOf = async ({ ctx }: World, type: string) =>
  ctx.db
    .selectFrom("events")
    .select(["payload", "actorKind", "actorId"])
    .where("type", "=", type)
    .orderBy("id")
    .execute();

test("of twenty owners demoted or removed at the same moment, one stays", async () => {
  const world = await testWorld();
  const members = [await memberOf(world.ctx, world.owner.id)];
  for (let number = 1; number < 20; number++) members.push((await addMember(world, "OWNER")).member);
  const system = asSystem(world.ctx, "test");

  const refusals = await Promise.all(
    members.map(({ id }, at) => refusalOf(at % 2 === 0 ? changeRole(system, id, "VIEWER") : removeMember(system, id))),
  );
  expect(refusals.filter((code) => code !== null)).toEqual(["last-owner"]);
  expect(await countOwners(world.ctx)).toBe(1);
});

test("two owners who demote each other at once do not leave the workspace without one", async () => {
  const world = await testWorld();
  const me = await memberOf(world.ctx, world.owner.id);
  const other = await addMember(world, "OWNER");
  const refusals = await Promise.all([
    refusalOf(changeRole(world.ctx, other.member.id, "MEMBER")),
    refusalOf(changeRole(other.ctx, me.id, "MEMBER")),
  ]);
  // Whoever came second was no owner any more.
  expect(refusals.filter((code) => code === null)).toHaveLength(1);
  expect(refusals).toContain("owners-only");
  expect(await countOwners(world.ctx)).toBe(1);
});

test("the last owner can neither be demoted, removed nor leave", async () => {
  const world = await testWorld();
  const me = await memberOf(world.ctx, world.owner.id);
  expect(await refusalOf(changeRole(world.ctx, me.id, "ADMIN"))).toBe("last-owner");
  expect(await refusalOf(removeMember(world.ctx, me.id))).toBe("last-owner");
  expect(await refusalOf(leaveWorkspace(world.ctx))).toBe("last-owner");
  expect(await world.request("POST", "/workspace/leave")).toMatchObject({
    status: 409,
    body: {
      code: "last-owner",
      detail: "You are the only owner of this workspace. Make somebody else an owner first.",
    },
  });
});

test("an admin manages everyone but owners", async () => {
  const world = await testWorld();
  const admin = await addMember(world, "ADMIN");
  const viewer = await addMember(world, "VIEWER");
  const owner = await memberOf(world.ctx, world.owner.id);
  expect(await changeRole(admin.ctx, viewer.member.id, "MEMBER")).toMatchObject({ role: "MEMBER" });
  expect(await refusalOf(changeRole(admin.ctx, viewer.member.id, "OWNER"))).toBe("owners-only");
  expect(await refusalOf(changeRole(admin.ctx, owner.id, "VIEWER"))).toBe("owners-only");
  expect(await refusalOf(removeMember(admin.ctx, owner.id))).toBe("owners-only");
  expect(await eventsOf(world, "accounts.role-changed")).toMatchObject([
    {
      payload: { userId: viewer.member.userId, from: "VIEWER", to: "MEMBER" },
      actorKind: "user",
      actorId: admin.member.userId,
    },
  ]);
});

test("members and viewers may look at the members and change nothing", async () => {
  const world = await testWorld();
  const { member } = await addMember(world, "VIEWER");
  for (const as of ["MEMBER", "VIEWER"] as const) {
    expect((await world.request("GET", "/members", { as })).status).toBe(200);
    for (const [method, path, body] of [
      ["PATCH", `/members/${member.id}`, { role: "OWNER" }],
      ["DELETE", `/members/${member.id}`, undefined],
      ["POST", "/invitations", { email: "x@example.com", role: "VIEWER" }],
      ["GET", "/api-keys", undefined],
      ["POST", "/api-keys", { name: "k", scopes: ["leads:read"] }],
      ["PATCH", "/workspace", { name: "Mine" }],
      ["PATCH", "/workspace/settings", { country: "GB" }],
    ] as const) {
      const answer = await world.request(method, path, { as, body });
      expect(answer, `${as} ${method} ${path}`).toMatchObject({ status: 403, body: { code: "not-allowed" } });
    }
  }
});

test("who is removed is out with the next request, and so are the keys they made", async () => {
  const world = await testWorld();
  const admin = await world.as("ADMIN");
  const { key } = await createApiKey(admin, { name: "Zap", scopes: ["members:read"], expiresInDays: null });
  expect((await world.request("GET", "/members", { as: { apiKey: key } })).status).toBe(200);
  expect((await world.request("GET", "/members", { as: "ADMIN" })).status).toBe(200);

  const { id } = await memberOf(world.ctx, admin.actor.id);
  expect((await world.request("DELETE", `/members/${id}`)).status).toBe(204);
  expect(await world.request("GET", "/members", { as: "ADMIN" })).toMatchObject({
    status: 403,
    body: { code: "no-workspace" },
  });
  expect((await world.request("GET", "/members", { as: { apiKey: key } })).status).toBe(401);
  expect(await eventsOf(world, "accounts.api-key-revoked")).toMatchObject([
    { payload: { name: "Zap", because: "member-removed" } },
  ]);
  expect(await eventsOf(world, "accounts.member-removed")).toMatchObject([
    { payload: { userId: admin.actor.id, left: false } },
  ]);
});

test("a changed role counts from the next request on", async () => {
  const world = await testWorld();
  const viewer = await world.as("VIEWER");
  const rename = () => world.request("PATCH", "/workspace", { as: "VIEWER", body: { name: "Renamed" } });
  expect((await rename()).status).toBe(403);
  const { id } = await memberOf(world.ctx, viewer.actor.id);
  expect((await world.request("PATCH", `/members/${id}`, { body: { role: "ADMIN" } })).status).toBe(200);
  expect(await rename()).toMatchObject({ status: 200, body: { name: "Renamed" } });
});

test("members of another workspace are not there", async () => {
  const [world, other] = [await testWorld(), await testWorld()];
  const { member } = await addMember(other, "VIEWER");
  expect((await world.request("PATCH", `/members/${member.id}`, { body: { role: "OWNER" } })).status).toBe(404);
  expect((await world.request("DELETE", `/members/${member.id}`)).status).toBe(404);
  const list = await world.request("GET", "/members");
  expect(list.text).not.toContain(member.email);
  expect(list.text).not.toContain(other.owner.id);
});

test("the list pages through everyone once, in the order they joined, and finds by name or address", async () => {
  const world = await testWorld();
  const added: string[] = [];
  for (let number = 0; number < 5; number++) {
    world.clock.advance(number === 2 ? 0 : 1_000);
    added.push((await addMember(world, "MEMBER")).member.id);
  }
  const seen: Member[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const answer = await world.request("GET", `/members?limit=2${cursor && `&cursor=${cursor}`}`);
    const page = pageOf(memberSchema).parse(answer.body);
    seen.push(...page.data);
    cursor = page.next_cursor;
  }
  expect(seen.map(({ userId }) => userId)[0]).toBe(world.owner.id);
  expect(seen.slice(1).map(({ id }) => id)).toEqual(added);
  expect(seen.filter(({ isYou }) => isYou).map(({ userId }) => userId)).toEqual([world.owner.id]);

  expect(await world.request("GET", "/members?q=OLIVE")).toMatchObject({ body: { data: [{ name: "Olive Owner" }] } });
  expect(await world.request("GET", "/members?q=100%25")).toMatchObject({ body: { data: [] } });
  expect(await world.request("GET", "/members?role=OWNER")).toMatchObject({ body: { data: [{ role: "OWNER" }] } });
  expect((await world.request("GET", "/members?cursor=nonsense")).status).toBe(422);
});
