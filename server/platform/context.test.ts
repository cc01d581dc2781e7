import { expect, test } from "vitest";
import { testWorld } from "#test/world.ts";
import { type Actor, allow, asSystem, inRetriedTransaction, inTransaction } from "./context.ts";
import { newId } from "./ids.ts";
import type { Permission } from "./permissions.ts";
import { NotAllowed, NotSignedIn, Problem } from "./problems.ts";

const refusalOf = (work: () => void): string | null => {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof Problem) return error.definition.code;
    throw error;
  }
};

test("a command lets in whoever has the permission, our own work and a vendor's word, and nobody else", async () => {
  const { ctx } = await testWorld();
  const asked = (actor: Actor) => refusalOf(() => allow({ ...ctx, actor }, "leads:write"));
  const withPermissions = (kind: "user" | "api_key", ...permissions: Permission[]): Actor => ({
    kind,
    id: "x",
    name: "X",
    permissions: new Set(permissions),
  });
  expect(asked(withPermissions("user", "leads:write"))).toBeNull();
  expect(asked(withPermissions("api_key", "leads:write", "leads:read"))).toBeNull();
  expect(asked(withPermissions("user", "leads:read"))).toBe(NotAllowed.definition.code);
  expect(asked(withPermissions("api_key"))).toBe(NotAllowed.definition.code);
  expect(asked({ kind: "system", id: "a.job" })).toBeNull();
  expect(asked({ kind: "vendor", id: "twilio" })).toBeNull();
  expect(asked({ kind: "recipient", id: "msg_1" })).toBe(NotSignedIn.definition.code);
});

test("a transaction within a transaction is the same one: the outer decides", async () => {
  const { ctx } = await testWorld();
  const insert = (name: string) =>
    inTransaction(ctx, (tx) =>
      tx.db
        .insertInto("tags")
        .values({ id: newId("tag"), workspaceId: tx.workspace, name, nameKey: name })
        .execute(),
    );
  await insert("kept");
  await inTransaction(ctx, async (outer) => {
    await inTransaction(outer, async (inner) => {
      expect(inner).toBe(outer);
      await inner.db
        .insertInto("tags")
        .values({ id: newId("tag"), workspaceId: inner.workspace, name: "lost", nameKey: "lost" })
        .execute();
    });
    throw new Error("no");
  }).catch(() => undefined);
  const names = await ctx.db.selectFrom("tags").select("name").execute();
  expect(names).toEqual([{ name: "kept" }]);
});

test("a workspace sees and writes its own rows only, whatever the query says", async () => {
  const [here, there] = [await testWorld(), await testWorld()];
  await there.ctx.db
    .insertInto("tags")
    .values({ id: newId("tag"), workspaceId: there.workspace, name: "theirs", nameKey: "theirs" })
    .execute();
  expect(await here.ctx.db.selectFrom("tags").selectAll().where("workspaceId", "=", there.workspace).execute()).toEqual(
    [],
  );
  const smuggled = here.ctx.db
    .insertInto("tags")
    .values({ id: newId("tag"), workspaceId: there.workspace, name: "x", nameKey: "x" });
  await expect(smuggled.execute()).rejects.toThrow("row-level security");
  const { numUpdatedRows } = await here.ctx.db.updateTable("tags").set({ name: "stolen" }).executeTakeFirstOrThrow();
  expect(numUpdatedRows).toBe(0n);
});

test("connections that change hands between workspaces never mix them up", async () => {
  const worlds = await Promise.all([testWorld(), testWorld(), testWorld()]);
  await Promise.all(
    worlds.map((world) =>
      world.ctx.db
        .insertInto("tags")
        .values({ id: newId("tag"), workspaceId: world.workspace, name: world.workspace, nameKey: "k" })
        .execute(),
    ),
  );
  // Far more queries at once than connections, in a changing order.
  const asked = Array.from({ length: 300 }, (_none, at) => worlds[(at * 7) % 3] ?? worlds[0]);
  const answers = await Promise.all(
    asked.map(async (world) => ({ world, rows: await world.ctx.db.selectFrom("tags").select("name").execute() })),
  );
  for (const { world, rows } of answers) expect(rows).toEqual([{ name: world.workspace }]);
});

test("acting as our own work keeps the workspace and changes the name on the event", async () => {
  const { ctx, workspace } = await testWorld();
  expect(asSystem(ctx, "test.job")).toMatchObject({ workspace, actor: { kind: "system", id: "test.job" } });
});

test("work that must not be lost begins again when it collides, leaves nothing of the tries that lost, and gives up in the end", async () => {
  const { ctx, workspace } = await testWorld();
  const collision = Object.assign(new Error("deadlock detected"), { code: "40P01" });
  const tagged = async (word: string, losses: number) => {
    let tries = 0;
    await inRetriedTransaction(ctx, async (tx) => {
      const name = `${word} ${tries}`;
      await tx.db
        .insertInto("tags")
        .values({ id: newId("tag"), workspaceId: workspace, name, nameKey: name })
        .execute();
      if (tries++ < losses) throw collision;
    });
  };
  await tagged("settled", 2);
  expect(await ctx.db.selectFrom("tags").select("name").execute()).toEqual([{ name: "settled 2" }]);
  await expect(tagged("hopeless", Infinity)).rejects.toBe(collision);
  await expect(inTransaction(ctx, () => inRetriedTransaction(ctx, () => Promise.reject(collision)))).rejects.toBe(
    collision,
  );
});
