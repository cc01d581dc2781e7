import { allow, inTransaction, type Context } from "#platform/context.ts";
import { MappingNotFound } from "../problems.ts";
import { deleteSavedMapping } from "../queries/imports.ts";

/** Forgets a saved mapping; imports that used it keep theirs. */
export async function deleteMapping(ctx: Context, mappingId: string): Promise<void> {
  allow(ctx, "leads:import");
  await inTransaction(ctx, async (tx) => {
    if (!(await deleteSavedMapping(tx, mappingId))) throw MappingNotFound();
  });
}
