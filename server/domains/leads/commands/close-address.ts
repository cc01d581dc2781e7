import { allow, type Context } from "#platform/context.ts";
import { Invalid } from "#platform/problems.ts";
import { getWorkspaceSettings } from "#domains/accounts/index.ts";
import type { IdentityKind } from "../address.ts";
import { normaliseAddress } from "../lead-fields.ts";
import type { SuppressionScope } from "../rules.ts";
import { suppress } from "./suppress.ts";

/** Closes an address by a person's decision, in whatever way it is written. */
export async function closeAddress(
  ctx: Context,
  input: { kind: IdentityKind; address: string; scope: SuppressionScope; evidence?: string },
) {
  allow(ctx, "suppressions:write");
  const { kind, address, scope, evidence = null } = input;
  const { country } = await getWorkspaceSettings(ctx);
  const read = normaliseAddress(kind, address, { workspaceCountry: country });
  if (!read.ok) throw Invalid(undefined, [{ pointer: "/address", detail: read.reason }]);
  const id = await suppress(ctx, { kind, value: read.value, reason: "MANUAL", scope, evidence });
  return { kind, value: read.value, scope, isNew: id !== null };
}
