import { type Context, inTransaction } from "#platform/context.ts";
import { lockLeads } from "#domains/leads/index.ts";
import { end } from "../engine/end.ts";
import { endsBy } from "../engine/stop-rules.ts";
import { settingsOf } from "../engine/terms.ts";
import { lockOpenEnrollments } from "../queries/engine.ts";

/** Leads have become customers: they leave every sequence that is not meant for customers, as CONVERTED. The caller holds the leads' locks. */
export async function leaveAsCustomers(tx: Context, leadIds: readonly string[]): Promise<void> {
  const open = await lockOpenEnrollments(tx, { leadIds });
  await end(
    tx,
    open.filter(({ settings }) => endsBy("converted", settingsOf(settings))),
    "converted",
  );
}

/** The same for a lead whose status was set to CONVERTED, by whomever. */
export async function endConverted(ctx: Context, { leadId }: { leadId: string }): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    await lockLeads(tx, [leadId], { wait: true });
    await leaveAsCustomers(tx, [leadId]);
  });
}
