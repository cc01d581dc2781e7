import { allow, type Context, inTransaction } from "../../context.ts";
import { emit } from "../../events.ts";
import { NotFound } from "../../problems.ts";
import type { Runtime } from "../../runtime.ts";
import { integrationRemoved } from "../messages.ts";
import { deleteIntegration, findIntegration, lockIntegrations } from "../queries.ts";

/** Forgets a vendor and its credentials. Callbacks about messages it was handed are refused from now on. */
export async function removeIntegration(runtime: Runtime, ctx: Context, id: string): Promise<void> {
  allow(ctx, "integrations:write");
  await inTransaction(ctx, async (tx) => {
    await lockIntegrations(tx);
    const row = await findIntegration(tx, id);
    if (!row) throw NotFound();
    await deleteIntegration(tx, id);
    await emit(
      tx,
      integrationRemoved,
      { integrationId: id, provider: row.provider, type: row.type },
      { subjectId: id },
    );
  });
  runtime.providers.forget(ctx.workspace);
}
