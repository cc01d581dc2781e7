import { allow, type Context, inTransaction } from "../../context.ts";
import { emit } from "../../events.ts";
import { NotFound } from "../../problems.ts";
import type { Runtime } from "../../runtime.ts";
import { integrationDisabled, integrationEnabled } from "../messages.ts";
import { findIntegration, type IntegrationRow, lockIntegrations, setActive } from "../queries.ts";

/** Sends a channel through this vendor, instead of another of its type. */
export const enableIntegration = (runtime: Runtime, ctx: Context, id: string) => switchTo(runtime, ctx, id, true);

/** Sends nothing through this vendor. Its channel is silent until one is enabled: the sandbox does not step in for a vendor that was switched off. */
export const disableIntegration = (runtime: Runtime, ctx: Context, id: string) => switchTo(runtime, ctx, id, false);

async function switchTo(runtime: Runtime, ctx: Context, id: string, isActive: boolean): Promise<IntegrationRow> {
  allow(ctx, "integrations:write");
  const row = await inTransaction(ctx, async (tx) => {
    await lockIntegrations(tx);
    const before = await findIntegration(tx, id);
    if (!before) throw NotFound();
    if (before.isActive === isActive) return before;
    const about = { integrationId: id, provider: before.provider, type: before.type };
    if (isActive) await switchOn(tx, before);
    else await setActive(tx, before, false);
    await emit(tx, isActive ? integrationEnabled : integrationDisabled, about, { subjectId: id });
    return { ...before, isActive, updatedAt: tx.now() };
  });
  runtime.providers.forget(ctx.workspace);
  return row;
}

/** Switches one on and tells of those that had to give way. */
export async function switchOn(tx: Context, row: Pick<IntegrationRow, "id" | "type">): Promise<void> {
  for (const other of await setActive(tx, row, true)) {
    const about = { integrationId: other.id, provider: other.provider, type: row.type };
    await emit(tx, integrationDisabled, about, { subjectId: other.id });
  }
}
