import { hashPassword } from "better-auth/crypto";
import { allow, type Context } from "#platform/context.ts";
import { setFirstPassword } from "../queries/people.ts";

/** Lets a person without a password sign in from now on; false when they have one, which nobody sets for them. */
export async function givePassword(ctx: Context, userId: string, password: string): Promise<boolean> {
  allow(ctx, "members:write");
  return setFirstPassword(ctx.db, userId, await hashPassword(password), ctx.now());
}
