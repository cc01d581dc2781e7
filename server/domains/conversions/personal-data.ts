import type { PersonalDataHook } from "#domains/leads/index.ts";
import { blankConversions, exportConversions } from "./queries/conversions.ts";

/** What came of a person. Sales stay in the books; the ids by which others know the person go. */
export const conversionsPersonalData: PersonalDataHook = {
  name: "conversions",
  tables: ["conversions"],
  exportOf: async (ctx, { leadIds }) => ({ conversions: await exportConversions(ctx, leadIds) }),
  erase: async (tx, { leadIds }) => ({ counts: { conversions: await blankConversions(tx, leadIds) } }),
};
