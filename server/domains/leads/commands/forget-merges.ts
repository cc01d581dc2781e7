import type { Runtime } from "#platform/runtime.ts";
import { forgetSnapshots } from "../queries/merges.ts";
import { MERGE_UNDO_DAYS } from "../rules.ts";

const DAY_MS = 86_400_000;

/** In each workspace: what merges keep to be undone by goes when they no longer can be. */
export async function forgetMerges(runtime: Runtime): Promise<boolean> {
  const { db } = runtime.contextFor("", { kind: "system", id: "leads.forget-merges" });
  const before = new Date(runtime.clock.now().getTime() - MERGE_UNDO_DAYS * DAY_MS);
  for (const { id } of await db.selectFrom("workspaces").select("id").execute())
    await forgetSnapshots(runtime.contextFor(id, { kind: "system", id: "leads.forget-merges" }), before);
  return false;
}
