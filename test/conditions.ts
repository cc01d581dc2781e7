import { sql } from "kysely";
import { insertVersion } from "#domains/outreach/queries/version-rows.ts";
import type { World } from "./world.ts";

/** Three mails, the first at once, the others two days after the one before. */
export const MAILS = [
  { channel: "EMAIL", value: 0, unit: "HOURS" },
  { channel: "EMAIL", value: 2, unit: "DAYS" },
  { channel: "EMAIL", value: 2, unit: "DAYS" },
] as const;

/** Gives the sequence's step of this place conditions, as they are stored, in a version for whoever comes in later. */
export async function ask(
  { ctx }: Pick<World, "ctx">,
  sequenceId: string,
  stepOrder: number,
  conditions: Record<string, unknown>,
): Promise<void> {
  await ctx.db
    .updateTable("sequenceSteps")
    .set({ conditions: sql<Record<string, unknown>>`${JSON.stringify(conditions)}::jsonb` })
    .where("sequenceId", "=", sequenceId)
    .where("stepOrder", "=", stepOrder)
    .execute();
  await insertVersion(ctx, sequenceId, null);
}

/** Conditions that must all be so. */
export const only = (...all: unknown[]) => ({ version: 1, all });
