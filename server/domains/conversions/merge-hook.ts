import { z } from "zod";
import type { MergeHook } from "#domains/leads/index.ts";
import { countConversions, giveConversions } from "./queries/conversions.ts";

const movedSchema = z.object({ conversions: z.array(z.string()) });

/** What came of a merged lead came of the survivor. */
export const conversionsMergeHook: MergeHook = {
  name: "conversions",
  tables: ["conversions"],
  count: async (ctx, leadId) => ({ conversions: await countConversions(ctx, leadId) }),
  move: async (tx, { survivorId, otherId }) => ({ conversions: await giveConversions(tx, otherId, survivorId) }),
  undo: async (tx, { survivorId, otherId }, moved) => {
    await giveConversions(tx, survivorId, otherId, movedSchema.parse(moved).conversions);
  },
};
