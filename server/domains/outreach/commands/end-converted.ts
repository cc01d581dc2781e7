import { type Context, inTransaction } from "#platform/context.ts";
import { lockLeads } from "#domains/leads/index.ts";
import { end } from "../engine/end.ts";
import { settingsOf } from "../engine/terms.ts";
import { lockOpenEnrollments } from "../queries/engine.ts";

/** A lead has become a customer: they leave every sequence that is not meant for customers, as CONVERTED. */
export async function endConverted(ctx: Context, { leadId }: { leadId: string }): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    await lockLeads(tx, [leadId], { wait: true });
    const open = await lockOpenEnrollments(tx, { leadIds: [leadId] });
    await end(
      tx,
      open.filter(({ settings }) => !settingsOf(settings).allowStatuses?.includes("CONVERTED")),
      "converted",
    );
  });
}
