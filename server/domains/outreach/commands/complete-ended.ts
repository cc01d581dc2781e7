import { forEach } from "#platform/loops.ts";
import { Problem } from "#platform/problems.ts";
import type { Runtime } from "#platform/runtime.ts";
import { listEnded, workspacesWithEndedCampaigns } from "../queries/campaign-rows.ts";
import { completeCampaign } from "./move-campaign.ts";

/** Completes the campaigns whose last day is over, in every workspace: one transaction each. */
export async function completeEnded(runtime: Runtime): Promise<boolean> {
  const over = await workspacesWithEndedCampaigns({ db: runtime.database.forWorkspace("") }, runtime.clock.now());
  return forEach(over, 1, async (workspace) => {
    const ctx = runtime.contextFor(workspace, { kind: "system", id: "outreach.complete-ended" });
    await forEach(await listEnded(ctx), 1, async (campaignId) => {
      try {
        await completeCampaign(ctx, campaignId);
      } catch (error) {
        // Another process, or a person, was first.
        if (!(error instanceof Problem)) throw error;
      }
    });
  });
}
