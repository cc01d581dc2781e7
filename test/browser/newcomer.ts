import { onTestFinished } from "vitest";
import { createWorkspaceWithOwner, updateSettings } from "#domains/accounts/index.ts";
import { forgetWorkspace } from "#test/database.ts";
import type { World } from "#test/world.ts";
import { ANY_HOUR } from "./sample-workspace.ts";

export type Login = { email: string; password: string };

/** A workspace with nothing in it that may send at any hour, and the login of its owner. Gone when the test ends. */
export async function makeNewcomer(world: World): Promise<Login> {
  const login = { email: "nora@northwind.example", password: "correct horse battery" };
  const { ctx, workspaceId } = await createWorkspaceWithOwner(world.runtime, {
    workspaceName: "Northwind",
    name: "Nora Owner",
    ...login,
  });
  onTestFinished(async () => {
    await forgetWorkspace(world.app.ownerPool, workspaceId);
    await ctx.db.deleteFrom("users").where("email", "=", login.email).execute();
  });
  await updateSettings(ctx, {
    senderName: "Northwind",
    senderEmail: login.email,
    postalAddress: "1 Main Street, Springfield",
    country: "US",
    sendWindow: ANY_HOUR,
  });
  return login;
}
